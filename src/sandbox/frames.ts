import { Packr, Unpackr } from "msgpackr";
import { SandboxError } from "./sandbox-error.js";

/**
 * The file descriptor of the sandbox host at which its pipe to the parent stands; stdout and stderr stay free, so that
 * a stray print cannot break a frame.
 */
export const PIPE_FD = 3;

const HEADER_BYTES = 4;
const OPTIONS = { useRecords: false, moreTypes: false, structuredClone: false };
/** A frame is full with this; only its last message goes beyond. */
const GATHERED_WEIGHT = 256 * 1024;
const ITEM_WEIGHT = 8;
/** What a frame takes beside its last message, at most, in bytes: UTF-8 has up to 3 for each UTF-16 unit. */
export const FRAME_OVERHEAD_BYTES = 4 * GATHERED_WEIGHT;
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

/** Takes a byte stream apart into frames. Holds at most one frame of `maxFrameBytes` plus one chunk. */
export class FrameReader {
  readonly #onMessages: (messages: readonly unknown[]) => void;
  readonly #maxFrameBytes: () => number;
  readonly #isAllowed: (body: Buffer) => boolean;
  #chunks: Buffer[] = [];
  #held = 0;
  #wanted = HEADER_BYTES;
  #inBody = false;

  /** `isAllowed` sees a frame's bytes before they are unpacked. */
  constructor(
    onMessages: (messages: readonly unknown[]) => void,
    maxFrameBytes: () => number,
    isAllowed: (body: Buffer) => boolean = () => true,
  ) {
    this.#onMessages = onMessages;
    this.#maxFrameBytes = maxFrameBytes;
    this.#isAllowed = isAllowed;
  }

  /** Throws `SandboxError` SANDBOX_BAD_FRAME; the stream is then of no further use. */
  push(chunk: Buffer): void {
    this.#chunks.push(chunk);
    this.#held += chunk.length;
    while (this.#held >= this.#wanted) this.#take();
  }

  #take(): void {
    const all = this.#chunks.length === 1 ? this.#chunks[0] : Buffer.concat(this.#chunks, this.#held);
    if (all === undefined) return;
    const part = all.subarray(0, this.#wanted);
    const rest = all.subarray(this.#wanted);
    this.#chunks = rest.length === 0 ? [] : [rest];
    this.#held = rest.length;
    if (this.#inBody) {
      this.#inBody = false;
      this.#wanted = HEADER_BYTES;
      if (!this.#isAllowed(part)) throw new SandboxError("SANDBOX_BAD_FRAME", "a frame holds what no message does");
      this.#onMessages(unpackMessages(part));
      return;
    }
    const length = part.readUInt32BE(0);
    if (length > this.#maxFrameBytes())
      throw new SandboxError("SANDBOX_BAD_FRAME", `a frame of ${length} bytes is over the limit`);
    this.#inBody = true;
    this.#wanted = length;
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

/** Gathers messages of one turn of the event loop into one frame, or into several where they are large. */
export class FrameWriter<Message> {
  readonly #write: (frame: Buffer) => void;
  #queue: Message[] = [];

  constructor(write: (frame: Buffer) => void) {
    this.#write = write;
  }

  send(message: Message): void {
    this.#queue.push(message);
    if (this.#queue.length === 1)
      setImmediate(() => {
        this.flush();
      });
  }

  flush(): void {
    if (this.#queue.length === 0) return;
    const messages = this.#queue;
    this.#queue = [];
    let start = 0;
    let gathered = 0;
    for (const [at, message] of messages.entries()) {
      gathered += weight(message);
      if (gathered < GATHERED_WEIGHT) continue;
      this.#write(encodeFrame(messages.slice(start, at + 1)));
      start = at + 1;
      gathered = 0;
    }
    if (start < messages.length) this.#write(encodeFrame(messages.slice(start)));
  }
}

/** About the bytes of a message: more than its values, less than the UTF-8 of its texts. */
function weight(value: unknown): number {
  if (typeof value === "string") return ITEM_WEIGHT + value.length;
  if (Array.isArray(value)) return value.reduce<number>((sum, part) => sum + weight(part), ITEM_WEIGHT);
  return ITEM_WEIGHT;
}
