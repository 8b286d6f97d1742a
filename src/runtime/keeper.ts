import { GuestError } from "../../runtimes/guest-error.js";
import type { Guest, GuestObserver } from "../../runtimes/guest.js";
import { GuestEndpoint } from "../protocol/endpoint.js";
import type { InitializeParams, InitializeResult } from "../protocol/initialize.js";
import type { Limits } from "../protocol/limits.js";
import type { LogRecord } from "../protocol/messages.js";
import { SandboxError } from "../sandbox/sandbox-error.js";
import { Circuit } from "./circuit.js";
import type { CircuitState } from "./circuit.js";
import type { HealthPolicy } from "./health.js";
import { Pause } from "./pause.js";
import { RuntimeError } from "./runtime-error.js";

/** Once may be an accident: after so many ends of the shared sandbox host in a row a guest gets one of its own. */
const LOST_HOSTS = 2;

/** What a `Keeper` works with. */
export interface KeeperOptions {
  readonly limits: Limits;
  readonly initialize: InitializeParams;
  readonly policy: HealthPolicy;
  /** Makes a fresh guest; `apart`: if it lives in a sandbox host, in one of its own. */
  readonly open: (observer: GuestObserver, apart: boolean) => Promise<Guest>;
  /** Answers what the guest asks of its host; see `GuestObserver`. */
  readonly answer: NonNullable<GuestObserver["answer"]>;
  readonly log: (record: LogRecord) => void;
  /** A fresh guest took over from one that ended with this error. */
  readonly restarted: (error: Error) => void;
  /** The circuit opened, is tried (`half-open`), or closed; `error` says why it is not closed. */
  readonly circuit: (state: CircuitState, error: RuntimeError | null) => void;
  /** `endpoint` or `down` is another. */
  readonly changed: () => void;
}

/** Keeps one guest running: starts it, asks it whether it is there, replaces it when it ended, and knows when to leave it. */
export class Keeper {
  readonly #options: KeeperOptions;
  readonly #circuit: Circuit;
  readonly #pause = new Pause();
  #guest: Guest | null = null;
  /** Started, and not yet ready for calls. */
  #opening: Guest | null = null;
  #endpoint: GuestEndpoint | null = null;
  /** Has a ping to answer. */
  #pinged: GuestEndpoint | null = null;
  #down: Error | null = null;
  #stopped = false;
  #apart = false;
  /** It ended a sandbox host that was its alone. */
  #endsHosts = false;

  constructor(options: KeeperOptions) {
    this.#options = options;
    this.#circuit = new Circuit(options.policy);
  }

  /** The guest that is ready for calls; null while there is none. */
  get endpoint(): GuestEndpoint | null {
    return this.#endpoint;
  }

  /** Why there is no guest and none on its way; null otherwise. */
  get down(): Error | null {
    return this.#down;
  }

  get circuit(): CircuitState {
    return this.#circuit.state;
  }

  /** Whether the guest has, or had last, a sandbox host of its own. */
  get apart(): boolean {
    return this.#apart;
  }

  /** Opens the first guest. Rejects with what keeps it from starting, unless that was another guest; it is then down. */
  async start(): Promise<InitializeResult> {
    for (;;) {
      try {
        return await this.#open();
      } catch (cause) {
        const error = asError(cause);
        if (!this.#stopped && !this.#isOwn(error)) {
          const waitMs = this.#circuit.failed(false);
          if (waitMs !== null) {
            await this.#pause.wait(waitMs);
            continue;
          }
        }
        this.#down ??= error;
        throw error;
      }
    }
  }

  /** A call was answered. */
  answered(): void {
    this.#circuit.answered();
  }

