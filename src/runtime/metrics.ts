import { createHistogram } from "node:perf_hooks";

/** Counts and times of one integration. */
export class Metrics {
  readonly #latency = createHistogram();
  calls = 0;
  failures = 0;
  restarts = 0;

  /** One answered call; `elapsedUs` is the guest's own time. */
  answered(elapsedUs: number): void {
    this.calls++;
    this.#latency.record(Math.max(1, Math.round(elapsedUs)));
  }

  /** One call that ended in no verdict. */
  failed(): void {
    this.calls++;
    this.failures++;
  }

  /** In us; null without an answered call. */
  latency(): { readonly p50: number; readonly p99: number } | null {
    if (this.#latency.count === 0) return null;
    return { p50: this.#latency.percentile(50), p99: this.#latency.percentile(99) };
  }
}
