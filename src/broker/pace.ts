import { setTimeout as delay } from "node:timers/promises";
import { RequestError } from "../protocol/request-error.js";

/** How many requests may be made. */
export interface PaceLimits {
  readonly concurrent: number;
  readonly perSecond: number;
  readonly burst: number;
}

/** Holds the HTTP requests of one integration to a number at once and to a rate. What is over either waits its turn. */
export class Pace {
  readonly #limits: PaceLimits;
  readonly #now: () => number;
  readonly #waiting: (() => void)[] = [];
  #running = 0;
  /** When the last request so far would have been made at an even pace, in ms. */
  #evenAt = -Infinity;

  constructor(limits: PaceLimits, now: () => number = () => performance.now()) {
    this.#limits = limits;
    this.#now = now;
  }

  /**
   * Runs a request when its turn has come. Throws `RequestError` REQUEST_RATE at once when that would take longer than
   * `patienceMs`; rejects with the signal's reason when it fires while the request waits.
   */
  async run<T>(request: () => Promise<T>, patienceMs: number, signal: AbortSignal): Promise<T> {
    await this.#place(signal);
    try {
      const waitMs = this.#takeTurn(patienceMs);
      if (waitMs > 0) await delay(waitMs, undefined, { signal });
      return await request();
    } finally {
      const next = this.#waiting.shift();
      if (next === undefined) this.#running--;
      else next();
    }
  }

  async #place(signal: AbortSignal): Promise<void> {
    signal.throwIfAborted();
    if (this.#running < this.#limits.concurrent) {
      this.#running++;
      return;
    }
    await new Promise<void>((resolve, reject) => {
      const leave = (): void => {
        this.#waiting.splice(this.#waiting.indexOf(enter), 1);
        reject(signal.reason instanceof Error ? signal.reason : new Error("aborted"));
      };
      const enter = (): void => {
        signal.removeEventListener("abort", leave);
        resolve();
      };
      this.#waiting.push(enter);
      signal.addEventListener("abort", leave, { once: true });
    });
  }

  /** How long to wait until it is this request's turn, in ms. */
  #takeTurn(patienceMs: number): number {
    const { perSecond, burst } = this.#limits;
    const everyMs = 1_000 / perSecond;
    const now = this.#now();
    const evenAt = Math.max(this.#evenAt + everyMs, now);
    const waitMs = Math.max(0, evenAt - now - (burst - 1) * everyMs);
    if (waitMs > patienceMs) {
      throw new RequestError("REQUEST_RATE", `it makes over ${perSecond} HTTP requests a second`, {
        remedy: "ask less often, or keep what was answered",
      });
    }
    this.#evenAt = evenAt;
    return waitMs;
  }
}
