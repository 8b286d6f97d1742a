import { CLOCK_START_MS } from "../../clock-start.js";

const NS_PER_MS = 1_000_000n;
const START_NS = BigInt(CLOCK_START_MS) * NS_PER_MS;
/** What each look at the deterministic clock moves it by, so that a loop that waits for time to pass does end. */
const STEP_NS = NS_PER_MS;

/** The clocks of preview1 that a guest finds: realtime, monotonic, process and thread time. */
export const CLOCK_COUNT = 4;
const REALTIME = 0;

/** A source of time, in ns. */
export interface Clock {
  readonly resolutionNs: bigint;
  now(clockId: number): bigint;
  /** Tells that the guest asked to sleep until this time; it is never made to wait. */
  sleepUntil(timeNs: bigint): void;
}

/** The same time for every run of the same guest: all its clocks start at 2000-01-01 and move with each look. */
export class DeterministicClock implements Clock {
  readonly resolutionNs = STEP_NS;
  #nowNs = START_NS;

  now(): bigint {
    this.#nowNs += STEP_NS;
    return this.#nowNs;
  }

  sleepUntil(timeNs: bigint): void {
    if (timeNs > this.#nowNs) this.#nowNs = timeNs;
  }
}

/** The machine's time, for a guest that was granted it. */
export class RealClock implements Clock {
  readonly resolutionNs = 1_000n;

  now(clockId: number): bigint {
    return clockId === REALTIME ? BigInt(Date.now()) * NS_PER_MS : process.hrtime.bigint();
  }

  /** The guest sees time as it is: less of it has passed than it asked for. */
  sleepUntil(): void {
    // Nothing to remember: real time goes on by itself.
  }
}
