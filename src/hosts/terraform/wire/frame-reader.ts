import { ConnectionFault, ErrorCode, FRAME_HEADER, MAX_FRAME, PREFACE } from "./frames.js";

/** Takes whole frames. `payload` is a view on received bytes, valid for as long as it is kept. */
export type FrameSink = (type: number, flags: number, streamId: number, payload: Buffer) => void;

/**
 * Splits a connection's bytes into frames. Payloads are views on the given chunks; only a frame that lies across
 * chunks is copied, once. Throws `ConnectionFault` on a wrong preface and on a frame over 16 KiB, at its header.
 */
export class FrameReader {
  readonly #sink: FrameSink;
  #prefaceLeft: number;
  /** Start of a frame that is not whole yet: room for its header, and as soon as that is known for all of it. */
  #carry = Buffer.allocUnsafe(FRAME_HEADER);
  #carried = 0;

  constructor(sink: FrameSink, expectPreface: boolean) {
    this.#sink = sink;
    this.#prefaceLeft = expectPreface ? PREFACE.length : 0;
  }

  push(chunk: Buffer): void {
    let at = this.#prefaceLeft === 0 ? 0 : this.#preface(chunk);
    if (this.#carried > 0) at = this.#complete(chunk, at);
    while (chunk.length - at >= FRAME_HEADER) {
      const payloadAt = at + FRAME_HEADER;
      const end = payloadAt + payloadLength(chunk, at);
      if (end > chunk.length) break;
      this.#emit(chunk, at, chunk.subarray(payloadAt, end));
      at = end;
    }
    if (at < chunk.length) this.#complete(chunk, at);
  }

  #preface(chunk: Buffer): number {
    const from = PREFACE.length - this.#prefaceLeft;
    const length = Math.min(this.#prefaceLeft, chunk.length);
    if (chunk.compare(PREFACE, from, from + length, 0, length) !== 0) {
      throw new ConnectionFault(ErrorCode.protocolError, "core does not speak HTTP/2: its first bytes are no preface");
    }
    this.#prefaceLeft -= length;
    return length;
  }

  /** Fills the carried frame from `at` on and emits it when it is whole; gives the place after what it took. */
  #complete(chunk: Buffer, at: number): number {
    at = this.#fill(chunk, at, FRAME_HEADER);
    if (this.#carried < FRAME_HEADER) return at;
    const whole = FRAME_HEADER + payloadLength(this.#carry, 0);
    if (this.#carry.length !== whole) {
      const header = this.#carry;
      this.#carry = Buffer.allocUnsafeSlow(whole);
      header.copy(this.#carry, 0, 0, FRAME_HEADER);
    }
    at = this.#fill(chunk, at, whole);
    if (this.#carried < whole) return at;
    const frame = this.#carry;
    this.#carry = Buffer.allocUnsafe(FRAME_HEADER);
    this.#carried = 0;
    this.#emit(frame, 0, frame.subarray(FRAME_HEADER));
    return at;
  }

  #fill(chunk: Buffer, at: number, upTo: number): number {
    const length = Math.min(upTo - this.#carried, chunk.length - at);
    if (length <= 0) return at;
    chunk.copy(this.#carry, this.#carried, at, at + length);
    this.#carried += length;
    return at + length;
  }

  #emit(header: Buffer, at: number, payload: Buffer): void {
    // The reserved first bit of the stream id is ignored.
    this.#sink(header.readUInt8(at + 3), header.readUInt8(at + 4), header.readUInt32BE(at + 5) & 0x7fff_ffff, payload);
  }
}

function payloadLength(bytes: Buffer, at: number): number {
  const length = bytes.readUIntBE(at, 3);
  if (length > MAX_FRAME)
    throw new ConnectionFault(ErrorCode.frameSizeError, `a frame of ${length} bytes, over 16 KiB`);
  return length;
}
