import { AirlockError } from "../../protocol/airlock-error.js";

/** Why a file is no plan that can be checked. */
export const PLAN_ERROR_CODES = [
  /** It does not exist, is a folder, must not be read, or was changed while it was read. */
  "PLAN_NOT_READABLE",
  /** It, or one value in it, is over the allowed size. */
  "PLAN_TOO_LARGE",
  /** It holds nothing. */
  "PLAN_EMPTY",
  /** It is a saved plan file (`-out`), not its JSON. */
  "PLAN_BINARY",
  /** It is not UTF-8. */
  "PLAN_ENCODING",
  /** It is not JSON, or only the start of it. */
  "PLAN_NOT_JSON",
  /** It nests deeper than any plan does. */
  "PLAN_TOO_DEEP",
  /** It is a state, not a plan. */
  "PLAN_IS_STATE",
  /** It is of a format that this version does not know. */
  "PLAN_FORMAT_VERSION",
  /** It is JSON, but not that of a plan. */
  "PLAN_INVALID",
] as const;

export type PlanErrorCode = (typeof PLAN_ERROR_CODES)[number];

/** What was given is no plan. Its message never quotes the file: a plan holds secrets. */
export class PlanError extends AirlockError<PlanErrorCode> {}

/** The command that gives what `airlock check` reads. */
export const SHOW_JSON = "tofu show -json FILE > plan.json (or the same with terraform)";
