import { loadError } from "./load-error.js";

const U32_BYTES = 5;
const utf8 = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

/**
 * Reads the primitives of the wasm binary format (https://webassembly.github.io/spec/core/binary/) from a range of
 * bytes and never leaves it. Everything malformed throws GUEST_LOAD and names `what` was being read.
 */
export class ByteReader {
  readonly #bytes: Uint8Array;
  readonly #end: number;
  #offset: number;

  constructor(bytes: Uint8Array, start = 0, end = bytes.length) {
    this.#bytes = bytes;
    this.#offset = start;
    this.#end = end;
  }

  /** Where the next byte stands, from the start of the whole module. */
  get offset(): number {
    return this.#offset;
  }

  get remaining(): number {
    return this.#end - this.#offset;
  }

  byte(what: string): number {
    const byte = this.#offset < this.#end ? this.#bytes[this.#offset] : undefined;
    if (byte === undefined) throw loadError(`the module is cut off in ${what}`);
    this.#offset++;
    return byte;
  }

  /** An unsigned LEB128 of 32 bits: five bytes at most, and none beyond the 32nd bit. */
  u32(what: string): number {
    let value = 0;
    for (let read = 0; read < U32_BYTES; read++) {
      const byte = this.byte(what);
      if (read === U32_BYTES - 1 && byte > 0x0f) break;
      value += (byte & 0x7f) * 2 ** (7 * read);
      if (byte < 0x80) return value;
    }
    throw loadError(`the module is damaged: a number in ${what} is over 32 bits`);
  }

  /** Skips a LEB128 whose value does not matter. */
  skipLeb(what: string): void {
    for (let read = 0; read < U32_BYTES; read++) if (this.byte(what) < 0x80) return;
    throw loadError(`the module is damaged: a number in ${what} is over 32 bits`);
  }

  /** The length of a vector: never more than `most`, nor than the bytes left, as each element takes one at least. */
  count(what: string, most: number): number {
    const count = this.u32(what);
    if (count > this.remaining) throw loadError(`the module is cut off in ${what}: it promises ${count} entries`);
    if (count > most) throw loadError(`the module holds ${count} entries in ${what}; ${most} are allowed`);
    return count;
  }

  skip(length: number, what: string): void {
    if (length > this.remaining) throw loadError(`the module is cut off in ${what}`);
    this.#offset += length;
  }

  name(what: string): string {
    const length = this.u32(what);
    const start = this.#offset;
    this.skip(length, what);
    try {
      return utf8.decode(this.#bytes.subarray(start, this.#offset));
    } catch (cause) {
      throw loadError(`the module is damaged: a name in ${what} is not UTF-8`, undefined, cause);
    }
  }
}

/** The shortest unsigned LEB128 of a number from 0 to 2^32 - 1. */
export function encodeU32(value: number): Uint8Array {
  const bytes: number[] = [];
  let rest = value;
  while (rest >= 0x80) {
    bytes.push((rest % 0x80) | 0x80);
    rest = Math.floor(rest / 0x80);
  }
  bytes.push(rest);
  return Uint8Array.from(bytes);
}
