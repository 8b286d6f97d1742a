import { GuestError } from "../../runtimes/guest-error.js";
import type { Guest, GuestObserver } from "../../runtimes/guest.js";
import { LogLimiter } from "../../runtimes/log-limiter.js";
import type { EncodedParams } from "../protocol/encode.js";
import { GuestEndpoint } from "../protocol/endpoint.js";
import type { InitializeParams, InitializeResult } from "../protocol/initialize.js";
import type { Limits } from "../protocol/limits.js";
import { METHOD_MIGRATE } from "../protocol/messages.js";
import type { LogRecord } from "../protocol/messages.js";
import { RuntimeError } from "./runtime-error.js";
import { Job } from "./turn.js";
import type { CallMethod, Turn } from "./turn.js";

/** Calls handed to a guest before the first of them is answered: enough to keep it busy, few enough to lose. */
const WINDOW = 64;
/** A guest that ends this often without one answer in between is given up. */
const MAX_DEATHS_IN_A_ROW = 3;
/** The same, where the sandbox host ended: most often it was another guest that brought it down. */
const MAX_SANDBOX_DEATHS_IN_A_ROW = 10;

/** What an `Instance` works with. */
export interface InstanceOptions {
  readonly limits: Limits;
  readonly initialize: InitializeParams;
  /** Makes a fresh guest. */
  readonly open: (observer: GuestObserver) => Promise<Guest>;
  /** Answers what the guest asks of its host; see `GuestObserver`. */
  readonly answer: NonNullable<GuestObserver["answer"]>;
  readonly log: (record: LogRecord) => void;
  /** Nothing is left to do. */
  readonly idle: () => void;
  /** A fresh guest took over from one that ended with this error. */
  readonly restarted: (error: Error) => void;
}

/**
 * One instance of an integration over all its guests: keeps the line of calls, replaces a guest that ended, sends on
 * what the old one had not begun. Calls reach the guest in the order in which their turns were taken.
 */
export class Instance {
  readonly #options: InstanceOptions;
  readonly #log: LogLimiter;
  #queue: Job[] = [];
  #returned: Job[] = [];
  #inFlight = new Set<Job>();
  #guest: Guest | null = null;
  /** Started, and not yet ready for calls. */
  #opening: Guest | null = null;
  #endpoint: GuestEndpoint | null = null;
  #deaths = 0;
  #sandboxDeaths = 0;
  #down: Error | null = null;

  constructor(options: InstanceOptions) {
    this.#options = options;
    this.#log = new LogLimiter(options.limits, options.log);
  }

  /** Calls waiting or under way. */
  get load(): number {
    return this.#queue.length + this.#inFlight.size;
  }

  /** Calls waiting. */
  get waiting(): number {
    return this.#queue.length;
  }

  /** Takes no calls any more. */
  get isDown(): boolean {
    return this.#down !== null;
  }

  /** Opens the first guest. Rejects with whatever keeps it from starting; the instance is then down. */
  async start(): Promise<InitializeResult> {
    try {
      return await this.#open();
    } catch (error) {
      this.#down = asError(error);
      throw this.#down;
    }
  }

  /** Takes the next place in the line. */
  turn(): Turn {
    const job = new Job(() => {
      this.#pump();
    });
    this.#queue.push(job);
    return job;
  }

  /** Takes over the later half of the calls that wait in another instance's line. Only where their order means nothing. */
  relieve(other: Instance): void {
    this.#queue.push(...other.#queue.splice(Math.floor(other.#queue.length / 2)));
    this.#pump();
  }

  /**
   * Asks the guest to come to its end, then ends it; one in the middle of a call is ended at once. Rejects with what it
   * did wrong over it.
   */
  async stop(): Promise<void> {
    const endpoint = this.#inFlight.size === 0 ? this.#endpoint : null;
    this.#endpoint = null;
    this.#down ??= new RuntimeError("RUNTIME_STATE", "the runtime was stopped");
    this.#rejectAll(this.#down);
    try {
      await endpoint?.shutdown();
    } finally {
      this.#log.flush();
      await this.#guest?.close();
      await this.#opening?.close();
    }
  }

