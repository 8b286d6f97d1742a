import { AirlockError } from "../../protocol/airlock-error.js";

/** What can be wrong with versions and constraints. */
export const VERSION_ERROR_CODES = [
  /** Not a version: `MAJOR.MINOR.PATCH`, maybe with a pre-release and build metadata. */
  "VERSION_MALFORMED",
  /** Not a version constraint in Terraform's form. */
  "VERSION_CONSTRAINT_MALFORMED",
] as const;

export type VersionErrorCode = (typeof VERSION_ERROR_CODES)[number];

/** A text is no version, or no constraint. */
export class VersionError extends AirlockError<VersionErrorCode> {}
