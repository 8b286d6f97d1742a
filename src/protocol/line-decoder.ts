import { formatSize } from "../base/size-text.js";
import { ProtocolError } from "./protocol-error.js";

const LF = 0x0a;
const CR = 0x0d;
/** A buffer up to this size is kept between lines; a larger one is given back when its line is complete. */
const KEPT_BYTES = 64 * 1024;
const EMPTY = new Uint8Array(0);

/**
 * Splits a stream of bytes into lines of UTF-8 at LF; one CR before the LF is not part of the line.
 *
 * - How the stream is cut into chunks never changes the lines.
 * - It holds at most `maxBytes` of an unfinished line, and keeps no reference to a chunk.
 * - After it threw once, every later `push` throws the same error: nothing behind a broken line is trusted.
 */
export class LineDecoder {
  readonly #maxBytes: number;
  /** `fatal`: broken UTF-8 must not turn into text that no guest wrote. `ignoreBOM`: a BOM is no part of JSON, so it stays visible. */
  readonly #text = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });
  #buffer = EMPTY;
  #length = 0;
  #failure: ProtocolError | undefined;

  /** `maxBytes`: the longest line allowed, counted without its LF. */
  constructor(maxBytes: number) {
    this.#maxBytes = maxBytes;
  }

  /** Bytes of the unfinished line. */
  get pendingBytes(): number {
    return this.#length;
  }

  /**
   * Takes the next bytes and gives the lines they complete.
   * Throws `ProtocolError`: PROTOCOL_MESSAGE_TOO_LARGE as soon as a line is over `maxBytes`, finished or not;
   * PROTOCOL_NOT_JSON for bytes that are not UTF-8.
   */
  push(chunk: Uint8Array): string[] {
    if (this.#failure !== undefined) throw this.#failure;
    const lines: string[] = [];
    let start = 0;
    for (let end = chunk.indexOf(LF); end !== -1; end = chunk.indexOf(LF, start)) {
      lines.push(this.#finish(chunk.subarray(start, end)));
      start = end + 1;
    }
    this.#append(chunk.subarray(start));
    return lines;
  }

  #finish(tail: Uint8Array): string {
    if (this.#length === 0) {
      this.#checkSize(tail.length);
      return this.#decode(tail);
    }
    this.#append(tail);
    const line = this.#decode(this.#buffer.subarray(0, this.#length));
    this.#length = 0;
    if (this.#buffer.length > KEPT_BYTES) this.#buffer = EMPTY;
    return line;
  }

  #append(bytes: Uint8Array): void {
    if (bytes.length === 0) return;
    const needed = this.#length + bytes.length;
    this.#checkSize(needed);
    if (needed > this.#buffer.length) {
      const grown = new Uint8Array(Math.min(Math.max(needed, this.#buffer.length * 2), this.#maxBytes));
      grown.set(this.#buffer.subarray(0, this.#length));
      this.#buffer = grown;
    }
    this.#buffer.set(bytes, this.#length);
    this.#length = needed;
  }

  #checkSize(bytes: number): void {
    if (bytes <= this.#maxBytes) return;
    this.#fail(new ProtocolError("PROTOCOL_MESSAGE_TOO_LARGE", `a line is over ${formatSize(this.#maxBytes)}`));
  }

  #decode(bytes: Uint8Array): string {
    const end = bytes.length - (bytes.at(-1) === CR ? 1 : 0);
    try {
      return this.#text.decode(bytes.subarray(0, end));
    } catch (cause) {
      return this.#fail(
        new ProtocolError("PROTOCOL_NOT_JSON", "a line holds bytes that are not UTF-8, so it is not JSON", { cause }),
      );
    }
  }

  #fail(failure: ProtocolError): never {
    this.#failure = failure;
    this.#buffer = EMPTY;
    this.#length = 0;
    throw failure;
  }
}
