import { systemSampler } from "../../runtimes/executable/group-use.js";
import type { GuestProcesses } from "../../runtimes/guest.js";

/** The processes that the guests of one runtime live in, and what they use. */
export class Residents implements GuestProcesses {
  readonly #groups = new Set<number>();
  readonly #sample = systemSampler();

  started(pid: number): void {
    this.#groups.add(pid);
  }

  ended(pid: number): void {
    this.#groups.delete(pid);
  }

  /** Resident memory of all of them, in bytes; null where this machine does not tell. */
  async bytes(): Promise<number | null> {
    try {
      const uses = await this.#sample(this.#groups);
      const sum = [...uses.values()].reduce((total, { bytes }) => total + bytes, 0);
      return sum > 0 ? sum : null;
    } catch {
      // `ps` cannot be run.
      return null;
    }
  }
}
