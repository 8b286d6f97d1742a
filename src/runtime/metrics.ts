import { createHistogram } from "node:perf_hooks";

/** The first calls of a guest are slow, since its code is compiled meanwhile: only after so much time its pace tells. */
const TELLING_US = 300_000;

/** Counts and times of one integration. */
export class Metrics {
  readonly #latency = createHistogram();
  #totalUs = 0;
  calls = 0;
  failures = 0;
  restarts = 0;

  /** One answered call; `elapsedUs` is the guest's own time. */
  answered(elapsedUs: number): void {
    this.calls++;
    this.#latency.record(Math.max(1, Math.round(elapsedUs)));
    this.#totalUs += elapsedUs;
  }

  /** One call that ended in no verdict. */
  failed(): void {
    this.calls++;
    this.failures++;
  }

  /** What a call takes on average, in us; 0 while all calls together took too little to tell. */
  get paceUs(): number {
    return this.#totalUs < TELLING_US ? 0 : this.#totalUs / this.#latency.count;
  }

  /** In us; null without an answered call. */
  latency(): { readonly p50: number; readonly p99: number } | null {
    if (this.#latency.count === 0) return null;
    return { p50: this.#latency.percentile(50), p99: this.#latency.percentile(99) };
  }
}
