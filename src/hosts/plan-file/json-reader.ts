import { isUtf8 } from "node:buffer";
import { formatSize } from "../../base/size-text.js";
import { MAX_JSON_DEPTH } from "../../protocol/limits.js";
import { faultAt, faultIn } from "./fault-place.js";
import type { PlanBytes } from "./plan-bytes.js";
import { PlanError, SHOW_JSON } from "./plan-error.js";
import { SCAN, ValueScanner } from "./value-scanner.js";
import type { Span } from "./value-scanner.js";

/** What is read at once of a document that is read from its start to its end. */
const WINDOW = 1024 * 1024;
/** One value that is taken as a whole, in bytes; what holds many is gone through part by part. */
const MAX_VALUE_BYTES = 64 * 1024 * 1024;

const QUOTE = 0x22;
const COMMA = 0x2c;
const COLON = 0x3a;
const OPEN_BRACE = 0x7b;
const CLOSE_BRACE = 0x7d;
const OPEN_BRACKET = 0x5b;
const CLOSE_BRACKET = 0x5d;

/** Whether only what JSON calls white space stands there. */
function isSpace(byte: number): boolean {
  return byte === 0x20 || byte === 0x0a || byte === 0x0d || byte === 0x09;
}

/** How a value begins. */
export type ValueKind = "object" | "list" | "other";

/**
 * Reads JSON from bytes of any size through a window: whoever knows the document goes into its objects and lists, and takes
 * values out one by one. What stands between them is checked here, each value by the scanner: a document that was read to its
 * end is JSON. Throws `PlanError`: PLAN_NOT_JSON, PLAN_TOO_DEEP, PLAN_ENCODING, and PLAN_TOO_LARGE for one value over `MAX_VALUE_BYTES`.
 */
export class JsonReader {
  readonly scanner: ValueScanner;
  #window: Buffer;
  /** Where the window starts in the document, and how much of it is filled. */
  #base = 0;
  #filled = 0;
  #at = 0;
  #depth = 0;
  #value: Span = { start: 0, end: 0 };

  constructor(
    private readonly bytes: PlanBytes,
    private readonly maxDepth = MAX_JSON_DEPTH,
    window = WINDOW,
  ) {
    // One byte more than is filled at most: the scanner stops at it.
    this.#window = Buffer.alloc(Math.min(window, Math.max(1, bytes.size)) + 1);
    this.scanner = new ValueScanner(maxDepth);
  }

  /** The place in the document. */
  get position(): number {
    return this.#base + this.#at;
  }

  /** Goes on at another place, which is one between tokens. */
  seek(position: number): void {
    const inside = position - this.#base;
    if (inside >= 0 && inside <= this.#filled) {
      this.#at = inside;
      return;
    }
    this.#base = position;
    this.#at = this.#filled = 0;
    this.#window[0] = 0;
  }

