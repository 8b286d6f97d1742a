/**
 * The words that a worker and the thread that watches it share. A worker that serves a guest never turns its event
 * loop, so this is how it is woken, and how its watcher sees which call it is in and since when.
 */
const WAKE = 0;
const SEQ = 1;
const STARTED_MS = 2;
const LIMIT_MS = 3;
const WORDS = 4;

/** `SEQ` while no call is being worked on. */
export const IDLE = 0;
/** `SEQ` while the guest's code is being loaded. */
export const LOADING = -1;

/** Monotonic, the same in every thread of a process, cut to what fits a word. */
function nowMs(): number {
  return Number(process.hrtime.bigint() / 1_000_000n) | 0;
}

/** What a worker is at. */
export interface Activity {
  readonly seq: number;
  /** How long it is at it, and how long it may be, in ms. */
  readonly elapsedMs: number;
  readonly limitMs: number;
}

/** The shared words, for both of their readers; each method says whose it is. */
export class Control {
  readonly #words: Int32Array;

  constructor(readonly buffer = new SharedArrayBuffer(WORDS * Int32Array.BYTES_PER_ELEMENT)) {
    this.#words = new Int32Array(buffer);
  }

  /** Watcher: there is something to read. */
  wake(): void {
    Atomics.add(this.#words, WAKE, 1);
    Atomics.notify(this.#words, WAKE);
  }

  /** Worker: how often it was woken so far; taken before looking for messages, so that no wake is missed. */
  wakes(): number {
    return Atomics.load(this.#words, WAKE);
  }

  /** Worker: blocks its thread until woken once more than `seen`. */
  wait(seen: number): void {
    Atomics.wait(this.#words, WAKE, seen);
  }

  /** Worker: enters a call (or `LOADING`). */
  begin(seq: number, limitMs: number): void {
    Atomics.store(this.#words, SEQ, IDLE);
    Atomics.store(this.#words, STARTED_MS, nowMs());
    Atomics.store(this.#words, LIMIT_MS, limitMs);
    Atomics.store(this.#words, SEQ, seq);
  }

  /** Worker: left the call. */
  end(): void {
    Atomics.store(this.#words, SEQ, IDLE);
  }

  /** Watcher: what the worker is at; null while idle or just changing. */
  activity(): Activity | null {
    const seq = Atomics.load(this.#words, SEQ);
    const started = Atomics.load(this.#words, STARTED_MS);
    const limitMs = Atomics.load(this.#words, LIMIT_MS);
    if (seq === IDLE || seq !== Atomics.load(this.#words, SEQ)) return null;
    return { seq, elapsedMs: (nowMs() - started) | 0, limitMs };
  }

  /** Watcher, after the worker has ended: the call it was in. */
  lastSeq(): number {
    return Atomics.load(this.#words, SEQ);
  }
}
