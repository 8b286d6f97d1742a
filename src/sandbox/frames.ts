import { Packr, Unpackr } from "msgpackr";
import { SandboxError } from "./sandbox-error.js";

/**
 * The file descriptor of the sandbox host at which its pipe to the parent stands; stdout and stderr stay free, so that
 * a stray print cannot break a frame.
 */
export const PIPE_FD = 3;

const HEADER_BYTES = 4;
const OPTIONS = { useRecords: false, moreTypes: false, structuredClone: false };
/**
 * The first byte of a text frame; msgpack never begins with it
 * (https://github.com/msgpack/msgpack/blob/master/spec.md#formats).
 */
const TEXT_MARK = 0xc1;
/** What stands in front of the text: mark, guest, call, figure. */
const TEXT_HEAD_BYTES = 17;
const packr = new Packr(OPTIONS);
const unpackr = new Unpackr(OPTIONS);

/** One frame: its length (u32, big endian), then a msgpack array of messages. */
export function encodeFrame(messages: readonly unknown[]): Buffer {
  const body = packr.pack(messages);
  const frame = Buffer.allocUnsafe(HEADER_BYTES + body.length);
  frame.writeUInt32BE(body.length, 0);
  frame.set(body, HEADER_BYTES);
  return frame;
}

/**
 * What goes to and fro with every call: a line, or the lines of an answer. It is no msgpack, so that the text is neither
 * looked at nor copied more often than it must be.
 */
export interface TextFrame<Text> {
  readonly guest: number;
  readonly seq: number;
  /** The call's time limit in ms towards the guest, the guest's own time in us from it. */
  readonly figure: number;
  readonly text: Text;
}

/** Bytes of a text frame without its text. */
export const TEXT_FRAME_BYTES = HEADER_BYTES + TEXT_HEAD_BYTES;

/** Writes all of a text frame but its text, which has `bytes` bytes and follows. */
export function writeTextHead(into: Buffer, at: number, frame: TextFrame<unknown>, bytes: number): void {
  into.writeUInt32BE(TEXT_HEAD_BYTES + bytes, at);
  into.writeUInt8(TEXT_MARK, at + 4);
  into.writeUInt32BE(frame.guest, at + 5);
  into.writeUInt32BE(frame.seq, at + 9);
  into.writeDoubleBE(frame.figure, at + 13);
}

/** What a `FrameReader` does with what it finds. */
export interface FrameHandler {
  readonly messages: (messages: readonly unknown[]) => void;
  /** The text is a window that is valid only while this runs. */
  readonly text: (frame: TextFrame<Buffer>) => void;
  /** Sees the bytes of messages before they are unpacked. */
  readonly isAllowed?: (body: Buffer) => boolean;
}

/** Takes a byte stream apart into frames. Holds at most one frame of `maxFrameBytes` plus one chunk. */
export class FrameReader {
  readonly #handler: FrameHandler;
  readonly #maxFrameBytes: () => number;
  #chunks: Buffer[] = [];
  #held = 0;
  #wanted = HEADER_BYTES;

  constructor(handler: FrameHandler, maxFrameBytes: () => number) {
    this.#handler = handler;
    this.#maxFrameBytes = maxFrameBytes;
  }

  /** Throws `SandboxError` SANDBOX_BAD_FRAME; the stream is then of no further use. */
  push(chunk: Buffer): void {
    this.#chunks.push(chunk);
    this.#held += chunk.length;
    if (this.#held < this.#wanted) return;
    const all = this.#chunks.length === 1 ? chunk : Buffer.concat(this.#chunks, this.#held);
    let at = 0;
    for (;;) {
      this.#wanted = HEADER_BYTES;
      if (all.length - at < HEADER_BYTES) break;
      const length = all.readUInt32BE(at);
      if (length > this.#maxFrameBytes()) {
        throw new SandboxError("SANDBOX_BAD_FRAME", `a frame of ${length} bytes is over the limit`);
      }
      this.#wanted = HEADER_BYTES + length;
      if (all.length - at < this.#wanted) break;
      const end = at + this.#wanted;
      this.#take(all, at + HEADER_BYTES, end);
      at = end;
    }
    const rest = all.subarray(at);
    this.#chunks = rest.length === 0 ? [] : [rest];
    this.#held = rest.length;
  }

  #take(all: Buffer, start: number, end: number): void {
    if (all[start] !== TEXT_MARK || start === end) {
      const body = all.subarray(start, end);
      if (this.#handler.isAllowed?.(body) === false) {
        throw new SandboxError("SANDBOX_BAD_FRAME", "a frame holds what no message does");
      }
      this.#handler.messages(unpackMessages(body));
      return;
    }
    if (end - start < TEXT_HEAD_BYTES) throw new SandboxError("SANDBOX_BAD_FRAME", "a frame of text is cut short");
    this.#handler.text({
      guest: all.readUInt32BE(start + 1),
      seq: all.readUInt32BE(start + 5),
      figure: all.readDoubleBE(start + 9),
      text: all.subarray(start + TEXT_HEAD_BYTES, end),
    });
  }
}

function unpackMessages(body: Buffer): readonly unknown[] {
  let value: unknown;
  try {
    value = unpackr.unpack(body);
  } catch (cause) {
    throw new SandboxError("SANDBOX_BAD_FRAME", "a frame is not msgpack", { cause });
  }
  if (!Array.isArray(value)) throw new SandboxError("SANDBOX_BAD_FRAME", "a frame holds no array of messages");
  return value as unknown[];
}
