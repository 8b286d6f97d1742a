/** What scanning comes to when it finds no whole value. */
export const SCAN = {
  /** What is there is well formed, and goes on behind the end. */
  incomplete: -1,
  /** It breaks the rules of JSON. */
  fault: -2,
  tooDeep: -3,
} as const;

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const OPEN_BRACE = 0x7b;
const CLOSE_BRACE = 0x7d;
const OPEN_BRACKET = 0x5b;
const CLOSE_BRACKET = 0x5d;
const COMMA = 0x2c;
const COLON = 0x3a;
const LF = 0x0a;
const CR = 0x0d;
const TAB = 0x09;
const SPACE = 0x20;
const PARENTHESIS = 0x28;
const MINUS = 0x2d;
const ZERO = 0x30;
const NINE = 0x39;

/** What may come next. */
const VALUE = 0;
const VALUE_OR_END = 1;
const KEY_OR_END = 2;
const KEY = 3;
const NAME_END = 4;
const NEXT_OR_END = 5;

/** Bytes inside a string that mean nothing by themselves are 0. */
const IN_STRING = new Uint8Array(256);
IN_STRING.fill(1, 0, SPACE);
IN_STRING[QUOTE] = 1;
IN_STRING[BACKSLASH] = 1;
IN_STRING.fill(2, 0x80);

const NUMBER = /^-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?$/;
const ESCAPE = /^\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4})/;
const LITERALS: Readonly<Record<number, string>> = { 0x74: "true", 0x66: "false", 0x6e: "null" };
/** Integers of so many digits are one number in JavaScript and in every other language. */
const EXACT_DIGITS = 15;
/** Levels below the value whose members are noted. */
const NOTED_LEVELS = 2;
/** Of each noted member: its level, where its name starts and ends (without quotes), and its value. */
const ROW = 5;

/** Where something stands in the scanned bytes. */
export interface Span {
  readonly start: number;
  readonly end: number;
}

/**
 * Goes over one JSON value (RFC 8259) byte by byte: whether it is well formed, where it ends, and what of it must be known to
 * pass its text on as it stands. Makes no objects and no strings, so a value costs nothing but its bytes. UTF-8 is not looked into.
 */
export class ValueScanner {
  /** Every byte is ASCII. */
  ascii = true;
  /** A string has a backslash in it. */
  escaped = false;
  /** A line ends inside: what goes by lines cannot pass the text on. */
  multiline = false;
  /** A number that not every reader gives the same digits. */
  oddNumber = false;
  /** A string starts with a parenthesis, as tokens do, or with what could be one. */
  lookalike = false;
  #rows = new Int32Array(64 * ROW);
  #used = 0;
  readonly #open = new Int32Array(NOTED_LEVELS + 1);
  readonly #isObject: Uint8Array;

  constructor(private readonly maxDepth: number) {
    this.#isObject = new Uint8Array(maxDepth + 2);
  }

  /**
   * The end of the value that starts at `start`, or one of `SCAN`. `depth`: levels around it. `bytes[end]` must be there, and be 0.
   */
  scan(bytes: Buffer, start: number, end: number, depth: number): number {
    this.#reset();
    const most = this.maxDepth - depth;
    const isObject = this.#isObject;
    let level = 0;
    let next = VALUE;
    let at = start;
    for (;;) {
      const byte = bytes[at] ?? 0;
      if (byte === QUOTE) {
        const isName = next === KEY || next === KEY_OR_END;
        if (!isName && next > VALUE_OR_END) return SCAN.fault;
        const stringStart = at + 1;
        if (isName && level <= NOTED_LEVELS) this.#noteName(level, stringStart);
        else if (level <= NOTED_LEVELS) this.#noteStart(level, at);
        at = this.#string(bytes, stringStart, end);
        if (at < 0) return at;
        if (isName) {
          if (level <= NOTED_LEVELS) this.#noteNameEnd(level, at - 1);
          next = NAME_END;
          continue;
        }
      } else if (byte === COMMA || byte === COLON) {
        if (level === 0 || next !== (byte === COMMA ? NEXT_OR_END : NAME_END)) return SCAN.fault;
        next = byte === COMMA && isObject[level] === 1 ? KEY : VALUE;
        at += 1;
        continue;
      } else if (byte === OPEN_BRACE || byte === OPEN_BRACKET) {
        if (next > VALUE_OR_END) return SCAN.fault;
        if (level <= NOTED_LEVELS) this.#noteStart(level, at);
        level += 1;
        if (level > most) return SCAN.tooDeep;
        isObject[level] = byte === OPEN_BRACE ? 1 : 0;
        if (level <= NOTED_LEVELS) this.#open[level] = -1;
        next = byte === OPEN_BRACE ? KEY_OR_END : VALUE_OR_END;
        at += 1;
        continue;
      } else if (byte === CLOSE_BRACE || byte === CLOSE_BRACKET) {
        const isRight = isObject[level] === (byte === CLOSE_BRACE ? 1 : 0);
        const empty = byte === CLOSE_BRACE ? KEY_OR_END : VALUE_OR_END;
        if (level === 0 || !isRight || (next !== NEXT_OR_END && next !== empty)) return SCAN.fault;
        level -= 1;
        at += 1;
      } else if (byte === SPACE || byte === LF || byte === CR || byte === TAB) {
        if (byte === LF || byte === CR) this.multiline = true;
        at += 1;
        continue;
      } else {
        if (at >= end) return SCAN.incomplete;
        if (next > VALUE_OR_END) return SCAN.fault;
        if (level <= NOTED_LEVELS) this.#noteStart(level, at);
        at = byte === MINUS || (byte >= ZERO && byte <= NINE) ? this.#number(bytes, at, end) : literal(bytes, at, end);
        if (at < 0) return at;
      }
      if (level === 0) return at;
      if (level <= NOTED_LEVELS) this.#noteEnd(level, at);
      next = NEXT_OR_END;
    }
  }

