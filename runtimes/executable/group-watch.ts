import type { Limits } from "../../src/protocol/limits.js";
import { systemSampler } from "./group-use.js";
import type { GroupSampler, GroupUse } from "./group-use.js";

/** Time between two samples, in ms. */
const INTERVAL_MS = 50;
/** A limit that cannot be watched is not held, so after so many failed samples in a row the guests are ended. */
const FAILURES = 3;

/** What a group may use together. */
export type GroupLimits = Pick<Limits, "memoryBytes" | "processes">;

/** Why a group was reported: what it used, or null when that could not be measured. */
export type OverLimit = (use: GroupUse | null) => void;

interface Watched {
  readonly limits: GroupLimits;
  readonly over: OverLimit;
}

/**
 * Watches the resident memory and the number of processes of process groups: one sample of all of them every 50 ms, no
 * sample while there is none. Its timer never keeps the process alive. What a group takes and gives back between two
 * samples is not seen.
 */
export class GroupWatch {
  readonly #sampler: GroupSampler;
  readonly #groups = new Map<number, Watched>();
  #timer: NodeJS.Timeout | undefined;
  #failures = 0;

  constructor(sampler: GroupSampler = systemSampler()) {
    this.#sampler = sampler;
  }

  /** Calls `over` once, when the group uses more than its limits. The function given back ends the watch. */
  add(group: number, limits: GroupLimits, over: OverLimit): () => void {
    const watched = { limits, over };
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
      const uses = await this.#sampler(new Set(this.#groups.keys()));
      this.#failures = 0;
      for (const [group, watched] of [...this.#groups]) {
        const use = uses.get(group);
        if (use !== undefined && isOver(use, watched.limits)) this.#report(group, watched, use);
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

  #report(group: number, watched: Watched, use: GroupUse | null): void {
    if (this.#groups.get(group) !== watched) return;
    this.#remove(group);
    watched.over(use);
  }
}

function isOver(use: GroupUse, limits: GroupLimits): boolean {
  return use.bytes > limits.memoryBytes || use.processes > limits.processes;
}
