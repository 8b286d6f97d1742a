/** The output formats of `airlock metadata list`; apart from what writes them, so that to name them loads none of it. */
export const METADATA_FORMATS = ["table", "json", "csv"] as const;
export type MetadataFormat = (typeof METADATA_FORMATS)[number];
