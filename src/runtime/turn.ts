import type { EncodedParams } from "../protocol/encode.js";
import type { TimedVerdict } from "../protocol/endpoint.js";
import type { Hook } from "../protocol/hooks.js";

/** A place in an instance's line. It holds the event's turn until it is filled or cancelled. */
export interface Turn {
  /** Sends the call when its turn has come. */
  call(hook: Hook, params: EncodedParams): Promise<TimedVerdict>;
  /** Gives the turn up. */
  cancel(): void;
}

/** The line's own side of a turn: a call that is made, or not yet, or given up. */
export class Job implements Turn {
  readonly #pump: () => void;
  readonly #settled: Promise<TimedVerdict>;
  resolve!: (verdict: TimedVerdict) => void;
  reject!: (error: Error) => void;
  hook: Hook | null = null;
  params: EncodedParams | null = null;
  cancelled = false;

  /** `pump` is told when there is something new to look at. */
  constructor(pump: () => void) {
    this.#pump = pump;
    this.#settled = new Promise((resolve, reject) => {
      this.resolve = resolve;
      this.reject = reject;
    });
  }

  call(hook: Hook, params: EncodedParams): Promise<TimedVerdict> {
    this.hook = hook;
    this.params = params;
    this.#pump();
    return this.#settled;
  }

  cancel(): void {
    this.cancelled = true;
    this.#pump();
  }
}
