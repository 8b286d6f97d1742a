import type { MessagePort } from "node:worker_threads";
import { RECORD, Ring } from "./ring.js";

/** About a hundred lines of a usual event; the parent sends 64 ahead. */
const INPUT_BYTES = 128 * 1024;
const NO_BYTES = new Uint8Array(0);

/** A request line on its way to a worker. */
export interface QueuedLine {
  readonly seq: number;
  readonly timeoutMs: number;
  readonly bytes: Uint8Array;
}

/** The lines in front of one worker, in their order: in memory that it shares, and behind that in ours. */
export class LineQueue {
  readonly #port: MessagePort;
  readonly #ring = Ring.of(INPUT_BYTES);
  readonly #waiting: QueuedLine[] = [];
  #hasNews = false;

  /** Large lines go by the port. */
  constructor(port: MessagePort) {
    this.#port = port;
  }

  get buffer(): SharedArrayBuffer {
    return this.#ring.buffer;
  }

  /** Takes a line; its bytes may be written over behind this. */
  add(line: QueuedLine): void {
    if (this.#waiting.length > 0 || !this.#offer(line)) {
      this.#waiting.push({ ...line, bytes: Uint8Array.from(line.bytes) });
    }
  }

  /** Moves what waited to where the worker has made room. */
  refill(): void {
    for (let [first] = this.#waiting; first !== undefined && this.#offer(first); [first] = this.#waiting) {
      this.#waiting.shift();
    }
  }

  /** Whether there is something that the worker was not told of; it counts as told then. */
  takeNews(): boolean {
    const had = this.#hasNews;
    this.#hasNews = false;
    return had;
  }

  #offer({ seq, timeoutMs, bytes }: QueuedLine): boolean {
    const isLarge = bytes.length > this.#ring.mostBytes;
    // Its bytes come first, so that they are there when the worker sees the record.
    if (isLarge && !this.#ring.hasRoom(0)) return false;
    if (isLarge) {
      const own = Uint8Array.from(bytes);
      this.#port.postMessage(own, [own.buffer]);
    }
    const pushed = this.#ring.push(isLarge ? RECORD.large : RECORD.text, seq, timeoutMs, isLarge ? NO_BYTES : bytes);
    this.#hasNews ||= pushed;
    return pushed;
  }
}
