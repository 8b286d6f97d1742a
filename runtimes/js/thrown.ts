import type { QuickJSContext, QuickJSHandle } from "quickjs-emscripten";
import type { SourceLocation } from "../../src/protocol/airlock-error.js";
import { withHandle } from "./handles.js";
import type { StringReader } from "./handles.js";

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

/** Reads what was thrown by the prelude's `describe`, which bounds every text before it is copied out. */
export function readThrown(
  context: QuickJSContext,
  strings: StringReader,
  describe: QuickJSHandle,
  thrown: QuickJSHandle,
): Thrown {
  const field = (name: string): string => {
    const described = withHandle(context.newString(name), (key) =>
      context.callFunction(describe, context.undefined, thrown, key),
    );
    if (described.error !== undefined) {
      described.error.dispose();
      return "";
    }
    return withHandle(described.value, (value) => strings.bounded(value, MESSAGE_CHARACTERS));
  };
  const isNull = context.sameValue(thrown, context.null);
  return { text: field(""), name: field("name"), message: field("message"), stack: field("stack"), isNull };
}
