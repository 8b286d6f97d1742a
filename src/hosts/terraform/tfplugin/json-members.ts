const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const COMMA = 0x2c;
const OPENING = new Set([0x7b, 0x5b]);
const CLOSING = new Set([0x7d, 0x5d]);
const SPACES = new Set([0x20, 0x09, 0x0a, 0x0d]);

/** One member of a JSON object, as byte offsets: the key's opening quote, and behind the value. */
interface Member {
  readonly key: string;
  readonly start: number;
  readonly valueStart: number;
  readonly end: number;
}

/** An object's members as they stand in its text; nothing of the text is written anew. */
export class JsonMembers {
  readonly #text: Buffer;
  readonly #members: readonly Member[];
  /** Offset of the object's closing brace. */
  readonly #close: number;

  /** `text` must be JSON whose top is an object; the caller has parsed it. */
  constructor(text: Uint8Array) {
    this.#text = Buffer.from(text.buffer, text.byteOffset, text.length);
    const found = findMembers(this.#text);
    this.#members = found.members;
    this.#close = found.close;
  }

  get isEmpty(): boolean {
    return this.#members.length === 0;
  }

  /** How often a key stands there: JSON does not forbid twice. */
  count(key: string): number {
    return this.#members.filter((member) => member.key === key).length;
  }

  /** The text of the value of a key, the last one; null when the key is not there. */
  valueText(key: string): string | null {
    const member = this.#members.findLast((candidate) => candidate.key === key);
    return member === undefined ? null : this.#text.toString("utf8", member.valueStart, member.end);
  }

  /** The object with one more member, before its closing brace; all else byte for byte. */
  with(key: string, valueText: string): Buffer {
    const member = `${this.isEmpty ? "" : ","}${JSON.stringify(key)}:${valueText}`;
    return Buffer.concat([this.#text.subarray(0, this.#close), Buffer.from(member), this.#text.subarray(this.#close)]);
  }

  /** The object without a key, where it stands last; takes back what `with` did, byte for byte. */
  without(key: string): Buffer {
    const index = this.#members.findLastIndex((member) => member.key === key);
    const member = this.#members[index];
    if (member === undefined) return this.#text;
    const before = this.#members[index - 1];
    const after = this.#members[index + 1];
    const start = before === undefined ? member.start : this.#text.indexOf(COMMA, before.end);
    const end = before === undefined && after !== undefined ? this.#text.indexOf(COMMA, member.end) + 1 : member.end;
    return Buffer.concat([this.#text.subarray(0, start), this.#text.subarray(end)]);
  }
}

/** Behind the closing quote of the JSON string whose opening one stands at `quote`; the end of the text without one. */
export function stringEnd(text: Buffer, quote: number): number {
  for (let from = quote + 1; ;) {
    const end = text.indexOf(QUOTE, from);
    if (end === -1) return text.length;
    let escapes = end;
    while (text[escapes - 1] === BACKSLASH) escapes -= 1;
    if ((end - escapes) % 2 === 0) return end + 1;
    from = end + 1;
  }
}

function skipSpaces(text: Buffer, from: number): number {
  let at = from;
  while (SPACES.has(text[at] ?? 0)) at += 1;
  return at;
}

/** Where a value ends that begins here: brackets are counted, so depth costs nothing. */
function valueEnd(text: Buffer, start: number): number {
  let depth = 0;
  for (let at = start; at < text.length;) {
    const byte = text[at] ?? 0;
    if (depth === 0 && at > start && (byte === COMMA || CLOSING.has(byte) || SPACES.has(byte))) return at;
    if (byte === QUOTE) {
      at = stringEnd(text, at);
    } else {
      if (OPENING.has(byte)) depth += 1;
      if (CLOSING.has(byte)) depth -= 1;
      at += 1;
    }
    if (depth === 0 && (byte === QUOTE || CLOSING.has(byte))) return at;
  }
  return text.length;
}

function findMembers(text: Buffer): { members: Member[]; close: number } {
  const members: Member[] = [];
  let at = skipSpaces(text, skipSpaces(text, 0) + 1);
  while (text[at] === QUOTE) {
    const keyEnd = stringEnd(text, at);
    // The caller has parsed the text, so a key is a JSON string.
    const key = String(JSON.parse(text.toString("utf8", at, keyEnd)));
    const valueStart = skipSpaces(text, skipSpaces(text, keyEnd) + 1);
    const end = valueEnd(text, valueStart);
    members.push({ key, start: at, valueStart, end });
    const next = skipSpaces(text, end);
    at = text[next] === COMMA ? skipSpaces(text, next + 1) : next;
  }
  return { members, close: at };
}
