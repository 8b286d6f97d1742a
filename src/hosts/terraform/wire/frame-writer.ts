import { FRAME_HEADER, FrameType } from "./frames.js";

const SLAB = 65_536;
/** Payloads up to this size are copied next to their header: cheaper than one more entry in a gathering write. */
const COPIED = 4096;

/**
 * Gathers frames for one write. Headers and small payloads lie one after the other in a slab, larger payloads go by
 * reference. Bytes once taken are never written to again.
 */
export class FrameWriter {
  #slab = Buffer.allocUnsafeSlow(SLAB);
  #from = 0;
  #to = 0;
  #chunks: Buffer[] = [];
  #length = 0;

  /** Bytes that were written and not taken. */
  get length(): number {
    return this.#length;
  }

  header(length: number, type: number, flags: number, streamId: number): void {
    const at = this.#reserve(FRAME_HEADER);
    this.#slab.writeUIntBE(length, at, 3);
    this.#slab.writeUInt8(type, at + 3);
    this.#slab.writeUInt8(flags, at + 4);
    this.#slab.writeUInt32BE(streamId, at + 5);
  }

  byte(value: number): void {
    const at = this.#reserve(1);
    this.#slab[at] = value;
  }

  uint16(value: number): void {
    const at = this.#reserve(2);
    this.#slab.writeUInt16BE(value, at);
  }

  uint32(value: number): void {
    const at = this.#reserve(4);
    this.#slab.writeUInt32BE(value, at);
  }

  bytes(bytes: Uint8Array): void {
    if (bytes.length <= COPIED) {
      // Reserving may change the slab, so it comes first.
      const at = this.#reserve(bytes.length);
      this.#slab.set(bytes, at);
      return;
    }
    this.#endRun();
    this.#chunks.push(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length));
    this.#length += bytes.length;
  }

  /** A frame that holds one number: RST_STREAM, WINDOW_UPDATE. */
  number(type: number, streamId: number, value: number): void {
    this.header(4, type, 0, streamId);
    this.uint32(value);
  }

  goaway(lastStreamId: number, code: number): void {
    this.header(8, FrameType.goaway, 0, 0);
    this.uint32(lastStreamId);
    this.uint32(code);
  }

  /** All that was written since the last time, in order. */
  take(): Buffer[] {
    this.#endRun();
    const chunks = this.#chunks;
    this.#chunks = [];
    this.#length = 0;
    return chunks;
  }

  #reserve(length: number): number {
    if (SLAB - this.#to < length) {
      this.#endRun();
      this.#slab = Buffer.allocUnsafeSlow(SLAB);
      this.#from = this.#to = 0;
    }
    const at = this.#to;
    this.#to += length;
    this.#length += length;
    return at;
  }

  #endRun(): void {
    if (this.#to > this.#from) this.#chunks.push(this.#slab.subarray(this.#from, this.#to));
    this.#from = this.#to;
  }
}
