import { quote } from "../base/quote.js";
import type { Literal, LiteralEntry } from "./literal.js";
import type { SourceText } from "./source-text.js";

/** Nesting of a whole file; deeper ones are no configuration. */
export const MAX_JSON_FILE_DEPTH = 256;
/** Values that are kept of one file, for each takes about 100 bytes of memory. */
export const MAX_JSON_FILE_VALUES = 200_000;

/** What of a file is kept. */
export interface JsonKept {
  /** The properties at the top whose contents are kept. */
  keeps(key: string): boolean;
  readonly maxValues: number;
}

/** The blocks that can hold integrations; a generated file of many MB is mostly others. */
const BLOCKS: ReadonlySet<string> = new Set(["terraform", "provider", "integration"]);
const INTEGRATIONS: JsonKept = { keeps: (key) => BLOCKS.has(key), maxValues: MAX_JSON_FILE_VALUES };

const SPACE = /[ \t\n\r]*/y;
const WORD = /true|false|null/y;
const NUMBER = /-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][-+]?[0-9]+)?/y;
const WORDS: Readonly<Record<string, boolean | null>> = { true: true, false: false, null: null };

/**
 * Parses JSON and keeps the place of every key and value, which `JSON.parse` does not tell. Keys given twice are kept
 * twice, as Terraform's JSON syntax wants it for blocks. What is not kept is checked, but comes out empty.
 * Throws `DECLARE_SYNTAX`, and `DECLARE_TOO_LARGE` over `MAX_JSON_FILE_DEPTH` or `maxValues`.
 */
export function parseJson(source: SourceText, kept: JsonKept = INTEGRATIONS): Literal {
  return new JsonReader(source, kept).document();
}

class JsonReader {
  readonly #source: SourceText;
  #at = 0;
  readonly #wanted: JsonKept;
  #keeps = true;
  #kept = 0;

  constructor(source: SourceText, wanted: JsonKept) {
    this.#source = source;
    this.#wanted = wanted;
  }

  document(): Literal {
    const value = this.#value(0);
    this.#take(SPACE);
    if (this.#at < this.#source.text.length) throw this.#unexpected();
    return value;
  }

  #value(depth: number): Literal {
    this.#take(SPACE);
    const offset = this.#at;
    if (depth > MAX_JSON_FILE_DEPTH) {
      throw this.#source.error("DECLARE_TOO_LARGE", offset, `nested deeper than ${MAX_JSON_FILE_DEPTH} levels`);
    }
    if (this.#keeps) this.#kept += 1;
    if (this.#kept > this.#wanted.maxValues) {
      throw this.#source.error("DECLARE_TOO_LARGE", offset, `more than ${this.#wanted.maxValues} values`);
    }
    const first = this.#source.text[offset];
    if (first === "{") return { kind: "object", offset, entries: this.#sequence("}", () => this.#entry(depth)) };
    if (first === "[") return { kind: "list", offset, items: this.#sequence("]", () => this.#value(depth + 1)) };
    if (first === '"') return { kind: "scalar", offset, value: this.#string() };
    const word = this.#take(WORD);
    if (word !== undefined) return { kind: "scalar", offset, value: WORDS[word] ?? null };
    const number = this.#take(NUMBER);
    if (number === undefined) throw this.#unexpected();
    return { kind: "number", offset, text: number };
  }

  #entry(depth: number): LiteralEntry {
    this.#take(SPACE);
    const offset = this.#at;
    const key = this.#string();
    this.#take(SPACE);
    if (!this.#skip(":")) throw this.#unexpected();
    if (depth === 0) this.#keeps = this.#wanted.keeps(key);
    const value = this.#value(depth + 1);
    if (depth === 0) this.#keeps = true;
    return { key, offset, end: this.#at, value };
  }

  #sequence<T>(end: "]" | "}", item: () => T): T[] {
    this.#at += 1;
    this.#take(SPACE);
    const items: T[] = [];
    if (this.#skip(end)) return items;
    for (;;) {
      const next = item();
      if (this.#keeps) items.push(next);
      this.#take(SPACE);
      if (this.#skip(end)) return items;
      if (!this.#skip(",")) throw this.#unexpected();
    }
  }

  /** Looks for the end by hand: a pattern over a string of megabytes would exhaust the stack of the regex engine. */
  #string(): string {
    const { text } = this.#source;
    const start = this.#at;
    if (text[start] !== '"') throw this.#unexpected();
    let end = start + 1;
    while (end < text.length && text[end] !== '"') end += text[end] === "\\" ? 2 : 1;
    this.#at = end + 1;
    try {
      const value: unknown = JSON.parse(text.slice(start, end + 1));
      return String(value);
    } catch (cause) {
      throw this.#source.error("DECLARE_SYNTAX", start, "not valid JSON: a broken string", { cause });
    }
  }

  #skip(character: string): boolean {
    const isThere = this.#source.text[this.#at] === character;
    if (isThere) this.#at += 1;
    return isThere;
  }

  #take(pattern: RegExp): string | undefined {
    pattern.lastIndex = this.#at;
    const token = pattern.exec(this.#source.text)?.[0];
    this.#at += token?.length ?? 0;
    return token;
  }

  #unexpected() {
    const next = this.#source.text.slice(this.#at, this.#at + 1);
    const what = next === "" ? "unexpected end of the file" : `unexpected ${quote(next)}`;
    return this.#source.error(
      "DECLARE_SYNTAX",
      Math.min(this.#at, this.#source.text.length),
      `not valid JSON: ${what}`,
    );
  }
}
