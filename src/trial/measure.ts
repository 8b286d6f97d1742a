import { percentile } from "../base/percentile.js";
import type { AirlockEvent } from "../protocol/events.js";
import type { Hook } from "../protocol/hooks.js";
import type { TrialReport, TrialTimes } from "../report/trial-report.js";
import type { IntegrationResult, Runtime } from "../runtime/types.js";

const US_PER_MS = 1_000;
/** Calls that are under way at once while the time per call is measured. */
const UNDER_WAY = 16;

/** When to stop: whatever comes first. */
export interface Bounds {
  readonly calls: number;
  readonly timeMs: number;
  readonly signal: AbortSignal;
}

/** What calls came to. */
export class Measured {
  readonly latencies = new Map<Hook, number[]>();
  readonly guest: number[] = [];
  readonly verdicts = { success: 0, warn: 0, fail: 0 };
  readonly #broken = new Map<string, { calls: number; readonly message: string }>();

  /** Counts one call; `latencyUs` is from the event to the verdict. */
  take(hook: Hook, latencyUs: number, { status, error }: IntegrationResult): void {
    if (error !== null || status === "error") {
      const { code, message } = error ?? { code: "INTERNAL", message: "" };
      const before = this.#broken.get(code);
      if (before === undefined) this.#broken.set(code, { calls: 1, message });
      else before.calls += 1;
      return;
    }
    this.verdicts[status] += 1;
    const times = this.latencies.get(hook) ?? [];
    this.latencies.set(hook, times);
    times.push(latencyUs);
  }

  get broken(): TrialReport["broken"] {
    return [...this.#broken].map(([code, { calls, message }]) => ({ code, calls, message }));
  }

  get all(): readonly number[] {
    return [...this.latencies.values()].flat();
  }
}

/** Median, 99th percentile and the longest of times. Throws RangeError without one. */
export function timesOf(values: readonly number[]): TrialTimes {
  const sorted = values.toSorted((one, other) => one - other);
  const [p50, p99, max] = [0.5, 0.99, 1].map((share) => percentile(sorted, share));
  return { p50: p50 ?? 0, p99: p99 ?? 0, max: max ?? 0 };
}

/** Sends the events, one by one and again from the first, until a bound is reached. */
export async function measureOneByOne(
  runtime: Runtime,
  events: readonly AirlockEvent[],
  { calls, timeMs, signal }: Bounds,
  measured: Measured,
  onCall: (done: number) => void,
): Promise<void> {
  const started = performance.now();
  for (let call = 0; call < calls; call++) {
    const event = events[call % events.length];
    const before = performance.now();
    if (event === undefined || signal.aborted || before - started > timeMs) return;
    const { results } = await runtime.dispatch(event);
    const latencyUs = (performance.now() - before) * US_PER_MS;
    for (const result of results) measured.take(event.hook, latencyUs, result);
    onCall(call + 1);
  }
}

/** Wall time per call with 16 under way, in us. */
export async function measureManyAtOnce(
  runtime: Runtime,
  events: readonly AirlockEvent[],
  { calls, timeMs, signal }: Bounds,
): Promise<number> {
  const started = performance.now();
  let next = 0;
  async function caller(): Promise<void> {
    while (next < calls && !signal.aborted && performance.now() - started < timeMs) {
      const event = events[next++ % events.length];
      if (event !== undefined) await runtime.dispatch(event);
    }
  }
  await Promise.all(Array.from({ length: UNDER_WAY }, caller));
  return ((performance.now() - started) * US_PER_MS) / Math.max(1, next);
}
