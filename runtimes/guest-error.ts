import { AirlockError } from "../src/protocol/airlock-error.js";
import type { ErrorContext } from "../src/protocol/airlock-error.js";

/** How a guest breaks. A broken guest is no verdict: `on_error` decides what it means. */
export const GUEST_ERROR_CODES = [
  /** The code could not be loaded: syntax, unknown imports, no entry. */
  "GUEST_LOAD",
  /** The config breaks the JSON Schema of its package, or that schema cannot be used; nothing of the guest was loaded. */
  "GUEST_CONFIG",
  /** The module is over the allowed size. */
  "GUEST_MODULE_TOO_LARGE",
  /** No answer within the allowed time; the guest was stopped. */
  "GUEST_TIMEOUT",
  /** Over its memory, table or stack limit. */
  "GUEST_MEMORY",
  /** It ran more processes than it may. */
  "GUEST_PROCESSES",
  /** Its isolation is required, and this machine cannot give it; nothing of it was started. */
  "GUEST_ISOLATION",
  /** A trap, an exception or an exit in the middle of a call. */
  "GUEST_CRASHED",
  /** A message over the allowed size, in either direction. */
  "GUEST_MESSAGE_TOO_LARGE",
  /** It took the request and gave no answer. */
  "GUEST_NO_ANSWER",
  /** It had ended before this call started; the call never reached it. */
  "GUEST_GONE",
  /** The sandbox host ended in the middle of this call. */
  "GUEST_SANDBOX_DIED",
] as const;

export type GuestErrorCode = (typeof GUEST_ERROR_CODES)[number];

/** A guest broke. */
export class GuestError extends AirlockError<GuestErrorCode> {
  /** The guest has ended; a fresh one must take over. */
  readonly gone: boolean;

  constructor(code: GuestErrorCode, message: string, gone: boolean, context: ErrorContext = {}) {
    super(code, message, context);
    this.gone = gone;
  }
}
