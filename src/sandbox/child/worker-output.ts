import type { MessagePort } from "node:worker_threads";
import { RECORD } from "./ring.js";
import type { RecordKind, Ring } from "./ring.js";
import type { PortOutput, WorkerMessage } from "./worker-messages.js";

/** The watcher is told of answers this late at most, so that many short calls share one hop. */
const FLUSH_AFTER_MS = 0.25;
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

  constructor(port: MessagePort, ring: Ring) {
    this.#port = port;
    this.#ring = ring;
  }

  /** The lines of one answer, none of which holds a LF. */
  answer(seq: number, lines: readonly string[], elapsedUs: number): void {
    const text = lines.length === 1 ? (lines[0] ?? "") : lines.join("\n");
    this.#push(this.#isLarge(text) ? RECORD.large : RECORD.text, seq, elapsedUs, text);
    const now = performance.now();
    this.#heldSinceMs ??= now;
    if (now - this.#heldSinceMs > FLUSH_AFTER_MS) this.flush();
  }

  say(message: WorkerMessage): void {
    const text = JSON.stringify(message);
    this.#push(this.#isLarge(text) ? RECORD.largeMessage : RECORD.message, 0, 0, text);
    this.#heldSinceMs ??= performance.now();
  }

  /** Tells the watcher of what there is. */
  flush(): void {
    if (this.#heldSinceMs === null) return;
    this.#heldSinceMs = null;
    if (this.#ring.mustSignal()) this.#port.postMessage(null satisfies PortOutput);
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
