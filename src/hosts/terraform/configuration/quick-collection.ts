import { FORBIDDEN_KEYS } from "../../../declare/literal.js";
import type { JsonValue } from "../../../declare/literal.js";

/** Deeper ones are looked at closer. */
const MAX_DEPTH = 16;

const SPACE = /[ \t\r\n]*/y;
const BLANK = /[ \t]*/y;
const STRING = /"([^"\\$%\r\n]*)"/y;
const NUMBER = /-?(?:0|[1-9][0-9]{0,14})(?:\.[0-9]{1,6})?/y;
const WORD = /[\p{ID_Start}_][\p{ID_Continue}-]*/uy;
/** What may follow a value; anything else makes it part of an expression. */
const LIST_END = /[ \t\r\n]*(?:,|(?=\]))/y;
const ENTRY_END = /[ \t]*(?:,|(?=\r?\n)|(?=\}))/y;
const KEY_END = /[ \t]*[=:](?!=)/y;
const WORDS: ReadonlyMap<string, boolean | null> = new Map([
  ["true", true],
  ["false", false],
  ["null", null],
]);

/** Thrown within this file only, and made once: most collections that are no literals end with it. */
const EVALUATED = new Error("a part is evaluated");
const UNUSUAL = new Error("one must look closer");

/**
 * The value of a list or an object of plain literals, from its text alone, which is much cheaper than asking the parser
 * about every node. `{ value: undefined }` when a part is evaluated; undefined for anything unusual in it (comments,
 * escapes, heredocs, keys in parentheses), of which the syntax tree must tell.
 */
export function quickCollection(text: string): { readonly value: JsonValue | undefined } | undefined {
  try {
    const reader = new Reader(text);
    return { value: reader.whole() };
  } catch (error) {
    if (error === EVALUATED) return { value: undefined };
    if (error === UNUSUAL) return undefined;
    throw error;
  }
}

class Reader {
  readonly #text: string;
  #at = 0;

  constructor(text: string) {
    this.#text = text;
  }

  whole(): JsonValue {
    const value = this.#value(0);
    if (this.#at < this.#text.length) throw UNUSUAL;
    return value;
  }

  #value(depth: number): JsonValue {
    if (depth > MAX_DEPTH) throw UNUSUAL;
    if (this.#skip("[")) return this.#list(depth);
    if (this.#skip("{")) return this.#object(depth);
    const text = this.#take(STRING);
    if (text !== undefined) return text.slice(1, -1);
    const word = this.#take(WORD);
    if (word !== undefined) {
      const value = WORDS.get(word);
      if (value === undefined) throw EVALUATED;
      return value;
    }
    const number = this.#take(NUMBER);
    if (number === undefined) throw UNUSUAL;
    // Minus zero is zero.
    return Number(number) + 0;
  }

  #list(depth: number): JsonValue {
    const items: JsonValue[] = [];
    for (;;) {
      this.#take(SPACE);
      if (this.#skip("]")) return items;
      items.push(this.#value(depth + 1));
      if (this.#take(LIST_END) === undefined) throw UNUSUAL;
    }
  }

  #object(depth: number): JsonValue {
    const entries = new Map<string, JsonValue>();
    for (;;) {
      this.#take(SPACE);
      if (this.#skip("}")) return Object.fromEntries(entries);
      const key = this.#take(WORD) ?? this.#take(STRING)?.slice(1, -1);
      if (key === undefined || this.#take(KEY_END) === undefined) throw UNUSUAL;
      if (entries.has(key) || FORBIDDEN_KEYS.has(key)) throw UNUSUAL;
      this.#take(BLANK);
      entries.set(key, this.#value(depth + 1));
      if (this.#take(ENTRY_END) === undefined) throw UNUSUAL;
    }
  }

  #skip(character: string): boolean {
    const isThere = this.#text[this.#at] === character;
    if (isThere) this.#at += 1;
    return isThere;
  }

  #take(pattern: RegExp): string | undefined {
    pattern.lastIndex = this.#at;
    const token = pattern.exec(this.#text)?.[0];
    this.#at += token?.length ?? 0;
    return token;
  }
}
