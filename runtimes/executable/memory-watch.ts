import { systemSampler } from "./group-memory.js";
import type { MemorySampler } from "./group-memory.js";

/** Time between two samples, in ms. */
const INTERVAL_MS = 50;
/** A limit that cannot be watched is not held, so after so many failed samples in a row the guests are ended. */
const FAILURES = 3;

/** Why a group was reported: what it used in bytes, or null when its memory could not be measured. */
export type OverLimit = (usedBytes: number | null) => void;

interface Watched {
  readonly limitBytes: number;
  readonly over: OverLimit;
}

/**
 * Watches the resident memory of process groups: one sample of all of them every 50 ms, no sample while there is none.
 * Its timer never keeps the process alive. What a group takes and gives back between two samples is not seen.
 */
export class MemoryWatch {
  readonly #sampler: MemorySampler;
  readonly #groups = new Map<number, Watched>();
  #timer: NodeJS.Timeout | undefined;
  #failures = 0;

  constructor(sampler: MemorySampler = systemSampler()) {
    this.#sampler = sampler;
  }

  /** Calls `over` once, when the group uses more than `limitBytes`. The function given back ends the watch. */
  add(group: number, limitBytes: number, over: OverLimit): () => void {
    const watched = { limitBytes, over };
    this.#groups.set(group, watched);
    this.#schedule();
    return () => {
      if (this.#groups.get(group) === watched) this.#remove(group);
    };
  }

  #remove(group: number): void {
    this.#groups.delete(group);
    if (this.#groups.size > 0) return;
    clearTimeout(this.#timer);
    this.#timer = undefined;
  }

  #schedule(): void {
    if (this.#timer !== undefined || this.#groups.size === 0) return;
    this.#timer = setTimeout(() => void this.#sample(), INTERVAL_MS).unref();
  }

  async #sample(): Promise<void> {
    const timer = this.#timer;
    try {
      const memory = await this.#sampler(new Set(this.#groups.keys()));
      this.#failures = 0;
      for (const [group, watched] of [...this.#groups]) {
        const used = memory.get(group) ?? 0;
        if (used > watched.limitBytes) this.#report(group, watched, used);
      }
    } catch {
      if (++this.#failures >= FAILURES) {
        for (const [group, watched] of [...this.#groups]) this.#report(group, watched, null);
      }
    }
    // While the sample was taken, the last group may have gone and a new one have set a timer of its own.
    if (this.#timer !== timer) return;
    this.#timer = undefined;
    this.#schedule();
  }

  #report(group: number, watched: Watched, used: number | null): void {
    if (this.#groups.get(group) !== watched) return;
    this.#remove(group);
    watched.over(used);
  }
}
