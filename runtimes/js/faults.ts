import { formatSize } from "../../src/base/size-text.js";
import type { SourceLocation } from "../../src/protocol/airlock-error.js";
import { GuestError } from "../guest-error.js";
import type { GuestErrorCode } from "../guest-error.js";
import { EngineMemoryError } from "./engine.js";

/** Characters of a guest's own message that go into ours. */
export const MESSAGE_CHARACTERS = 500;

/** A longer source line is generated code, of no help to a reader. */
const SOURCE_LINE_CHARACTERS = 400;

/** What the guest's code threw, in bounded text. */
export interface Thrown {
  /** The whole value, shown as text. */
  readonly text: string;
  readonly name: string;
  readonly message: string;
  readonly stack: string;
  /** A bare `null`: also what the engine throws when it has no memory left to make an error from. */
  readonly isNull: boolean;
}

/** `1:5` of the innermost frame of a stack such as `    at f (policy.js:1:5)`; null without one. */
export function locate(thrown: Thrown, file: string, source: string): SourceLocation | undefined {
  const place = /:(\d{1,7}):(\d{1,7})\)?$/m.exec(thrown.stack);
  if (place === null) return undefined;
  const [line, column] = [Number(place[1]), Number(place[2])];
  const text = source.split("\n", line)[line - 1]?.trimEnd();
  if (text === undefined || text.length > SOURCE_LINE_CHARACTERS) return { file, line, column };
  return { file, line, column, text };
}

/** Whether it is what the engine throws at its memory limit. */
export function isOutOfMemory(thrown: Thrown): boolean {
  return thrown.name === "InternalError" && thrown.message === "out of memory";
}

/** Whether it is what the engine throws at its stack limit. Two spellings: the interpreter's and the parser's. */
export function isStackOverflow(thrown: Thrown): boolean {
  return (
    (thrown.name === "InternalError" && thrown.message === "stack overflow") ||
    (thrown.name === "RangeError" && thrown.message.startsWith("Maximum call stack"))
  );
}

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
