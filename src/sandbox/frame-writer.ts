import { encodeFrame, TEXT_FRAME_BYTES, writeTextHead } from "./frames.js";
import type { TextFrame } from "./frames.js";

/** Frames are gathered in buffers of this size; a larger one has its own. */
const BATCH_BYTES = 64 * 1024;
/** Buffers that are kept for the next turns. */
const KEPT_BATCHES = 4;
/** UTF-8 has at most so many bytes for each UTF-16 unit. */
const UTF8_BYTES = 3;
/** A frame of messages is full with this; only its last message goes beyond. */
const GATHERED_WEIGHT = 256 * 1024;
const ITEM_WEIGHT = 8;
/** What a frame takes beside its last message, at most, in bytes. */
export const FRAME_OVERHEAD_BYTES = 4 * GATHERED_WEIGHT;

/** Writes bytes; `done` is called when they may be written over. */
export type WriteBytes = (bytes: Uint8Array, done: () => void) => void;

/** Gathers the frames of one turn of the event loop, so that many small ones go out with one write. */
export class FrameWriter<Message> {
  readonly #write: WriteBytes;
  readonly #kept: Buffer[] = [];
  #messages: Message[] = [];
  #batch: Buffer | null = null;
  #used = 0;
  #scheduled = false;

  constructor(write: WriteBytes) {
    this.#write = write;
  }

  send(message: Message): void {
    this.#messages.push(message);
    this.#schedule();
  }

  /** Bytes of more than 64 KiB are not copied: they must stay as they are. */
  text(frame: TextFrame<string | Uint8Array>): void {
    this.#pack();
    const { text } = frame;
    const most = TEXT_FRAME_BYTES + text.length * (typeof text === "string" ? UTF8_BYTES : 1);
    if (most <= BATCH_BYTES) {
      if (this.#used + most > BATCH_BYTES) this.#writeBatch();
      this.#batch ??= this.#kept.pop() ?? Buffer.allocUnsafeSlow(BATCH_BYTES);
      this.#used += putText(this.#batch, this.#used, frame);
    } else {
      this.#writeBatch();
      this.#writeLarge(frame);
    }
    this.#schedule();
  }

  flush(): void {
    this.#scheduled = false;
    this.#pack();
    this.#writeBatch();
  }

  #schedule(): void {
    if (this.#scheduled) return;
    this.#scheduled = true;
    setImmediate(() => {
      this.flush();
    });
  }

  #writeLarge(frame: TextFrame<string | Uint8Array>): void {
    const { text } = frame;
    const bytes = typeof text === "string" ? Buffer.from(text) : text;
    const head = Buffer.allocUnsafe(TEXT_FRAME_BYTES);
    writeTextHead(head, 0, frame, bytes.length);
    this.#write(head, nothing);
    this.#write(bytes, nothing);
  }

  #writeBatch(): void {
    const batch = this.#batch;
    if (batch === null) return;
    const used = this.#used;
    this.#batch = null;
    this.#used = 0;
    this.#write(batch.subarray(0, used), () => {
      if (this.#kept.length < KEPT_BATCHES) this.#kept.push(batch);
    });
  }

  /** Messages come before the text that follows them. */
  #pack(): void {
    if (this.#messages.length === 0) return;
    this.#writeBatch();
    const messages = this.#messages;
    this.#messages = [];
    let start = 0;
    let gathered = 0;
    for (const [at, message] of messages.entries()) {
      gathered += weight(message);
      if (gathered < GATHERED_WEIGHT) continue;
      this.#write(encodeFrame(messages.slice(start, at + 1)), nothing);
      start = at + 1;
      gathered = 0;
    }
    if (start < messages.length) this.#write(encodeFrame(messages.slice(start)), nothing);
  }
}

/** Gives the bytes that were written. */
function putText(into: Buffer, at: number, frame: TextFrame<string | Uint8Array>): number {
  const { text } = frame;
  const start = at + TEXT_FRAME_BYTES;
  let bytes = text.length;
  if (typeof text === "string") bytes = into.write(text, start, "utf8");
  else into.set(text, start);
  writeTextHead(into, at, frame, bytes);
  return TEXT_FRAME_BYTES + bytes;
}

/** About the bytes of a message: more than its values, less than the UTF-8 of its texts. */
function weight(value: unknown): number {
  if (typeof value === "string") return ITEM_WEIGHT + value.length;
  if (Array.isArray(value)) return value.reduce<number>((sum, part) => sum + weight(part), ITEM_WEIGHT);
  return ITEM_WEIGHT;
}

function nothing(): void {
  // Bytes of their own are not used again.
}
