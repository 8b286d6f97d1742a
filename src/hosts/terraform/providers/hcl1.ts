import type { SourceText } from "../../../declare/source-text.js";
import { ProviderError } from "./provider-error.js";

/** Nesting of a settings file; no real one comes near. */
const MAX_DEPTH = 32;

/** What a key has: a string, a body, several of these, or something else that nobody asks for. */
export type Hcl1Value =
  { readonly text: string } | { readonly entries: readonly Hcl1Entry[] } | { readonly other: true };

/** One argument or block. A block with labels is nested once for each. */
export interface Hcl1Entry {
  readonly key: string;
  readonly offset: number;
  readonly value: Hcl1Value;
}

const SKIPPED = /(?:\s+|#[^\n]*|\/\/[^\n]*|\/\*[^]*?\*\/)*/y;
const IDENTIFIER = /[\p{L}_][\p{L}\p{N}_.-]*/uy;
/** Numbers and bools, with whatever stands beside them: core judges them, not we. */
const OTHER = /[-+.0-9][0-9A-Za-z.+-]*/y;
const HEREDOC = /<<-?([\p{L}\p{N}_]+)\r?\n(?:[^]*?\n)?[ \t]*\1\r?(?=\n|$)/uy;
const ESCAPES: Readonly<Record<string, string>> = {
  a: "\x07", b: "\b", f: "\f", n: "\n", r: "\r", t: "\t", v: "\v", "\\": "\\", '"': '"',
}; // prettier-ignore

/**
 * Reads HCL 1, the language of core's settings files, in which keys may be quoted
 * (https://github.com/hashicorp/hcl/tree/v1.0.0, `hcl/scanner` and `hcl/parser`); our HCL 2 grammar refuses those.
 * Throws `ProviderError` PROVIDER_CLI_CONFIG with the place.
 */
export function parseHcl1(source: SourceText): readonly Hcl1Entry[] {
  return new Hcl1Reader(source).document();
}

class Hcl1Reader {
  readonly #source: SourceText;
  #at = 0;

  constructor(source: SourceText) {
    this.#source = source;
  }

  document(): readonly Hcl1Entry[] {
    const entries = this.#entries(undefined, 0);
    if (this.#at < this.#source.text.length) throw this.#fault("unexpected text");
    return entries;
  }

  #entries(end: "}" | undefined, depth: number): readonly Hcl1Entry[] {
    if (depth > MAX_DEPTH) throw this.#fault(`nested deeper than ${MAX_DEPTH} levels`);
    const entries: Hcl1Entry[] = [];
    for (;;) {
      this.#skip();
      if (end !== undefined && this.#take(end)) return entries;
      if (end === undefined && this.#at >= this.#source.text.length) return entries;
      entries.push(this.#entry(depth));
      this.#skip();
      this.#take(",");
    }
  }

  #entry(depth: number): Hcl1Entry {
    const offset = this.#at;
    const keys: string[] = [];
    for (;;) {
      this.#skip();
      if (keys.length === 1 && this.#take("=")) return nest(keys, offset, this.#value(depth));
      if (keys.length > 0 && this.#take("{")) return nest(keys, offset, { entries: this.#entries("}", depth + 1) });
      const key = this.#peek() === '"' ? this.#string() : this.#match(IDENTIFIER);
      if (key === undefined) throw this.#fault("a name, a block or an argument must stand here");
      keys.push(key);
    }
  }

  #value(depth: number): Hcl1Value {
    this.#skip();
    if (this.#peek() === '"') return { text: this.#string() };
    if (this.#take("{")) return { entries: this.#entries("}", depth + 1) };
    if (this.#take("[")) return this.#list(depth + 1);
    if ((this.#match(HEREDOC) ?? this.#match(OTHER) ?? this.#match(IDENTIFIER)) !== undefined) return { other: true };
    throw this.#fault("a value must stand here");
  }

  /** Lists are of no use to us; their ends must be found. */
  #list(depth: number): Hcl1Value {
    if (depth > MAX_DEPTH) throw this.#fault(`nested deeper than ${MAX_DEPTH} levels`);
    for (;;) {
      this.#skip();
      if (this.#take("]")) return { other: true };
      this.#value(depth);
      this.#skip();
      this.#take(",");
    }
  }

  /** A quote inside `${ }` does not end the string. */
  #string(): string {
    const { text } = this.#source;
    let result = "";
    let braces = 0;
    for (this.#at += 1; this.#at < text.length; this.#at += 1) {
      const character = text[this.#at] ?? "";
      if (character === "\n" && braces === 0) break;
      if (character === '"' && braces === 0) {
        this.#at += 1;
        return result;
      }
      if (character === "{" && (braces > 0 || text[this.#at - 1] === "$")) braces += 1;
      if (character === "}" && braces > 0) braces -= 1;
      if (character === "\\") {
        result += this.#escape();
        continue;
      }
      result += character;
    }
    throw this.#fault("this string is not closed");
  }

  #escape(): string {
    this.#at += 1;
    const letter = this.#source.text[this.#at] ?? "";
    const plain = ESCAPES[letter];
    if (plain !== undefined) return plain;
    const size = { x: 2, u: 4, U: 8 }[letter] ?? 0;
    const digits = this.#source.text.slice(this.#at + 1, this.#at + 1 + size);
    const code = /^[0-9a-fA-F]+$/.test(digits) && digits.length === size ? Number.parseInt(digits, 16) : Infinity;
    if (code > 0x10ffff) throw this.#fault("unknown escape in a string");
    this.#at += size;
    return String.fromCodePoint(code);
  }

  #skip(): void {
    this.#match(SKIPPED);
  }

  #peek(): string | undefined {
    return this.#source.text[this.#at];
  }

  #take(character: string): boolean {
    if (this.#peek() !== character) return false;
    this.#at += 1;
    return true;
  }

  #match(pattern: RegExp): string | undefined {
    pattern.lastIndex = this.#at;
    const token = pattern.exec(this.#source.text)?.[0];
    this.#at += token?.length ?? 0;
    return token;
  }

  #fault(message: string): ProviderError {
    const offset = Math.min(this.#at, this.#source.text.length);
    return new ProviderError("PROVIDER_CLI_CONFIG", `the settings of core cannot be read: ${message}`, {
      location: this.#source.locate(offset),
    });
  }
}

function nest(keys: readonly string[], offset: number, value: Hcl1Value): Hcl1Entry {
  const [key = "", ...labels] = keys;
  return { key, offset, value: labels.length === 0 ? value : { entries: [nest(labels, offset, value)] } };
}
