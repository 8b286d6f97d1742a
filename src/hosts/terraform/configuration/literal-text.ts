import { DeclareError } from "../../../declare/declare-error.js";
import type { JsonValue } from "../../../declare/literal.js";
import { quickCollection } from "./quick-collection.js";

/** A string without escapes and templates. */
const PLAIN_STRING = /^"([^"\\$%\r\n]*)"$/;
/** Short enough to be held exactly. */
const PLAIN_NUMBER = /^-?(?:0|[1-9][0-9]{0,14})(?:\.[0-9]{1,6})?$/;
/** What starts so is a reference, a call, a negation or stands in parentheses. */
const EVALUATED = /^[\p{ID_Start}_(!]/u;
/** A template that is not escaped, in a text of one line or many. */
const TEMPLATE = /(?:^|[^$])\$\{|(?:^|[^%])%\{/;
const WORDS: ReadonlyMap<string, boolean | null> = new Map([
  ["true", true],
  ["false", false],
  ["null", null],
]);

/** What the text of an expression alone tells: its value, that it has none as a literal, or that one must look closer. */
export function quickValue(text: string): { readonly value: JsonValue | undefined } | undefined {
  const word = WORDS.get(text);
  if (word !== undefined) return { value: word };
  if (EVALUATED.test(text)) return { value: undefined };
  const plain = PLAIN_STRING.exec(text)?.[1];
  if (plain !== undefined) return { value: plain };
  // Minus zero is zero.
  if (PLAIN_NUMBER.test(text)) return { value: Number(text) + 0 };
  if (text.startsWith("[") || text.startsWith("{")) return quickCollection(text);
  return TEMPLATE.test(text) ? { value: undefined } : undefined;
}

/** The value that `read` gives; undefined when it is no literal, or one that could not be held. */
export function literalOrNone(read: () => JsonValue): JsonValue | undefined {
  try {
    return read();
  } catch (error) {
    if (error instanceof DeclareError) return undefined;
    throw error;
  }
}
