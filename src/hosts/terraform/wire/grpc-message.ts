import type { HopStream } from "./hop-stream.js";
import type { WireErrorCode } from "./wire-error.js";

/** Largest message in bytes that is held: core's own limits are lower (64 MiB on a request). */
export const MAX_HELD = 256 * 1_048_576;

/** Flag (0: not compressed) and length stand before every message: the gRPC protocol's "Length-Prefixed-Message". */
const PREFIX = 5;
/** Room in bytes that is made for a message before its bytes are there. */
const AT_ONCE = 16 * 1_048_576;
/** Up to this size prefix and message leave as one piece. */
const JOINED = 16_379;

/** Collects the one message of one direction of a call. */
export class GrpcMessage {
  #bytes: Buffer = Buffer.alloc(0);
  #length = 0;
  /** Bytes of prefix and message; unknown while less than a prefix is there. */
  #total = Infinity;
  readonly #limit: number;

  constructor(limit = MAX_HELD) {
    this.#limit = limit;
  }

  get isEmpty(): boolean {
    return this.#length === 0;
  }

  get isWhole(): boolean {
    return this.#length === this.#total;
  }

  /** Takes the next bytes. Gives why this is no message that can be looked into, null while it may become one. */
  push(chunk: Buffer): WireErrorCode | null {
    const length = this.#length + chunk.length;
    if (this.#length === 0) {
      this.#bytes = chunk;
    } else {
      if (length > this.#bytes.length) this.#grow(length);
      chunk.copy(this.#bytes, this.#length);
    }
    this.#length = length;
    return this.#total === Infinity && length >= PREFIX ? this.#prefix() : this.#excess();
  }

  /** The message without its prefix; only when it is whole. A view, so what changes it changes `raw`. */
  message(): Uint8Array {
    return this.#bytes.subarray(PREFIX, this.#length);
  }

  /** All bytes as they came. */
  raw(): Uint8Array {
    return this.#bytes.subarray(0, this.#length);
  }

  #prefix(): WireErrorCode | null {
    const size = this.#bytes.readUInt32BE(1);
    const flag = this.#bytes[0];
    if (flag !== 0) return flag === 1 ? "WIRE_COMPRESSED" : "WIRE_NOT_UNARY";
    if (size > this.#limit) return "WIRE_MESSAGE_TOO_LARGE";
    this.#total = PREFIX + size;
    return this.#excess();
  }

  #excess(): WireErrorCode | null {
    return this.#length > this.#total ? "WIRE_NOT_UNARY" : null;
  }

  /** At once up to `AT_ONCE`, then by doubling: many small pieces cost little, and so does a length that is only said. */
  #grow(needed: number): void {
    const wanted = this.#total === Infinity ? PREFIX : Math.min(this.#total, Math.max(2 * needed, AT_ONCE));
    const grown = Buffer.allocUnsafeSlow(Math.max(needed, wanted));
    this.#bytes.copy(grown, 0, 0, this.#length);
    this.#bytes = grown;
  }
}

/** Sends one message with its prefix. */
export function sendMessage(to: HopStream, message: Uint8Array): void {
  const isJoined = message.length <= JOINED;
  const first = Buffer.allocUnsafe(PREFIX + (isJoined ? message.length : 0));
  first[0] = 0;
  first.writeUInt32BE(message.length, 1);
  if (isJoined) first.set(message, PREFIX);
  to.sendData(first, null);
  if (!isJoined) to.sendData(message, null);
}
