import { AirlockError } from "../../../protocol/airlock-error.js";

/** What can be wrong with the records that core keeps: plan files and states. */
export const RECORDS_ERROR_CODES = [
  /** A plan file that is no archive, is damaged, or is larger than what is read. */
  "RECORDS_PLAN_FILE",
  /** A state that is not in the form that core writes. */
  "RECORDS_STATE",
] as const;

export type RecordsErrorCode = (typeof RECORDS_ERROR_CODES)[number];

/** A plan file or a state cannot be read. */
export class RecordsError extends AirlockError<RecordsErrorCode> {}
