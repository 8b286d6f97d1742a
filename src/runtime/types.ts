import type { GuestProcesses } from "../../runtimes/guest.js";
import type { NetworkOptions } from "../broker/broker.js";
import type { HttpCall } from "../broker/fetch.js";
import type { IntegrationDeclarationInput } from "../declare/declaration.js";
import type { AirlockEvent } from "../protocol/events.js";
import type { GuestKind } from "../protocol/guest-kind.js";
import type { Hook } from "../protocol/hooks.js";
import type { METHOD_MIGRATE, LogRecord } from "../protocol/messages.js";
import type { Finding, Status } from "../protocol/verdict.js";
import type { CircuitState } from "./circuit.js";
import type { HealthPolicy } from "./health.js";

export type { CircuitState, HealthPolicy };

/** `error`: the integration broke, under `on_error = "fail"`. */
export type ResultStatus = Status | "error";

/** How an integration broke, for reports. */
export interface ResultError {
  readonly code: string;
  readonly message: string;
  readonly remedy: string | null;
}

/** Where in an integration's life a result arose. */
export type ResultHook = Hook | typeof METHOD_MIGRATE | "initialize" | "shutdown";

/** What one integration said of one event, or how it broke over it. */
export interface IntegrationResult {
  readonly integration: string;
  /** The provider configuration it is declared under, e.g. `aws.eu`; null for one of the whole project. */
  readonly provider: string | null;
  readonly hook: ResultHook;
  /** null for stages, and before the address is known. */
  readonly address: string | null;
  readonly status: ResultStatus;
  readonly message: string;
  readonly findings: readonly Finding[];
  /** undefined: nothing said; null: clear what was attached. */
  readonly metadata: Readonly<Record<string, unknown>> | null | undefined;
  /** The form of that metadata, as the integration counts its forms; left out for 0. */
  readonly metadataVersion?: number;
  /** Set when the integration broke; the status is then `error`, or `warn` under `on_error = "warn"`. */
  readonly error: ResultError | null;
}

/** The reduction of results: error > fail > warn > pass. */
export type RunVerdict = "pass" | "warn" | "fail" | "error";

/** What came of one event. Results are in declaration order, whichever guest answered first. */
export interface EventOutcome {
  readonly event: AirlockEvent;
  readonly verdict: RunVerdict;
  readonly results: readonly IntegrationResult[];
}

/** Figures of one integration over the run so far. */
export interface IntegrationReport {
  readonly name: string;
  /** The provider configuration it is declared under; null for one of the whole project. */
  readonly provider: string | null;
  /** null while the package is not known, or was not found. */
  readonly kind: GuestKind | null;
  /** What `initialize` said; null when it never got so far. */
  readonly version: string | null;
  readonly source: string;
  readonly calls: number;
  /** Calls that ended in no verdict. */
  readonly failures: number;
  readonly restarts: number;
  /** Whether it is called; null when it never started. */
  readonly circuit: CircuitState | null;
  /** Time the guest itself took for one call; null without a call. */
  readonly latencyUs: { readonly p50: number; readonly p99: number } | null;
}

/** What the runtime tells while it works. Observers must not throw; one that does is ignored. */
export type RuntimeNotice =
  | {
      readonly type: "guest-started";
      readonly integration: string;
      readonly instance: number;
      readonly elapsedMs: number;
    }
  /** Told once of an executable: what contains it on this machine, in a few words. */
  | { readonly type: "isolation"; readonly integration: string; readonly isolation: string }
  | { readonly type: "guest-restarted"; readonly integration: string; readonly instance: number; readonly code: string }
  /** A further instance of a stateless integration could not be started; it goes on with those that it has. */
  | {
      readonly type: "instance-failed";
      readonly integration: string;
      readonly instance: number;
      readonly error: ResultError;
    }
  /** Its guests ended again and again, so calls fail at once (`open`); a fresh one is tried (`half-open`); it answers again (`closed`). */
  | {
      readonly type: "circuit";
      readonly integration: string;
      readonly instance: number;
      readonly state: CircuitState;
      readonly error: ResultError | null;
    }
  | { readonly type: "integration-broken"; readonly integration: string; readonly error: ResultError }
  | { readonly type: "sandbox-restarted" }
  /** A request of a guest went out, or failed on its way: once for each hop of a redirected one. */
  | ({ readonly type: "http-request"; readonly integration: string } & HttpCall)
  /** A grant is missing, or cannot be honoured: once for each thing. The remedy is the line that would grant it. */
  | { readonly type: "grant-warning"; readonly integration: string; readonly message: string; readonly remedy: string }
  | { readonly type: "log"; readonly integration: string; readonly record: LogRecord }
  | { readonly type: "result"; readonly result: IntegrationResult; readonly elapsedUs: number }
  | { readonly type: "skipped"; readonly integration: string; readonly hook: Hook; readonly address: string | null };

