import { formatSize } from "../../src/base/size-text.js";
import type { SourceLocation } from "../../src/protocol/airlock-error.js";
import { GuestError } from "../guest-error.js";
import type { GuestErrorCode } from "../guest-error.js";
import { EngineMemoryError } from "./engine.js";
import { MESSAGE_CHARACTERS } from "./thrown.js";

/** Errors of one guest, each naming it and saying what to do. */
export class Faults {
  constructor(readonly guest: string) {}

  make(code: GuestErrorCode, message: string, gone: boolean, remedy: string, location?: SourceLocation): GuestError {
    return new GuestError(code, `it ${message}`, gone, {
      integration: this.guest,
      remedy,
      ...(location === undefined ? {} : { location }),
    });
  }

  load(message: string, remedy: string, location?: SourceLocation): GuestError {
    return this.make("GUEST_LOAD", message, true, remedy, location);
  }

  timeout(budgetMs: number): GuestError {
    return this.make(
      "GUEST_TIMEOUT",
      `did not finish within ${budgetMs} ms and was stopped`,
      true,
      "Look for an endless loop in the integration, or raise its `timeout`.",
    );
  }

  memory(limitBytes: number): GuestError {
    return this.make(
      "GUEST_MEMORY",
      `needs more than its ${formatSize(limitBytes)} of memory`,
      true,
      "Raise the integration's `memory`, or make it hold less.",
    );
  }

  /** `gone`: the stack of the machine ended before the engine's own count did, in the middle of its work. */
  stack(limitBytes: number, gone: boolean): GuestError {
    return this.make(
      "GUEST_MEMORY",
      `calls functions deeper than its ${formatSize(limitBytes)} of stack allow`,
      gone,
      "Look for endless recursion in the integration.",
    );
  }

  tooLarge(size: string, limitBytes: number): GuestError {
    return this.make(
      "GUEST_MESSAGE_TOO_LARGE",
      `wrote a message of ${size}; ${formatSize(limitBytes)} are allowed`,
      false,
      "Make the integration say less, or raise its message size.",
    );
  }

  noAnswer(why: string): GuestError {
    return this.make(
      "GUEST_NO_ANSWER",
      `gave no answer: ${why}`,
      false,
      "`handle` must return one response line, or a promise of one.",
    );
  }

  crashed(text: string, location: SourceLocation | undefined): GuestError {
    return this.make(
      "GUEST_CRASHED",
      `threw: ${text}`,
      false,
      "This is a fault in the integration; tell its author.",
      location,
    );
  }

  /** For whatever came out of the engine as a host exception: the engine is then in no state to go on. */
  engine(cause: unknown, limits: { readonly memoryBytes: number; readonly stackBytes: number }): GuestError {
    if (cause instanceof GuestError) return cause;
    if (cause instanceof EngineMemoryError) return this.memory(limits.memoryBytes);
    if (cause instanceof RangeError) return this.stack(limits.stackBytes, true);
    const said = cause instanceof Error ? cause.message : String(cause);
    return new GuestError(
      "GUEST_CRASHED",
      `it broke the JavaScript engine: ${said.slice(0, MESSAGE_CHARACTERS)}`,
      true,
      { integration: this.guest, remedy: "This is a fault in the integration or in Airlock; please report it.", cause },
    );
  }
}
