import { AirlockError } from "../../../protocol/airlock-error.js";

/** Why core cannot be found or asked. */
export const CORE_ERROR_CODES = [
  /** Neither what was named nor `tofu` nor `terraform` is there. */
  "CORE_NOT_FOUND",
  /** It is there, but may not be executed, or the system cannot start it. */
  "CORE_NOT_EXECUTABLE",
  /** It does not say which core it is, or is older than Airlock can drive. */
  "CORE_UNUSABLE",
  /** A question to core (`show -json`, `state pull` …) ended with an error of core's own. */
  "CORE_FAILED",
  /** Core's answer to a question is over the allowed size, or took too long. */
  "CORE_LIMIT",
  /** A command line that core cannot read either. */
  "CORE_ARGUMENTS",
] as const;

export type CoreErrorCode = (typeof CORE_ERROR_CODES)[number];

/** Core cannot be found, started or asked. */
export class CoreError extends AirlockError<CoreErrorCode> {}