  /**
   * The value of a member of the scanned object, or of one in it: of `within`. Of several of one name the last one counts, as for
   * JSON.parse. undefined: none; null: a name is written with escapes, so nobody knows.
   */
  member(bytes: Buffer, name: string, within?: Span): Span | undefined | null {
    const rows = this.#rows;
    const level = within === undefined ? 1 : 2;
    for (let row = this.#used - ROW; row >= 0; row -= ROW) {
      const start = rows[row + 1] ?? 0;
      if (rows[row] !== level || (within !== undefined && (start < within.start || start >= within.end))) continue;
      const end = rows[row + 2] ?? 0;
      if (this.escaped && holds(bytes, start, end, BACKSLASH)) return null;
      if (end - start === name.length && isText(bytes, start, name)) {
        return { start: rows[row + 3] ?? 0, end: rows[row + 4] ?? 0 };
      }
    }
    return undefined;
  }

  #reset(): void {
    this.ascii = true;
    this.escaped = this.multiline = this.oddNumber = this.lookalike = false;
    this.#used = 0;
  }

  #noteName(level: number, start: number): void {
    if (level === 0) return;
    if (this.#used + ROW > this.#rows.length) {
      const grown = new Int32Array(2 * this.#rows.length);
      grown.set(this.#rows);
      this.#rows = grown;
    }
    this.#open[level] = this.#used;
    this.#rows[this.#used] = level;
    this.#rows[this.#used + 1] = start;
    this.#used += ROW;
  }

  #noteNameEnd(level: number, end: number): void {
    this.#rows[(this.#open[level] ?? 0) + 2] = end;
  }

  #noteStart(level: number, at: number): void {
    const row = this.#open[level] ?? -1;
    if (level > 0 && row >= 0) this.#rows[row + 3] = at;
  }

  #noteEnd(level: number, at: number): void {
    const row = this.#open[level] ?? -1;
    if (row >= 0) this.#rows[row + 4] = at;
  }

  /** The place behind the closing quote. */
  #string(bytes: Buffer, start: number, end: number): number {
    let at = start;
    const first = bytes[at];
    if (first === PARENTHESIS || first === BACKSLASH) this.lookalike = true;
    for (;;) {
      const kind = IN_STRING[bytes[at] ?? 0];
      if (kind === 0) {
        at += 1;
      } else if (kind === 2) {
        this.ascii = false;
        at += 1;
      } else if (bytes[at] === QUOTE) {
        return at + 1;
      } else if (at >= end) {
        return SCAN.incomplete;
      } else if (bytes[at] === BACKSLASH) {
        this.escaped = true;
        const escape = bytes.toString("latin1", at, Math.min(at + 6, end));
        const length = ESCAPE.exec(escape)?.[0].length;
        if (length === undefined)
          return at + 6 > end && /^\\(?:u[0-9a-fA-F]*)?$/.test(escape) ? SCAN.incomplete : SCAN.fault;
        at += length;
      } else {
        return SCAN.fault;
      }
    }
  }

  #number(bytes: Buffer, start: number, end: number): number {
    let at = start;
    let isInteger = true;
    for (;;) {
      const byte = bytes[at] ?? 0;
      if (byte >= ZERO && byte <= NINE) at += 1;
      else if (byte === 0x2e || byte === 0x65 || byte === 0x45 || byte === 0x2b || byte === MINUS) {
        isInteger &&= at === start;
        at += 1;
      } else break;
    }
    if (at >= end) return SCAN.incomplete;
    const digits = at - start;
    if (isInteger && digits <= EXACT_DIGITS && bytes[start] !== MINUS && (digits === 1 || bytes[start] !== ZERO))
      return at;
    const text = bytes.toString("latin1", start, at);
    if (!NUMBER.test(text)) return SCAN.fault;
    if (String(Number(text)) !== text) this.oddNumber = true;
    return at;
  }
}

function literal(bytes: Buffer, start: number, end: number): number {
  const word = LITERALS[bytes[start] ?? 0];
  if (word === undefined) return SCAN.fault;
  const there = Math.min(word.length, end - start);
  if (!isText(bytes, start, word.slice(0, there))) return SCAN.fault;
  return there < word.length ? SCAN.incomplete : start + there;
}

function isText(bytes: Buffer, start: number, text: string): boolean {
  for (let at = 0; at < text.length; at += 1) if (bytes[start + at] !== text.charCodeAt(at)) return false;
  return true;
}

function holds(bytes: Buffer, start: number, end: number, wanted: number): boolean {
  const found = bytes.indexOf(wanted, start);
  return found !== -1 && found < end;
}