/** Who gets an event. */
export interface Audience {
  /** The integrations of the whole project. */
  readonly project: boolean;
  /** Those of this provider configuration, as it was named to `join`; null = of none. */
  readonly provider: string | null;
}

/**
 * What keeps the secrets of a run. It lives in the host; guests have tokens in their place. `strict`, for an integration
 * that got secrets by a grant: also short ones count, where a text or word is nothing else.
 */
export interface SecretKeeper {
  /** Params as an integration with these `sensitive` grants gets them. The very same object where nothing is granted. */
  reveal(params: AirlockEvent["params"], grants: readonly string[]): AirlockEvent["params"];
  /** What an integration said, with each word that holds a secret replaced. */
  hide(text: string, strict: boolean): string;
  /** Whether a text, number or key inside a value holds a secret. */
  holds(value: unknown, strict: boolean): boolean;
}

/** Gets every notice as it arises. */
export type RuntimeObserver = (notice: RuntimeNotice) => void;

/** What `createRuntime` takes. */
export interface RuntimeOptions {
  readonly integrations: readonly IntegrationDeclarationInput[];
  /** What guests are told in `initialize` of who runs them; default: Airlock and its version. */
  readonly host?: { readonly name: string; readonly version: string };
  /** The terraform or tofu that is driven; null = none. */
  readonly core?: { readonly name: string; readonly version: string } | null;
  /** Instances of a stateless guest, and events worked on at once by `stream`; default: the core count. */
  readonly parallelism?: number;
  /** Where granted environment variables are taken from; default `process.env`. */
  readonly environment?: Readonly<Record<string, string | undefined>>;
  /** How granted HTTP requests leave this machine; default: as Node trusts and the system resolves. */
  readonly network?: NetworkOptions;
  /** How integrations whose guests end are treated; what is left out has its default. Whole numbers from 1 to 3,600,000. */
  readonly health?: Partial<HealthPolicy>;
  readonly observer?: RuntimeObserver;
  /** Where the sandbox host gets its empty folder; default: the system's temporary folder. */
  readonly temporary?: string;
  /** Told of every process that guests live in: for a watchdog that ends them should this process be killed. */
  readonly processes?: GuestProcesses;
}

/** Runs integrations. Nothing of a guest ever runs in the process that holds this object. */
export interface Runtime extends AsyncDisposable {
  /**
   * Starts all integrations at once. An integration that cannot start does not stop the others: it is in the answer
   * as a result with the hook `initialize`, and takes part in nothing.
   */
  start(): Promise<readonly IntegrationResult[]>;
  /**
   * Starts the integrations of one provider configuration while the run goes on. They get only events whose audience
   * names it, and may come after those of the project. Rejects with `DeclareError` for what is wrong with the
   * declarations; what cannot start is a result, as for `start`, which must have been called before. A name that
   * joined already: RUNTIME_STATE.
   */
  join(provider: string, declarations: readonly IntegrationDeclarationInput[]): Promise<readonly IntegrationResult[]>;
  /**
   * Sends one event to all of the audience that want it; default: the whole project. Resolves when all have answered,
   * broken or been skipped; never rejects for a guest's fault.
   */
  dispatch(event: AirlockEvent, audience?: Audience): Promise<EventOutcome>;
  /** Sends many events, a bounded number at once; outcomes come in the order of the events. The source is read no faster than outcomes are taken. */
  stream(events: Iterable<AirlockEvent> | AsyncIterable<AirlockEvent>): AsyncIterable<EventOutcome>;
  /** Whether anyone of the audience wants this hook (of this resource type), so that no event need be built otherwise. */
  wants(hook: Hook, resourceType?: string, audience?: Audience): boolean;
  /** Gives the secrets of the run into keeping, before the first event: who is granted some gets them, and what integrations say holds none. */
  keep(secrets: SecretKeeper): void;
  /** Figures so far: those of the project in declaration order, then those of each provider as they joined. */
  report(): readonly IntegrationReport[];
  /** Asks every guest to shut down, then ends it; one in the middle of a call is ended at once. Results are those of guests that broke over it. May be called twice. */
  stop(): Promise<readonly IntegrationResult[]>;
}
