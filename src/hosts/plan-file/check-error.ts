import { AirlockError } from "../../protocol/airlock-error.js";

/** Why a check came to no result. */
export const CHECK_ERROR_CODES = [
  /** It was told to stop. */
  "CHECK_INTERRUPTED",
  /** Its results are too many for memory, and the temporary folder does not take them. */
  "CHECK_NO_ROOM",
] as const;

export type CheckErrorCode = (typeof CHECK_ERROR_CODES)[number];

/** A check ended without a result; nothing is known about the plan. */
export class CheckError extends AirlockError<CheckErrorCode> {}
