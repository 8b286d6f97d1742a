import { TfpluginError } from "./tfplugin-error.js";

function malformed(): TfpluginError {
  return new TfpluginError("TFPLUGIN_VALUE", "a value is not msgpack of the form that its schema asks for");
}

const NIL = 0xc0;
const FALSE = 0xc2;
const TRUE = 0xc3;

/** Bytes of the length that stands behind these tokens: bin and str, ext, array, map of 8, 16 or 32 bits. */
const BYTES_LENGTH: ReadonlyMap<number, number> = new Map([
  [0xc4, 1],
  [0xc5, 2],
  [0xc6, 4],
  [0xd9, 1],
  [0xda, 2],
  [0xdb, 4],
]);
const EXT_LENGTH: ReadonlyMap<number, number> = new Map([
  [0xc7, 1],
  [0xc8, 2],
  [0xc9, 4],
]);
const FIXED_EXT: ReadonlyMap<number, number> = new Map([
  [0xd4, 1],
  [0xd5, 2],
  [0xd6, 4],
  [0xd7, 8],
  [0xd8, 16],
]);
/** Bytes of the number behind its token. */
const NUMBER_BYTES: ReadonlyMap<number, number> = new Map([
  [0xca, 4],
  [0xcb, 8],
  [0xcc, 1],
  [0xcd, 2],
  [0xce, 4],
  [0xcf, 8],
  [0xd0, 1],
  [0xd1, 2],
  [0xd2, 4],
  [0xd3, 8],
]);

/**
 * Reads msgpack from its start, one token after the other, and says where each begins and ends. Ours because values
 * are cut out of messages by position, because the type of a value decides how its bytes are read (as in go-cty,
 * `cty/msgpack/unmarshal.go`), and because a length is never believed before the bytes are there.
 * Every method throws `TfpluginError` TFPLUGIN_VALUE for what is cut short or of another kind.
 */
export class MsgpackCursor {
  at = 0;
  readonly #bytes: Buffer;

  constructor(bytes: Uint8Array) {
    this.#bytes = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
  }

  get length(): number {
    return this.#bytes.length;
  }

  /** Whether the next value is nil. */
  get isNil(): boolean {
    return this.#peek() === NIL;
  }

  /** Whether the next value is an extension: in core's values every one stands for an unknown value. */
  get isExtension(): boolean {
    const token = this.#peek();
    return FIXED_EXT.has(token) || EXT_LENGTH.has(token);
  }

  /** Whether the next value is text or bytes. */
  get isText(): boolean {
    const token = this.#peek();
    return (token >= 0xa0 && token <= 0xbf) || BYTES_LENGTH.has(token);
  }

  /** Number of elements; each takes a byte at least, so it is never more than what is left. */
  readArray(): number {
    const token = this.#peek();
    if (token >= 0x90 && token <= 0x9f) return this.#count(1, token & 0x0f, 1);
    if (token === 0xdc) return this.#count(3, this.#unsigned(this.at + 1, 2), 1);
    if (token === 0xdd) return this.#count(5, this.#unsigned(this.at + 1, 4), 1);
    throw malformed();
  }

  /** Number of pairs. */
  readMap(): number {
    const token = this.#peek();
    if (token >= 0x80 && token <= 0x8f) return this.#count(1, token & 0x0f, 2);
    if (token === 0xde) return this.#count(3, this.#unsigned(this.at + 1, 2), 2);
    if (token === 0xdf) return this.#count(5, this.#unsigned(this.at + 1, 4), 2);
    throw malformed();
  }

  /** The bytes of text or of binary data: core reads either as the other. A view. */
  readBytes(): Uint8Array {
    const token = this.#peek();
    if (token >= 0xa0 && token <= 0xbf) return this.#take(1, token & 0x1f);
    const size = BYTES_LENGTH.get(token);
    if (size === undefined) throw malformed();
    return this.#take(1 + size, this.#unsigned(this.at + 1, size));
  }

  /** Text; what is not UTF-8 in it becomes U+FFFD, as in the plan JSON. */
  readText(): string {
    const bytes = this.readBytes();
    return this.#bytes.toString("utf8", this.at - bytes.length, this.at);
  }

  readBoolean(): boolean {
    const token = this.#peek();
    if (token !== TRUE && token !== FALSE) throw malformed();
    this.at += 1;
    return token === TRUE;
  }

  /** A number token; integers over 2^53 lose what a double cannot hold. */
  readNumber(): number {
    const token = this.#peek();
    if (token <= 0x7f || token >= 0xe0) {
      this.at += 1;
      return token <= 0x7f ? token : token - 0x100;
    }
    const size = NUMBER_BYTES.get(token);
    if (size === undefined) throw malformed();
    const start = this.at + 1;
    this.#take(1, size);
    if (token === 0xca) return this.#bytes.readFloatBE(start);
    if (token === 0xcb) return this.#bytes.readDoubleBE(start);
    if (token === 0xcf) return Number(this.#bytes.readBigUInt64BE(start));
    if (token === 0xd3) return Number(this.#bytes.readBigInt64BE(start));
    return token <= 0xce ? this.#bytes.readUIntBE(start, size) : this.#bytes.readIntBE(start, size);
  }

  /** Goes behind the next value, whatever it is and however deep: no recursion. */
  skip(): void {
    for (let pending = 1; pending > 0; pending -= 1) pending += this.#skipToken();
  }

  /** Goes behind one token; gives the number of values that belong to it and follow. */
  #skipToken(): number {
    const token = this.#peek();
    if (token === NIL || token === FALSE || token === TRUE || token <= 0x7f || token >= 0xe0) {
      this.at += 1;
      return 0;
    }
    if ((token >= 0x90 && token <= 0x9f) || token === 0xdc || token === 0xdd) return this.readArray();
    if (token <= 0x8f || token === 0xde || token === 0xdf) return 2 * this.readMap();
    const fixed = NUMBER_BYTES.get(token) ?? FIXED_EXT.get(token);
    const extLength = EXT_LENGTH.get(token);
    if (extLength !== undefined) this.#take(2 + extLength, this.#unsigned(this.at + 1, extLength));
    else if (fixed !== undefined) this.#take(FIXED_EXT.has(token) ? 2 : 1, fixed);
    else this.readBytes();
    return 0;
  }

  #peek(): number {
    const token = this.#bytes[this.at];
    if (token === undefined) throw malformed();
    return token;
  }

  #unsigned(start: number, size: number): number {
    if (start + size > this.#bytes.length) throw malformed();
    return this.#bytes.readUIntBE(start, size);
  }

  #count(head: number, count: number, valuesEach: number): number {
    if (count * valuesEach > this.#bytes.length - this.at - head) throw malformed();
    this.at += head;
    return count;
  }

  #take(head: number, length: number): Uint8Array {
    const start = this.at + head;
    if (start + length > this.#bytes.length) throw malformed();
    this.at = start + length;
    return this.#bytes.subarray(start, this.at);
  }
}
