import { Packr, Unpackr } from "msgpackr";
import { SandboxError } from "./sandbox-error.js";

const HEADER_BYTES = 4;
const OPTIONS = { useRecords: false, moreTypes: false, structuredClone: false };
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
  #chunks: Buffer[] = [];
  #held = 0;
  #wanted = HEADER_BYTES;
  #inBody = false;

  constructor(onMessages: (messages: readonly unknown[]) => void, maxFrameBytes: () => number) {
    this.#onMessages = onMessages;
    this.#maxFrameBytes = maxFrameBytes;
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

/** Gathers messages of one turn of the event loop into one frame. */
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
    this.#write(encodeFrame(messages));
  }
}
