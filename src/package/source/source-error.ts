import { AirlockError } from "../../protocol/airlock-error.js";

/** What can be wrong with a source, by its text alone. */
export const SOURCE_ERROR_CODES = [
  /** It names another machine, but not in a form that is known. */
  "SOURCE_MALFORMED",
  /** An address of an archive without the digest that it must have. */
  "SOURCE_UNPINNED",
  /** An address without TLS, or with credentials in it. */
  "SOURCE_INSECURE",
] as const;

export type SourceErrorCode = (typeof SOURCE_ERROR_CODES)[number];

/** A text is no source of an integration. */
export class SourceError extends AirlockError<SourceErrorCode> {}
