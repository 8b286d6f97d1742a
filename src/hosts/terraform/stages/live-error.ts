import { AirlockError } from "../../../protocol/airlock-error.js";

/** Why a live run cannot begin, or go on. */
export const LIVE_ERROR_CODES = [
  /** Core would run elsewhere, where nothing can stand between it and its providers. */
  "LIVE_REMOTE_EXECUTION",
  /** What the user asked for cannot be written where it was wanted. */
  "LIVE_OUTPUT",
  /** The user stopped the run while core was not running. */
  "LIVE_INTERRUPTED",
] as const;

export type LiveErrorCode = (typeof LIVE_ERROR_CODES)[number];

/** A live run cannot be made. Nothing has run, unless the code says otherwise. */
export class LiveError extends AirlockError<LiveErrorCode> {}

/** Throws LIVE_INTERRUPTED when the user wants to stop. */
export function stopIfInterrupted(interrupt: AbortSignal): void {
  if (interrupt.aborted) throw new LiveError("LIVE_INTERRUPTED", "the run was interrupted");
}
