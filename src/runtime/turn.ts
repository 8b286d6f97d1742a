import type { EncodedParams } from "../protocol/encode.js";
import type { TimedVerdict } from "../protocol/endpoint.js";
import type { Hook } from "../protocol/hooks.js";
import type { METHOD_MIGRATE } from "../protocol/messages.js";

/** What a guest is called for while it runs. */
export type CallMethod = Hook | typeof METHOD_MIGRATE;

/** A place in an instance's line. It holds the event's turn until it is filled or cancelled. */
export interface Turn {
  /** Sends the call when its turn has come. */
  call(method: CallMethod, params: EncodedParams): Promise<TimedVerdict>;
  /** Gives the turn up. */
  cancel(): void;
}

/** The line's own side of a turn: a call that is made, or not yet, or given up. */
export class Job implements Turn {
  readonly #pump: () => void;
  readonly #settled: Promise<TimedVerdict>;
  resolve!: (verdict: TimedVerdict) => void;
  reject!: (error: Error) => void;
  method: CallMethod | null = null;
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

  call(method: CallMethod, params: EncodedParams): Promise<TimedVerdict> {
    this.method = method;
    this.params = params;
    this.#pump();
    return this.#settled;
  }

  cancel(): void {
    this.cancelled = true;
    this.#pump();
  }
}
