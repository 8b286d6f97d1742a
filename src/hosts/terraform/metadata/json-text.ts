import { stringEnd } from "../tfplugin/json-members.js";

const QUOTE = 0x22;
const COMMA = 0x2c;
const COLON = 0x3a;
const OPEN_BRACE = 0x7b;
const CLOSE_BRACE = 0x7d;
const OPEN_BRACKET = 0x5b;
const CLOSE_BRACKET = 0x5d;

/** Where a value stands in the text: from its first byte to the one behind it. */
export interface Span {
  readonly start: number;
  readonly end: number;
}

/** Bytes to be put in place of others; nothing is replaced where `start` is `end`. */
export interface Splice extends Span {
  readonly text: string;
}

/**
 * JSON text whose values are found by their place and replaced there, all else byte for byte: numbers keep digits that
 * a double has no room for, and nothing is written anew. The text must be JSON; the caller has parsed it.
 */
export class JsonText {
  readonly bytes: Buffer;
  readonly root: Span;

  constructor(bytes: Uint8Array) {
    this.bytes = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
    const start = this.#space(0);
    this.root = { start, end: this.#valueEnd(start) };
  }

  /** The members of an object, the last of those of one name; none of another value. */
  members(span: Span | undefined): ReadonlyMap<string, Span> {
    const found = new Map<string, Span>();
    if (span === undefined || this.bytes[span.start] !== OPEN_BRACE) return found;
    for (let at = this.#space(span.start + 1); this.bytes[at] === QUOTE;) {
      const keyEnd = stringEnd(this.bytes, at);
      const key = String(JSON.parse(this.bytes.toString("utf8", at, keyEnd)));
      const start = this.#space(this.#behind(COLON, keyEnd));
      const end = this.#valueEnd(start);
      found.set(key, { start, end });
      at = this.#space(this.#behind(COMMA, end));
    }
    return found;
  }

  /** The items of an array; none of another value. */
  items(span: Span | undefined): readonly Span[] {
    const found: Span[] = [];
    if (span === undefined || this.bytes[span.start] !== OPEN_BRACKET) return found;
    for (let at = this.#space(span.start + 1); at < span.end && this.bytes[at] !== CLOSE_BRACKET;) {
      const end = this.#valueEnd(at);
      found.push({ start: at, end });
      at = this.#space(this.#behind(COMMA, end));
    }
    return found;
  }

  /** The text of a value. */
  text({ start, end }: Span): string {
    return this.bytes.toString("utf8", start, end);
  }

  /** The value when it is a string; else undefined. */
  string(span: Span | undefined): string | undefined {
    return span === undefined || this.bytes[span.start] !== QUOTE ? undefined : String(JSON.parse(this.text(span)));
  }

  /** What adds a member at the end of an object. */
  addition(span: Span, key: string, valueText: string): Splice {
    const at = span.end - 1;
    const isEmpty = this.bytes[this.#space(span.start + 1)] === CLOSE_BRACE;
    return { start: at, end: at, text: `${isEmpty ? "" : ","}${JSON.stringify(key)}:${valueText}` };
  }

  /** The text with all of them done; they must not overlap. */
  spliced(splices: readonly Splice[]): Buffer {
    const parts: Buffer[] = [];
    let at = 0;
    for (const { start, end, text } of [...splices].sort((one, other) => one.start - other.start)) {
      parts.push(this.bytes.subarray(at, start), Buffer.from(text));
      at = end;
    }
    return Buffer.concat([...parts, this.bytes.subarray(at)]);
  }

  #space(from: number): number {
    let at = from;
    for (let byte = this.bytes[at]; byte === 0x20 || byte === 0x0a || byte === 0x0d || byte === 0x09;) {
      byte = this.bytes[(at += 1)];
    }
    return at;
  }

  /** Behind spaces and this byte; behind the spaces where it is not there. */
  #behind(byte: number, from: number): number {
    const at = this.#space(from);
    return this.bytes[at] === byte ? at + 1 : at;
  }

  /** Brackets are counted, so depth costs nothing. */
  #valueEnd(start: number): number {
    const { bytes } = this;
    let depth = 0;
    let at = start;
    while (at < bytes.length) {
      const byte = bytes[at];
      if (byte === QUOTE) at = stringEnd(this.bytes, at);
      else {
        const isClose = byte === CLOSE_BRACE || byte === CLOSE_BRACKET;
        // The end of a number or a word at the end of what it stands in.
        if (depth === 0 && (isClose || byte === COMMA || (at > start && isSpace(byte)))) return at;
        if (byte === OPEN_BRACE || byte === OPEN_BRACKET) depth += 1;
        if (isClose) depth -= 1;
        at += 1;
        if (depth === 0 && isClose) return at;
      }
      if (depth === 0 && byte === QUOTE) return at;
    }
    return at;
  }
}

function isSpace(byte: number | undefined): boolean {
  return byte === 0x20 || byte === 0x0a || byte === 0x0d || byte === 0x09;
}