  /** The names of the members of the object that begins here; each value must be taken before the next name. */
  *members(): Generator<string, void, undefined> {
    this.#enter(OPEN_BRACE);
    if (this.#peek() === CLOSE_BRACE) {
      this.#leave();
      return;
    }
    for (;;) {
      if (this.#peek() !== QUOTE) this.fail();
      this.value();
      const name = this.parsed() as string;
      if (this.#peek() !== COLON) this.fail();
      this.#at += 1;
      yield name;
      if (this.#ends(CLOSE_BRACE)) return;
    }
  }

  /** Stops at each element of the list that begins here; each must be taken before the next. */
  *elements(): Generator<number, void, undefined> {
    this.#enter(OPEN_BRACKET);
    if (this.#peek() === CLOSE_BRACKET) {
      this.#leave();
      return;
    }
    for (let index = 0; ; index += 1) {
      yield index;
      if (this.#ends(CLOSE_BRACKET)) return;
    }
  }

  /** How the next value begins. */
  kind(): ValueKind {
    const byte = this.#peek();
    if (byte === OPEN_BRACE) return "object";
    return byte === OPEN_BRACKET ? "list" : "other";
  }

  /** Takes the next value as a whole: what `scanner`, `slice` and `parsed` speak of until the next one. Gives its place in the document. */
  value(): Span {
    this.#peek();
    for (;;) {
      const end = this.scanner.scan(this.#window, this.#at, this.#filled, this.#depth);
      if (end >= 0) {
        if (end - this.#at > MAX_VALUE_BYTES) this.#failSize();
        this.#value = { start: this.#at, end };
        this.#at = end;
        if (!this.scanner.ascii && !isUtf8(this.#window.subarray(this.#value.start, end))) this.#failEncoding();
        return { start: this.#base + this.#value.start, end: this.#base + end };
      }
      if (end === SCAN.tooDeep) this.#failDepth();
      if (end === SCAN.fault || !this.#more()) throw faultIn(this.bytes, this.position);
    }
  }

  /** Takes a value whose place in the document, and whether it is ASCII, are known from an earlier reading; it is not looked into again. */
  retake({ start, end }: Span, ascii: boolean): void {
    this.seek(start);
    while (this.#filled - this.#at < end - start) {
      if (!this.#more()) throw faultIn(this.bytes, start);
    }
    this.#value = { start: this.#at, end: this.#at + end - start };
    this.#at = this.#value.end;
    this.scanner.ascii = ascii;
  }

  /** Where the value that was taken stands in the window, as `slice`, `member` and `includes` count. */
  get taken(): Span {
    return this.#value;
  }

  /** Text of the value that was taken, or of a part of it. */
  slice({ start, end }: Span = this.#value): string {
    return this.#window.toString(this.scanner.ascii ? "latin1" : "utf8", start, end);
  }

  /** The value that was taken. */
  parsed(): unknown {
    return JSON.parse(this.slice()) as unknown;
  }

  /** A member of the value that was taken, as `ValueScanner.member`. */
  member(name: string, within?: Span): Span | undefined | null {
    return this.scanner.member(this.#window, name, within);
  }

  /** Whether a part of the value that was taken holds this text, which is ASCII. */
  includes({ start, end }: Span, text: string): boolean {
    const found = this.#window.indexOf(text, start, "latin1");
    return found !== -1 && found + text.length <= end;
  }

  /** Takes the next value, however large: its parts one by one, two levels deep. */
  skip(levels = 2): void {
    const kind = this.kind();
    if (kind === "other" || levels === 0) {
      this.value();
      return;
    }
    const parts: Iterator<unknown> = kind === "object" ? this.members() : this.elements();
    while (parts.next().done !== true) this.skip(levels - 1);
  }

  /** Whether there is nothing more but white space. */
  isAtEnd(): boolean {
    return this.#peek() === 0 && this.#at >= this.#filled;
  }

  /** Says that the JSON breaks at the place that was reached. */
  fail(): never {
    throw faultAt(this.bytes, this.position);
  }

  #enter(bracket: number): void {
    if (this.#peek() !== bracket) this.fail();
    this.#depth += 1;
    if (this.#depth > this.maxDepth) this.#failDepth();
    this.#at += 1;
  }

  #leave(): void {
    this.#depth -= 1;
    this.#at += 1;
  }

  /** Whether the closing bracket follows, and not a comma. */
  #ends(bracket: number): boolean {
    const byte = this.#peek();
    if (byte === bracket) {
      this.#leave();
      return true;
    }
    if (byte !== COMMA) this.fail();
    this.#at += 1;
    this.#peek();
    return false;
  }

  /** The next byte that is no white space; 0 at the end. */
  #peek(): number {
    for (;;) {
      const byte = this.#window[this.#at] ?? 0;
      if (isSpace(byte)) this.#at += 1;
      else if (byte !== 0 || this.#at < this.#filled || !this.#more()) return byte;
    }
  }

  /** Brings more of the document into the window, which grows when a value fills it; false at the end. */
  #more(): boolean {
    const rest = this.#filled - this.#at;
    if (this.#base + this.#filled >= this.bytes.size) return false;
    if (rest > MAX_VALUE_BYTES) this.#failSize();
    const target = rest > (this.#window.length - 1) / 2 ? Buffer.alloc(2 * this.#window.length - 1) : this.#window;
    this.#window.copy(target, 0, this.#at, this.#filled);
    const room = target.subarray(0, target.length - 1);
    const read = this.bytes.read(room, rest, this.#base + this.#filled);
    this.#window = target;
    this.#base += this.#at;
    this.#at = 0;
    this.#filled = rest + read;
    this.#window[this.#filled] = 0;
    return read > 0;
  }

  #failSize(): never {
    throw new PlanError("PLAN_TOO_LARGE", `${this.bytes.name} holds a value over ${formatSize(MAX_VALUE_BYTES)}`, {
      remedy: "Keep large contents out of the configuration, for example in files that resources name",
    });
  }

  #failDepth(): never {
    throw new PlanError("PLAN_TOO_DEEP", `${this.bytes.name} nests deeper than ${this.maxDepth} levels`, {
      remedy: "No plan of a real configuration does; check what wrote it",
    });
  }

  #failEncoding(): never {
    throw new PlanError("PLAN_ENCODING", `${this.bytes.name} is not UTF-8`, { remedy: `Write it again: ${SHOW_JSON}` });
  }
}
