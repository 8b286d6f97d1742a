import { GuestError } from "../../runtimes/guest-error.js";
import type { GuestErrorCode } from "../../runtimes/guest-error.js";
import type { Exchange, Guest, GuestObserver } from "../../runtimes/guest.js";
import { EncodedParams } from "../../src/protocol/encode.js";
import { NO_GRANTS } from "../../src/protocol/grants.js";
import type { Hook } from "../../src/protocol/hooks.js";
import type { InitializeParams } from "../../src/protocol/initialize.js";
import { DEFAULT_LIMITS } from "../../src/protocol/limits.js";
import type { CircuitState } from "../../src/runtime/circuit.js";
import { DEFAULT_HEALTH } from "../../src/runtime/health.js";
import type { HealthPolicy } from "../../src/runtime/health.js";
import { Instance } from "../../src/runtime/instance.js";
import type { InstanceOptions } from "../../src/runtime/instance.js";
import type { Turn } from "../../src/runtime/turn.js";

/** The hook of every scripted call. */
export const HOOK: Hook = "post-plan-resource";

const INITIALIZE: InitializeParams = {
  protocol_version: 1,
  host: { name: "test", version: "0" },
  core: null,
  integration: { name: "scripted", scope: "project" },
  config: {},
  grants: NO_GRANTS,
  environment: {},
};

interface Pending {
  readonly id: number;
  readonly label: string;
  readonly resolve: (exchange: Exchange) => void;
  readonly reject: (error: Error) => void;
}

interface Line {
  readonly id: number;
  readonly method: string;
  readonly params: { readonly label?: string };
}

export interface Script {
  /** Leaves `initialize` unanswered until `answer` is called. */
  readonly holdInitialize?: boolean;
  /** Answers `shutdown` with a line that is not JSON. */
  readonly rudeAtShutdown?: boolean;
}

/** A guest in memory that answers when it is told to, one call at a time, as every real one does. */
export class ScriptedGuest implements Guest {
  /** Labels of the calls it was handed, in order. */
  readonly taken: string[] = [];
  /** Labels of the calls it began: answered ones, and the one it ended in. */
  readonly begun: string[] = [];
  readonly #script: Script;
  readonly #waiting: Pending[] = [];
  closes = 0;
  #ended = false;

  constructor(script: Script = {}) {
    this.#script = script;
  }

  /** Calls it was handed and has not answered. */
  get waiting(): number {
    return this.#waiting.length;
  }

  exchange(line: string): Promise<Exchange> {
    const { id, method, params } = JSON.parse(line) as Line;
    if (this.#ended) return Promise.reject(gone());
    const label = params.label ?? method;
    if (method === HOOK) this.taken.push(label);
    return new Promise((resolve, reject) => {
      const pending = { id, label, resolve, reject };
      if (method === "initialize" && this.#script.holdInitialize !== true) settle(pending);
      else if (method === "shutdown") this.#shutdown(pending);
      else this.#waiting.push(pending);
    });
  }

  /** Answers so many of the calls that wait. */
  answer(count = 1): void {
    for (const pending of this.#waiting.splice(0, count)) {
      this.begun.push(pending.label);
      settle(pending);
    }
  }

  /** Ends in the middle of the first call that waits; the others never reached it. */
  die(code: GuestErrorCode = "GUEST_CRASHED"): void {
    this.#ended = true;
    const error = new GuestError(code, "scripted", true);
    const [first, ...others] = this.#waiting.splice(0);
    if (first !== undefined) {
      this.begun.push(first.label);
      first.reject(error);
    }
    for (const other of others) other.reject(gone(error));
  }

  /** Its sandbox host ends: nobody knows which of the calls that wait it had begun. */
  loseHost(): void {
    this.#ended = true;
    for (const pending of this.#waiting.splice(0)) {
      pending.reject(new GuestError("GUEST_SANDBOX_DIED", "scripted", true));
    }
  }

  close(): Promise<void> {
    this.closes++;
    this.#ended = true;
    for (const pending of this.#waiting.splice(0)) pending.reject(gone());
    return Promise.resolve();
  }

  #shutdown({ id, resolve }: Pending): void {
    const answer = JSON.stringify({ jsonrpc: "2.0", id, result: {} });
    resolve({ lines: [this.#script.rudeAtShutdown === true ? "rude" : answer], elapsedUs: 0 });
  }
}

function gone(cause?: Error): GuestError {
  return new GuestError("GUEST_GONE", "scripted", true, { cause });
}

function settle({ id, label, resolve }: Pending): void {
  const said = { name: "scripted", version: "1", protocol_version: 1, hooks: [HOOK] };
  const result = label === "initialize" ? said : { status: "success", message: label };
  resolve({ lines: [JSON.stringify({ jsonrpc: "2.0", id, result })], elapsedUs: 1 });
}

/** The guest that was opened last. */
export function latest(guests: readonly ScriptedGuest[]): ScriptedGuest | undefined {
  return guests[guests.length - 1];
}

/** Everything that is due has happened: promises settle in microtasks here, and nothing waits for time. */
export function settled(): Promise<void> {
  return new Promise((done) => setImmediate(done));
}

/** One instance over scripted guests, and what it told. */
export interface Scripted {
  readonly instance: Instance;
  /** Every guest that was opened, in order. */
  readonly guests: ScriptedGuest[];
  readonly observers: GuestObserver[];
  readonly logs: string[];
  readonly restarts: Error[];
  /** Whether each guest was opened in a sandbox host of its own. */
  readonly apart: boolean[];
  readonly circuits: CircuitState[];
  /** How often it said that nothing is left to do. */
  idles: number;
}

/** `next` makes the guest of this number, counted from 0; what it throws keeps that guest from opening. */
export function scriptedInstance(
  next: (at: number) => ScriptedGuest = () => new ScriptedGuest(),
  options: Partial<Pick<InstanceOptions, "limits" | "idle" | "repeatable">> & { policy?: Partial<HealthPolicy> } = {},
): Scripted {
  let opened = 0;
  const scripted: Scripted = {
    guests: [],
    observers: [],
    logs: [],
    restarts: [],
    apart: [],
    circuits: [],
    idles: 0,
    instance: new Instance({
      limits: options.limits ?? DEFAULT_LIMITS,
      initialize: INITIALIZE,
      // Nothing waits for time unless a test asks for it.
      policy: { ...DEFAULT_HEALTH, backOffMs: 0, ...options.policy },
      repeatable: options.repeatable ?? true,
      circuit: (state) => scripted.circuits.push(state),
      open: (observer, apart) => {
        scripted.apart.push(apart);
        scripted.observers.push(observer);
        return Promise.resolve().then(() => {
          const guest = next(opened++);
          scripted.guests.push(guest);
          return guest;
        });
      },
      answer: () => Promise.resolve(null),
      log: ({ message }) => scripted.logs.push(message),
      idle: () => {
        scripted.idles++;
        options.idle?.();
      },
      restarted: (error) => scripted.restarts.push(error),
    }),
  };
  return scripted;
}

/** Fills a turn; gives the verdict's message, or the code of what it rejected with. */
export async function call(turn: Turn, label: string): Promise<string> {
  try {
    return (await turn.call(HOOK, new EncodedParams(JSON.stringify({ label })))).verdict.message;
  } catch (error) {
    return error instanceof Error && "code" in error ? String(error.code) : String(error);
  }
}
