/** The output formats of `airlock check`; apart from what writes them, so that to name them loads none of it. */
export const REPORT_FORMATS = ["text", "json"] as const;
export type ReportFormat = (typeof REPORT_FORMATS)[number];