  /** A guest ended with this error; unless another took over meanwhile, it is replaced. */
  ended(endpoint: GuestEndpoint, error: Error): void {
    if (this.#endpoint !== endpoint) return;
    this.#endpoint = null;
    void this.#replace(rootOf(error));
  }

  /** Asks whether the guest is there, and replaces it if it is not. It must be idle. */
  ping(): void {
    const endpoint = this.#endpoint;
    if (endpoint === null || endpoint === this.#pinged) return;
    this.#pinged = endpoint;
    alive(endpoint).then(
      () => {
        this.#pinged = null;
      },
      (error: unknown) => {
        this.ended(endpoint, asError(error));
      },
    );
  }

  /** Ends the guest; `politely`: asks it first to come to its end. Rejects with what it did wrong over that. */
  async stop(politely: boolean): Promise<void> {
    const endpoint = politely ? this.#endpoint : null;
    this.#endpoint = null;
    this.#stopped = true;
    this.#down ??= new RuntimeError("RUNTIME_STATE", "the runtime was stopped");
    this.#pause.end();
    this.#options.changed();
    try {
      await endpoint?.shutdown();
    } finally {
      await this.#guest?.close();
      await this.#opening?.close();
    }
  }

  /** With `probe` the guest must answer a ping before it is taken. */
  async #open(probe = false): Promise<InitializeResult> {
    this.#checkUp();
    const { open, limits, initialize, answer, log } = this.#options;
    this.#apart = this.#endsHosts || this.#circuit.lostHosts >= LOST_HOSTS;
    const guest = await open({ log, answer }, this.#apart);
    const exchange = guest.exchange.bind(guest);
    const endpoint = new GuestEndpoint({ exchange, maxMessageBytes: limits.messageBytes, log });
    this.#opening = guest;
    try {
      this.#checkUp();
      const result = await endpoint.initialize(initialize);
      if (probe) await alive(endpoint);
      this.#checkUp();
      this.#guest = guest;
      this.#endpoint = endpoint;
      this.#circuit.up();
      return result;
    } catch (error) {
      await guest.close();
      throw error;
    } finally {
      this.#opening = null;
    }
  }

  /** Throws when it was stopped in the meantime: nobody would ever close a guest that starts then. */
  #checkUp(): void {
    if (this.#stopped && this.#down !== null) throw this.#down;
  }

  /** Opens a fresh guest until one starts, or leaves it for now. */
  async #replace(first: Error): Promise<void> {
    let error = first;
    await this.#guest?.close();
    this.#guest = null;
    while (!this.#stopped) {
      const waitMs = this.#circuit.failed(this.#isOwn(error));
      if (waitMs === null) {
        this.#trip(error);
        return;
      }
      await this.#pause.wait(waitMs);
      try {
        await this.#open();
        this.#options.restarted(error);
        break;
      } catch (cause) {
        error = asError(cause);
      }
    }
    this.#options.changed();
  }

  #trip(error: Error): void {
    const retryMs = this.#circuit.open();
    const gaveUp = leftAlone(this.#circuit.deaths, error, retryMs);
    this.#down = gaveUp;
    this.#options.circuit("open", gaveUp);
    this.#options.changed();
    this.#pause.later(retryMs, () => {
      void this.#tryAgain(gaveUp);
    });
  }

  /** Calls go on failing until a fresh guest has shown that it answers. */
  async #tryAgain(gaveUp: RuntimeError): Promise<void> {
    this.#circuit.halfOpen();
    this.#options.circuit("half-open", gaveUp);
    try {
      await this.#open(true);
    } catch (error) {
      if (this.#stopped) return;
      this.#circuit.failed(this.#isOwn(asError(error)));
      this.#trip(asError(error));
      return;
    }
    this.#down = null;
    this.#circuit.close();
    this.#options.restarted(gaveUp);
    this.#options.circuit("closed", null);
    this.#options.changed();
  }

  /** Whether the guest itself is to blame: a sandbox host that it shared can have been ended by any guest in it. */
  #isOwn(error: Error): boolean {
    if (!ofHost(error)) return true;
    if (this.#apart) this.#endsHosts = true;
    return this.#apart;
  }
}

/** Resolves when the guest answers at all: -32601 is an answer, too. */
async function alive(endpoint: GuestEndpoint): Promise<void> {
  try {
    await endpoint.ping();
  } catch (error) {
    if (error instanceof GuestError && error.gone) throw error;
  }
}

/** Whether a guest ended, or did not start, because its sandbox host ended. */
function ofHost(error: Error): boolean {
  if (error instanceof SandboxError) return error.code === "SANDBOX_UNSTABLE";
  return error instanceof GuestError && error.code === "GUEST_SANDBOX_DIED";
}

/** What a call that came too late tells of is what ended the guest before. */
function rootOf(error: Error): Error {
  const late = error instanceof GuestError && error.code === "GUEST_GONE";
  return late && error.cause instanceof Error ? error.cause : error;
}

function asError(error: unknown): Error {
  return error instanceof Error ? error : new Error(String(error));
}

function leftAlone(deaths: number, cause: Error, retryMs: number): RuntimeError {
  const often = deaths === 0 ? "it could not be started" : `it ended ${deaths} times in a row`;
  return new RuntimeError("RUNTIME_GAVE_UP", `${often}; the last time: ${cause.message}`, {
    cause,
    remedy: `Mend or remove the integration; it is not called, but tried again after ${Math.ceil(retryMs / 1_000)} s.`,
  });
}
