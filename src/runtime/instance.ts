import { GuestError } from "../../runtimes/guest-error.js";
import { LogLimiter } from "../../runtimes/log-limiter.js";
import type { EncodedParams } from "../protocol/encode.js";
import type { GuestEndpoint } from "../protocol/endpoint.js";
import type { InitializeResult } from "../protocol/initialize.js";
import { METHOD_MIGRATE } from "../protocol/messages.js";
import type { CircuitState } from "./circuit.js";
import { Keeper } from "./keeper.js";
import type { KeeperOptions } from "./keeper.js";
import { quarantined } from "./quarantine.js";
import { Job } from "./turn.js";
import type { CallMethod, Turn } from "./turn.js";

/** Calls handed to a guest before the first of them is answered: enough to keep it busy, few enough to lose. */
const WINDOW = 64;
/** The same beside other instances: enough for the way to and fro, so that the others can take over what waits. */
const SHARED_WINDOW = 8;

/** What an `Instance` works with. */
export interface InstanceOptions extends Omit<KeeperOptions, "changed"> {
  /**
   * A call that may have been begun when the sandbox host ended is sent again. Only for guests that can have no effect
   * outside of it.
   */
  readonly repeatable: boolean;
  /** Nothing is left to do. */
  readonly idle: () => void;
}

/**
 * One instance of an integration over all its guests: keeps the line of calls, and sends on what a guest that ended had
 * not begun. Calls reach the guest in the order in which their turns were taken.
 *
 * - A call in which its guest ended is an error; it is not sent again.
 * - When a sandbox host ends nobody knows by whose fault. Calls that were with a guest in it are sent again, if
 *   repeatable; once the guest has a host of its own, one by one, so that the one that ends it is known: RUNTIME_QUARANTINED.
 */
export class Instance {
  readonly #options: InstanceOptions;
  readonly #log: LogLimiter;
  readonly #keeper: Keeper;
  #queue: Job[] = [];
  #returned: Job[] = [];
  readonly #inFlight = new Set<Job>();
  /** With a guest when its sandbox host ended, and not answered since. */
  readonly #suspects = new Set<Job>();
  #window = WINDOW;
  /** A call was made since the last look at it. */
  #used = true;

  constructor(options: InstanceOptions) {
    this.#options = options;
    this.#log = new LogLimiter(options.limits, options.log);
    this.#keeper = new Keeper({
      ...options,
      log: (record) => {
        this.#log.push(record);
      },
      changed: () => {
        this.#queue = [...this.#returned, ...this.#queue];
        this.#returned = [];
        this.#pump();
      },
    });
  }

  /** Calls waiting or under way. */
  get load(): number {
    return this.#queue.length + this.#inFlight.size;
  }

  /** Calls waiting. */
  get waiting(): number {
    return this.#queue.length;
  }

  /** Takes no calls now. */
  get isDown(): boolean {
    return this.#keeper.down !== null;
  }

  get circuit(): CircuitState {
    return this.#keeper.circuit;
  }

  /** Opens the first guest. Rejects with whatever keeps it from starting; the instance is then down. */
  start(): Promise<InitializeResult> {
    return this.#keeper.start();
  }

  /** Takes the next place in the line. */
  turn(): Turn {
    const job = new Job(() => {
      this.#pump();
    });
    this.#queue.push(job);
    return job;
  }

  /** There are others beside it, which may take over what waits here. */
  share(): void {
    this.#window = SHARED_WINDOW;
  }

  /** Takes over the later half of the calls that wait in another instance's line. Only where their order means nothing. */
  relieve(other: Instance): void {
    if (other.#suspects.size > 0) return;
    this.#queue.push(...other.#queue.splice(Math.floor(other.#queue.length / 2)));
    this.#pump();
  }

  /** Asks a guest that had nothing to do since the last look whether it is there; one that is not is replaced. */
  look(): void {
    if (!this.#used && this.load === 0) this.#keeper.ping();
    this.#used = false;
  }

  /**
   * Asks the guest to come to its end, then ends it; one in the middle of a call is ended at once. Rejects with what it
   * did wrong over it.
   */
  async stop(): Promise<void> {
    try {
      await this.#keeper.stop(this.#inFlight.size === 0);
    } finally {
      this.#log.flush();
    }
  }

  #pump(): void {
    const { down, endpoint } = this.#keeper;
    if (down !== null) {
      this.#rejectAll(down);
      return;
    }
    if (endpoint === null) return;
    const window = this.#suspects.size > 0 && this.#keeper.apart ? 1 : this.#window;
    while (this.#inFlight.size < window) {
      const job = this.#queue[0];
      if (job === undefined) return;
      if (job.cancelled) this.#queue.shift();
      else if (job.method !== null && job.params !== null) {
        this.#queue.shift();
        this.#send(endpoint, job, job.method, job.params);
      } else return;
    }
  }

  #send(endpoint: GuestEndpoint, job: Job, method: CallMethod, params: EncodedParams): void {
    this.#used = true;
    this.#inFlight.add(job);
    const answer = method === METHOD_MIGRATE ? endpoint.migrate(params) : endpoint.hook(method, params);
    answer.then(
      (verdict) => {
        this.#inFlight.delete(job);
        this.#suspects.delete(job);
        this.#keeper.answered();
        job.resolve(verdict);
        this.#pump();
        if (this.load === 0) this.#options.idle();
      },
      (error: unknown) => {
        this.#inFlight.delete(job);
        this.#callFailed(endpoint, job, error instanceof Error ? error : new Error(String(error)));
      },
    );
  }

  #callFailed(endpoint: GuestEndpoint, job: Job, error: Error): void {
    const ended = error instanceof GuestError && error.gone ? error : null;
    if (ended?.code === "GUEST_GONE" && !this.isDown) {
      // It never reached its guest, so it is not lost: the next guest gets it.
      this.#returned.push(job);
    } else if (ended?.code === "GUEST_SANDBOX_DIED" && this.#options.repeatable && !this.isDown) {
      this.#hostEnded(job, ended);
    } else {
      this.#suspects.delete(job);
      job.reject(error);
    }
    if (ended !== null) this.#keeper.ended(endpoint, ended);
    this.#pump();
  }

  #hostEnded(job: Job, error: GuestError): void {
    if (this.#suspects.delete(job) && this.#keeper.apart) {
      // Alone with its guest, and its guest alone with its host: it is this call.
      job.reject(quarantined(error));
      return;
    }
    this.#suspects.add(job);
    this.#returned.push(job);
  }

  /** Calls whose turn is only taken stay in the line: they are rejected when they are made. */
  #rejectAll(error: Error): void {
    const waiting = this.#queue.filter((job) => job.method !== null);
    this.#queue = this.#queue.filter((job) => job.method === null && !job.cancelled);
    for (const job of waiting) {
      this.#suspects.delete(job);
      job.reject(error);
    }
  }
}
