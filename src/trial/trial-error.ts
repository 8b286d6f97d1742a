import { AirlockError } from "../protocol/airlock-error.js";

/** Why `airlock bench` has no figures of an integration. */
export const TRIAL_ERROR_CODES = [
  /** It did not start. */
  "TRIAL_NOT_STARTED",
  /** It wants none of the plan's events. */
  "TRIAL_NO_EVENTS",
  /** None of its calls ended in a verdict. */
  "TRIAL_BROKEN",
] as const;

export type TrialErrorCode = (typeof TRIAL_ERROR_CODES)[number];

/** An integration cannot be measured. */
export class TrialError extends AirlockError<TrialErrorCode> {}
