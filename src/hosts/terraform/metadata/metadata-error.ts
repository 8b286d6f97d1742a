import { AirlockError } from "../../../protocol/airlock-error.js";

/** What can be wrong with stored metadata. */
export const METADATA_ERROR_CODES = [
  /** The sidecar cannot be read or written, or is not of its form. */
  "METADATA_SIDECAR",
  /** More than an integration may store for one resource. */
  "METADATA_TOO_LARGE",
  /** A newer version of the integration stored it than the one that runs. */
  "METADATA_NEWER",
  /** What stands under our key of a resource is not ours, or damaged. */
  "METADATA_FOREIGN",
  /** Core did not give the state, or did not take it. */
  "METADATA_STATE",
  /** A pattern, a query or a file of a command is wrong, or names what is not there. */
  "METADATA_ARGUMENTS",
] as const;

export type MetadataErrorCode = (typeof METADATA_ERROR_CODES)[number];

/** What is wrong with stored metadata, and where that is known, of which integration and resource. */
export class MetadataError extends AirlockError<MetadataErrorCode> {}