  async #open(): Promise<InitializeResult> {
    const log = (record: LogRecord): void => {
      this.#log.push(record);
    };
    const guest = await this.#options.open({ log, answer: this.#options.answer });
    const endpoint = new GuestEndpoint({
      exchange: (line) => guest.exchange(line),
      maxMessageBytes: this.#options.limits.messageBytes,
      log,
    });
    this.#opening = guest;
    try {
      this.#checkUp();
      const result = await endpoint.initialize(this.#options.initialize);
      this.#checkUp();
      this.#guest = guest;
      this.#endpoint = endpoint;
      return result;
    } catch (error) {
      await guest.close();
      throw error;
    } finally {
      this.#opening = null;
    }
  }

  /** Throws when the instance was stopped in the meantime: nobody would ever close a guest that starts then. */
  #checkUp(): void {
    if (this.#down !== null) throw this.#down;
  }

  #pump(): void {
    if (this.#down !== null) {
      this.#rejectAll(this.#down);
      return;
    }
    const endpoint = this.#endpoint;
    if (endpoint === null) return;
    while (this.#inFlight.size < WINDOW) {
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
    this.#inFlight.add(job);
    const answer = method === METHOD_MIGRATE ? endpoint.migrate(params) : endpoint.hook(method, params);
    answer.then(
      (verdict) => {
        this.#inFlight.delete(job);
        this.#deaths = 0;
        this.#sandboxDeaths = 0;
        job.resolve(verdict);
        this.#pump();
        if (this.load === 0) this.#options.idle();
      },
      (error: unknown) => {
        this.#inFlight.delete(job);
        this.#callFailed(endpoint, job, asError(error));
      },
    );
  }

  #callFailed(endpoint: GuestEndpoint, job: Job, error: Error): void {
    // A call that never reached its guest is not lost: the next guest gets it.
    if (error instanceof GuestError && error.code === "GUEST_GONE" && this.#down === null) this.#returned.push(job);
    else job.reject(error);
    if (error instanceof GuestError && error.gone && this.#endpoint === endpoint) {
      this.#endpoint = null;
      void this.#replace(error);
    } else this.#pump();
  }

  /** Opens a fresh guest until one starts, or gives up. */
  async #replace(first: Error): Promise<void> {
    let error = first;
    await this.#guest?.close();
    this.#guest = null;
    while (this.#down === null) {
      if (this.#isHopeless(error)) {
        this.#down = gaveUp(this.#deaths + this.#sandboxDeaths, error);
        break;
      }
      try {
        await this.#open();
        this.#options.restarted(error);
        break;
      } catch (cause) {
        error = asError(cause);
      }
    }
    this.#queue = [...this.#returned, ...this.#queue];
    this.#returned = [];
    this.#pump();
  }

  /** Counts a death. */
  #isHopeless(error: Error): boolean {
    if (error instanceof GuestError && error.code === "GUEST_SANDBOX_DIED") {
      return ++this.#sandboxDeaths >= MAX_SANDBOX_DEATHS_IN_A_ROW;
    }
    return ++this.#deaths >= MAX_DEATHS_IN_A_ROW;
  }

  /** Calls whose turn is only taken stay in the line: they are rejected when they are made. */
  #rejectAll(error: Error): void {
    const waiting = this.#queue.filter((job) => job.method !== null);
    this.#queue = this.#queue.filter((job) => job.method === null && !job.cancelled);
    for (const job of waiting) job.reject(error);
  }
}

function asError(error: unknown): Error {
  return error instanceof Error ? error : new Error(String(error));
}

function gaveUp(deaths: number, cause: Error): RuntimeError {
  return new RuntimeError("RUNTIME_GAVE_UP", `it ended ${deaths} times in a row; the last time: ${cause.message}`, {
    cause,
    remedy: "Mend or remove the integration; it is not called any more in this run.",
  });
}
