import type { MessagePort } from "node:worker_threads";
import { RECORD } from "./ring.js";
import type { RecordKind, Ring } from "./ring.js";
import type { PortOutput, WorkerMessage } from "./worker-messages.js";

/** The watcher is told of answers this late at most, so that many short calls share one hop. */
const FLUSH_AFTER_MS = 0.25;
/** … and before there is more than so much, in UTF-16 units. */
const FLUSH_AFTER_LENGTH = 16 * 1024;
const UTF8_BYTES = 3;

/**
 * What a worker says. It lies in memory that its watcher shares, so nothing of it is lost when the thread is ended in
 * its next call.
 */
export class WorkerOutput {
  readonly #port: MessagePort;
  readonly #ring: Ring;
  /** Since when the oldest of what the watcher was not told of is there; null without any. */
  #heldSinceMs: number | null = null;
  #heldLength = 0;

  constructor(port: MessagePort, ring: Ring) {
    this.#port = port;
    this.#ring = ring;
  }

  /** The lines of one answer, none of which holds a LF. */
  answer(seq: number, lines: readonly string[], elapsedUs: number): void {
    const text = lines.length === 1 ? (lines[0] ?? "") : lines.join("\n");
    this.#push(this.#isLarge(text) ? RECORD.large : RECORD.text, seq, elapsedUs, text);
    this.#flushIfDue(text.length);
  }

  say(message: WorkerMessage): void {
    const text = JSON.stringify(message);
    this.#push(this.#isLarge(text) ? RECORD.largeMessage : RECORD.message, 0, 0, text);
    this.#flushIfDue(text.length);
  }

  /** Tells the watcher of what there is. */
  flush(): void {
    if (this.#heldSinceMs === null) return;
    this.#heldSinceMs = null;
    this.#heldLength = 0;
    if (this.#ring.mustSignal()) this.#port.postMessage(null satisfies PortOutput);
  }

  #flushIfDue(length: number): void {
    const now = performance.now();
    this.#heldSinceMs ??= now;
    this.#heldLength += length;
    if (this.#heldLength > FLUSH_AFTER_LENGTH || now - this.#heldSinceMs > FLUSH_AFTER_MS) this.flush();
  }

  #isLarge(text: string): boolean {
    return text.length * UTF8_BYTES > this.#ring.mostBytes;
  }

  /** Blocks while there is no room: the watcher takes what is there as soon as it is told. */
  #push(kind: RecordKind, seq: number, figure: number, text: string): void {
    const isLarge = kind === RECORD.large || kind === RECORD.largeMessage;
    if (isLarge) {
      const bytes = new TextEncoder().encode(text);
      this.#port.postMessage(bytes satisfies PortOutput, [bytes.buffer]);
    }
    while (!this.#ring.push(kind, seq, figure, isLarge ? "" : text)) {
      this.#heldSinceMs ??= performance.now();
      this.flush();
      this.#ring.waitForRoom();
    }
  }
}
