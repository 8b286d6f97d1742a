/** Where JSON text goes wrong. Lines and columns count from 1. */
export interface JsonFault {
  readonly line: number;
  readonly column: number;
  /** The text ends too early; what is there is well formed. */
  readonly truncated: boolean;
}

const SPACE = /[ \t\r\n]*/y;
const SCALAR = /true|false|null|-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?/y;
/** A number that the end of the text cut behind its point or its `e`. */
const CUT_NUMBER = /-?(?:0|[1-9]\d*)(?:\.|(?:\.\d+)?[eE][+-]?)$/y;
const STRING_PART = /[^"\\\u0000-\u001f]+/y;
const STRING_ESCAPE = /\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4})/y;

type Expected = "value" | "value or end" | "key" | "key or end" | "colon" | "comma or end" | "nothing";

/** Reads JSON text only to find its first fault; V8's own message would quote the text, and does not always say where. */
class FaultFinder {
  #at = 0;
  #expected: Expected = "value";
  readonly #open: ("{" | "[")[] = [];

  constructor(readonly text: string) {}

  /** Offset of the first fault; the length of the text when it ends too early; null without a fault. */
  find(): number | null {
    for (;;) {
      this.#take(SPACE);
      if (this.#at >= this.text.length) {
        return this.#expected === "nothing" ? null : this.text.length;
      }
      if (!this.#token(this.text.charAt(this.#at))) {
        return this.#at;
      }
    }
  }

  #take(pattern: RegExp): boolean {
    pattern.lastIndex = this.#at;
    const matched = pattern.test(this.text);
    this.#at = matched ? pattern.lastIndex : this.#at;
    return matched;
  }

  #token(character: string): boolean {
    const expected = this.#expected;
    if (character === '"') {
      return (
        this.#canTakeString() && this.#string() && this.#after(expected.startsWith("key") ? "colon" : this.#outside())
      );
    }
    if (character === ":" && expected === "colon") {
      return this.#skip("value");
    }
    if (character === "," && expected === "comma or end" && this.#open.length > 0) {
      return this.#skip(this.#open.at(-1) === "{" ? "key" : "value");
    }
    if (character === "}" || character === "]") {
      return this.#close(character === "}" ? "{" : "[");
    }
    if (!expected.startsWith("value")) {
      return false;
    }
    if (character === "{" || character === "[") {
      this.#open.push(character);
      return this.#skip(character === "{" ? "key or end" : "value or end");
    }
    return this.#scalar();
  }

  #canTakeString(): boolean {
    return this.#expected.startsWith("value") || this.#expected.startsWith("key");
  }

  #close(opening: "{" | "["): boolean {
    if (!this.#expected.endsWith("or end") || this.#open.at(-1) !== opening) {
      return false;
    }
    this.#open.pop();
    return this.#skip(this.#outside());
  }

  #scalar(): boolean {
    if (this.#take(CUT_NUMBER)) {
      return true;
    }
    if (this.#take(SCALAR)) {
      return this.#after(this.#outside());
    }
    // The start of a word at the very end is a cut, not a fault.
    const rest = this.text.slice(this.#at);
    const cut = rest === "-" || ["true", "false", "null"].some((word) => word.startsWith(rest));
    this.#at = cut ? this.text.length : this.#at;
    return cut;
  }

  #string(): boolean {
    this.#at += 1;
    while (this.#take(STRING_PART) || this.#take(STRING_ESCAPE)) {
      // Each part moves on.
    }
    if (this.text.charAt(this.#at) === '"') {
      this.#at += 1;
      return true;
    }
    const rest = this.text.slice(this.#at, this.#at + 6);
    const cut = this.#at + rest.length === this.text.length && /^(?:\\(?:u[0-9a-fA-F]{0,3})?)?$/.test(rest);
    this.#at = cut ? this.text.length : this.#at;
    return false;
  }

  #outside(): Expected {
    return this.#open.length === 0 ? "nothing" : "comma or end";
  }

  #skip(next: Expected): boolean {
    this.#at += 1;
    return this.#after(next);
  }

  #after(next: Expected): boolean {
    this.#expected = next;
    return true;
  }
}

/** The first fault of `text` as JSON (RFC 8259); null when there is none. */
export function findJsonFault(text: string): JsonFault | null {
  const offset = new FaultFinder(text).find();
  if (offset === null) {
    return null;
  }
  const before = text.slice(0, offset);
  const line = before.split("\n").length;
  return { line, column: offset - before.lastIndexOf("\n"), truncated: offset >= text.length };
}
