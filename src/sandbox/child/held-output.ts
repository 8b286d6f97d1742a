import type { WorkerOutput } from "./worker-messages.js";

const HELD_BYTES = 0;
const HEADER = Int32Array.BYTES_PER_ELEMENT;
const ROOM = 64 * 1024;

/**
 * What a worker has to say but holds back for a moment, so that many short calls share one hop to the main thread.
 * It lies in shared memory: when the thread is killed in the next call, its watcher still finds it.
 */
export class HeldOutput {
  readonly #length: Int32Array;
  readonly #bytes: Uint8Array;
  readonly #encoder = new TextEncoder();

  constructor(readonly buffer = new SharedArrayBuffer(HEADER + ROOM)) {
    this.#length = new Int32Array(buffer, 0, 1);
    this.#bytes = new Uint8Array(buffer, HEADER);
  }

  /** Worker: keeps one message; false when there is no room for it. */
  hold(message: WorkerOutput): boolean {
    // An answer may be so large that its JSON exhausts the heap, which ends the whole process.
    if (message[0] === "answer" && lengthOf(message[2]) > ROOM) return false;
    const held = Atomics.load(this.#length, HELD_BYTES);
    const text = `${JSON.stringify(message)}\n`;
    const { read, written } = this.#encoder.encodeInto(text, this.#bytes.subarray(held));
    if (read < text.length) return false;
    Atomics.store(this.#length, HELD_BYTES, held + written);
    return true;
  }

  /** Worker: all that was held has been sent. */
  clear(): void {
    Atomics.store(this.#length, HELD_BYTES, 0);
  }

  /** Watcher, after the worker has ended: what it did not come to send. */
  recover(): readonly WorkerOutput[] {
    const held = Atomics.load(this.#length, HELD_BYTES);
    // A decoder takes no shared memory.
    const text = new TextDecoder().decode(this.#bytes.slice(0, held));
    return text
      .split("\n")
      .filter((line) => line !== "")
      .map((line) => JSON.parse(line) as WorkerOutput);
  }
}

function lengthOf(lines: readonly string[]): number {
  return lines.reduce((sum, line) => sum + line.length, 0);
}
