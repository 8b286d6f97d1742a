import { backOff } from "./health.js";
import type { HealthPolicy } from "./health.js";

/** `closed`: calls go to the guest; `open`: they fail at once; `half-open`: they fail while a fresh guest is tried. */
export type CircuitState = "closed" | "open" | "half-open";

/**
 * Counts how guests end and decides what follows. It keeps no timers. An answer makes every count start anew; an
 * answered ping closes the circuit, but one more death before the next answer opens it again.
 */
export class Circuit {
  readonly #policy: HealthPolicy;
  #state: CircuitState = "closed";
  /** In a row, whoever was at fault. */
  #failures = 0;
  #deaths = 0;
  #lostHosts = 0;
  /** How often it opened since the last answer. */
  #trips = 0;
  /** Since when there is no guest. */
  #downSince: number | null = null;

  constructor(policy: HealthPolicy) {
    this.#policy = policy;
  }

  get state(): CircuitState {
    return this.#state;
  }

  /** Deaths in a row that were the guest's own. */
  get deaths(): number {
    return this.#deaths;
  }

  /** How often in a row the shared sandbox host ended while this integration had work in it. */
  get lostHosts(): number {
    return this.#lostHosts;
  }

  /** A call was answered. */
  answered(): void {
    if (this.#failures === 0) return;
    this.#failures = 0;
    this.#deaths = 0;
    this.#lostHosts = 0;
    this.#trips = 0;
  }

  /**
   * A guest ended, or did not start; `own` false: through the end of a sandbox host that it shared. Gives the wait
   * before the next one, in ms; null: no further one now, the circuit is to open.
   */
  failed(own: boolean): number | null {
    const { deathsInARow, waitMs, backOffMs, maxBackOffMs } = this.#policy;
    this.#failures++;
    if (own) this.#deaths++;
    else this.#lostHosts++;
    const now = performance.now();
    this.#downSince ??= now;
    if (this.#deaths >= deathsInARow || now - this.#downSince >= waitMs) return null;
    return this.#failures === 1 ? 0 : backOff(this.#failures - 1, backOffMs, maxBackOffMs);
  }

  /** A fresh guest is there. */
  up(): void {
    this.#downSince = null;
  }

  /** Gives the time after which it is to be tried again, in ms. */
  open(): number {
    this.#state = "open";
    this.#trips++;
    return backOff(this.#trips, this.#policy.openMs, this.#policy.maxOpenMs);
  }

  halfOpen(): void {
    this.#state = "half-open";
  }

  /** The guest that was tried is there. */
  close(): void {
    this.#state = "closed";
    this.#downSince = null;
    this.#deaths = this.#policy.deathsInARow - 1;
  }
}
