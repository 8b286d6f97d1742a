import type { Piscina } from "piscina";
import type { ProgramSpec } from "../messages.js";
import type { ServeTask, WarmUpTask } from "./worker-messages.js";

/** The part of a pool that is looked at here. */
export type SparePool = Pick<Piscina<ServeTask | WarmUpTask, undefined>, "run" | "destroy">;

/**
 * One worker that stands ready to take over, with all loaded that guests of a kind need and nothing of any guest. It is
 * made only when a guest seems to hang, so that a run in which none does pays nothing for it.
 */
export class SpareWorker<Pool extends SparePool> {
  readonly #newPool: () => Pool;
  #spare: { readonly kind: ProgramSpec["kind"]; readonly pool: Pool } | null = null;

  /** `newPool` makes a pool of one worker. */
  constructor(newPool: () => Pool) {
    this.#newPool = newPool;
  }

  /** Makes one, unless there is one. */
  prepare(kind: ProgramSpec["kind"]): void {
    if (this.#spare !== null || kind === "config-only") return;
    const pool = this.#newPool();
    this.#spare = { kind, pool };
    pool.run({ warmUp: kind }).catch(() => {
      // It could not be started: the next guest starts one of its own.
      if (this.#spare?.pool === pool) this.#spare = null;
      void pool.destroy();
    });
  }

  /** Gives it away, to be destroyed by who got it; null when there is none for this kind. */
  take(kind: ProgramSpec["kind"]): Pool | null {
    const spare = this.#spare;
    if (spare?.kind !== kind) return null;
    this.#spare = null;
    return spare.pool;
  }
}
