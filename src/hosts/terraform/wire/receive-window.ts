import { ConnectionFault, ErrorCode, FrameType } from "./frames.js";
import type { FrameWriter } from "./frame-writer.js";
import type { HopStream } from "./hop-stream.js";

/** Bytes that a peer may send ahead on one stream, and on all streams of a connection together. */
export const STREAM_WINDOW = 4 * 1_048_576;
export const CONNECTION_WINDOW = 16 * 1_048_576;

/** What one peer may still send. Credit goes back in large steps, so that small calls cause no frames. */
export class ReceiveWindow {
  #left = CONNECTION_WINDOW;
  #unreturned = 0;

  /** The peer sent so many bytes, padding included; throws `ConnectionFault` when it was not allowed to. */
  received(stream: HopStream | undefined, bytes: number): void {
    this.#left -= bytes;
    if (stream !== undefined) stream.receiveWindow -= bytes;
    if (this.#left < 0 || (stream !== undefined && stream.receiveWindow < 0)) {
      throw new ConnectionFault(ErrorCode.flowControlError, "more bytes than the window allows");
    }
  }

  /** So many bytes need no room any more. Whether that wrote a frame. A stream that is over gets nothing. */
  consumed(to: FrameWriter, stream: HopStream | null, bytes: number): boolean {
    let wrote = false;
    this.#unreturned += bytes;
    if (this.#unreturned >= CONNECTION_WINDOW / 2) {
      to.number(FrameType.windowUpdate, 0, this.#unreturned);
      this.#left += this.#unreturned;
      this.#unreturned = 0;
      wrote = true;
    }
    if (stream === null || stream.closed || stream.remoteEnded) return wrote;
    stream.unreturned += bytes;
    if (stream.unreturned < STREAM_WINDOW / 2) return wrote;
    to.number(FrameType.windowUpdate, stream.id, stream.unreturned);
    stream.receiveWindow += stream.unreturned;
    stream.unreturned = 0;
    return true;
  }
}
