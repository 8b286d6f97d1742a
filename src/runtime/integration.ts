import { errorCode } from "../base/error-code.js";
import { Broker } from "../broker/broker.js";
import { grantedEnvironment } from "../package/environment.js";
import { DEFAULT_EXECUTABLE_MEMORY_BYTES, DEFAULT_LIMITS, DEFAULT_METADATA_BYTES } from "../protocol/limits.js";
import type { Limits } from "../protocol/limits.js";
import type { AirlockEvent } from "../protocol/events.js";
import type { GuestKind } from "../protocol/guest-kind.js";
import type { Hook } from "../protocol/hooks.js";
import type { IntegrationDeclaration } from "../declare/declaration.js";
import type { IntegrationPackage } from "../package/integration-package.js";
import type { RequestErrorCode } from "../protocol/request-error.js";
import type { InitializeParams, InitializeResult } from "../protocol/initialize.js";
import { Discretion } from "./discretion.js";
import type { Secrets } from "./discretion.js";
import { guestOpener } from "./opener.js";
import type { HealthPolicy } from "./health.js";
import type { GuestHome } from "./opener.js";
import { Instance } from "./instance.js";
import type { InstanceOptions } from "./instance.js";
import type { Turn } from "./turn.js";
import { Instances } from "./instances.js";
import { Metrics } from "./metrics.js";
import { Quarantine } from "./quarantine.js";
import { resultError } from "./result.js";
import { Subscription } from "./subscription.js";
import type { IntegrationReport, RuntimeNotice } from "./types.js";
import { VerdictBudget } from "./verdict-budget.js";

/** An integration whose requests fail in more ways than this is told of no further. */
const MAX_REFUSALS_TOLD = 20;
/** What a declaration can put right. */
const GRANT_FAULTS: ReadonlySet<RequestErrorCode> = new Set(["REQUEST_NOT_GRANTED", "REQUEST_PRIVATE_ADDRESS"]);

/** The limits of one integration: what its declaration says, else the defaults of its kind. */
export function limitsOf(declaration: IntegrationDeclaration, kind: GuestKind): Limits {
  return {
    ...DEFAULT_LIMITS,
    ...(kind === "executable" && { memoryBytes: DEFAULT_EXECUTABLE_MEMORY_BYTES }),
    ...(declaration.timeoutMs !== undefined && { timeoutMs: declaration.timeoutMs }),
    ...(declaration.initializeTimeoutMs !== undefined && { initializeTimeoutMs: declaration.initializeTimeoutMs }),
    ...(declaration.memoryBytes !== undefined && { memoryBytes: declaration.memoryBytes }),
    ...(declaration.messageBytes !== undefined && { messageBytes: declaration.messageBytes }),
  };
}

/** What it takes to start an integration whose package was found. */
export interface IntegrationStart {
  readonly package: IntegrationPackage;
  readonly initialize: Omit<InitializeParams, "integration" | "config" | "grants" | "environment">;
  readonly home: GuestHome;
  /** Instances of a stateless guest. */
  readonly parallelism: number;
  readonly health: HealthPolicy;
}

type InstanceParts = Pick<InstanceOptions, "limits" | "initialize" | "open" | "idle" | "policy"> & {
  readonly broker: Broker;
};

/** One declared integration: its instances while it runs, its figures, and whether it is out of the run. */
export class Integration {
  readonly declaration: IntegrationDeclaration;
  /** Place in the order of declaration; results are sorted by it. */
  readonly position: number;
  readonly metrics = new Metrics();
  readonly budget = new VerdictBudget();
  readonly discretion: Discretion;
  readonly quarantine = new Quarantine();
  readonly #notify: (notice: RuntimeNotice) => void;
  #package: IntegrationPackage | null = null;
  #said: InitializeResult | null = null;
  #subscription: Subscription | null = null;
  #instances: Instances | null = null;

  constructor(
    declaration: IntegrationDeclaration,
    position: number,
    notify: (notice: RuntimeNotice) => void,
    secrets: Secrets,
  ) {
    this.declaration = declaration;
    this.position = position;
    this.discretion = new Discretion(secrets, declaration);
    this.#notify = (notice) => {
      notify(this.discretion.notice(notice));
    };
  }

  get name(): string {
    return this.declaration.name;
  }

  /** Starts the first instance. Rejects with what keeps it from starting. */
  async start(start: IntegrationStart): Promise<void> {
    this.#package = start.package;
    const limits = limitsOf(this.declaration, start.package.kind);
    const { declaration } = this;
    const environment = grantedEnvironment(declaration.grants, start.home.environment);
    this.#warnOfUnset(environment);
    const source = { declaration, found: start.package, limits, environment, instances: start.parallelism };
    const open = guestOpener(start.home, source);
    const broker = this.#newBroker(limits, start.home);
    const initialize = { ...start.initialize, ...this.#told(environment) };
    const instances = new Instances({
      make: (index, idle) => this.#newInstance(index, { limits, initialize, open, broker, idle, policy: start.health }),
      started: (instance, elapsedMs) => {
        this.#notify({ type: "guest-started", integration: this.name, instance, elapsedMs });
      },
      failed: (instance, error) => {
        this.#notify({ type: "instance-failed", integration: this.name, instance, error: resultError(error) });
      },
    });
    this.#instances = instances;
    this.#said = await instances.start().catch((error: unknown) => {
      // There is nothing left to stop.
      this.#instances = null;
      throw error;
    });
    if (this.#said.stateless) instances.allow(start.parallelism);
    this.#subscription = new Subscription(this.declaration, this.#said);
  }

  /** Whether it takes part and wants this hook (of this resource type). */
  wants(hook: Hook, type?: string): boolean {
    return this.#subscription?.wants(hook, type) ?? false;
  }

  wantsEvent(event: AirlockEvent): boolean {
    return this.#subscription?.wantsEvent(event) ?? false;
  }

  /** Counts an answered call; `elapsedUs` is the guest's own time. */
  answered(elapsedUs: number): void {
    this.metrics.answered(elapsedUs);
    this.#instances?.grow(this.metrics.paceUs);
  }

  /** A place in the line of an instance. */
  turn(): Turn {
    if (this.#instances === null) throw new Error("an integration that has not started wants no event");
    return this.#instances.turn();
  }

  /** Asks idle guests whether they are there. */
  look(): void {
    this.#instances?.look();
  }

  /** The form of its metadata. */
  get metadataVersion(): number {
    return this.#said?.metadata_version ?? 0;
  }

  /** What it may attach to one resource, in bytes of JSON. */
  get metadataBytes(): number {
    return this.declaration.metadataBytes ?? DEFAULT_METADATA_BYTES;
  }

  /** Keeps events in order, so turns must be taken in the order of the events. */
  get ordered(): boolean {
    return this.#said?.stateless !== true;
  }

  async stop(): Promise<void> {
    this.#subscription = null;
    await this.#instances?.stop();
  }

  report(): IntegrationReport {
    const version = this.#said?.version ?? this.#package?.manifest?.version ?? null;
    return {
      name: this.name,
      provider: this.declaration.provider ?? null,
      kind: this.#package?.kind ?? null,
      version: version === null ? null : this.discretion.text(version),
      source: this.declaration.source ?? this.#package?.source ?? this.name,
      calls: this.metrics.calls,
      failures: this.metrics.failures,
      restarts: this.metrics.restarts,
      circuit: this.#instances?.circuit ?? null,
      latencyUs: this.metrics.latency(),
    };
  }

  /** What `initialize` says of the declaration. */
  #told(environment: Readonly<Record<string, string>>): Omit<InitializeParams, keyof IntegrationStart["initialize"]> {
    const { name, scope, provider, config, grants } = this.declaration;
    const integration = { name, scope, ...(provider !== undefined && { provider }) };
    return { integration, config, grants, environment };
  }

  #warnOfUnset(environment: Readonly<Record<string, string>>): void {
    const unset = this.declaration.grants.env.filter((name) => !Object.hasOwn(environment, name));
    if (unset.length === 0) return;
    this.#notify({
      type: "grant-warning",
      integration: this.name,
      message: `granted environment variables are not set: ${unset.join(", ")}`,
      remedy: "set them, or take them out of its grants",
    });
  }

  /** All instances share it, and with it the rate; each thing that is not granted is told of once. */
  #newBroker({ messageBytes }: Limits, { network }: GuestHome): Broker {
    const { grants, directory } = this.declaration;
    const warned = new Set<string>();
    return new Broker({
      grants,
      directory,
      messageBytes,
      network,
      called: (call) => {
        this.#notify({ type: "http-request", integration: this.name, ...call });
      },
      refused: ({ code, message, remedy = "" }) => {
        if (warned.has(message) || warned.size >= MAX_REFUSALS_TOLD) return;
        warned.add(message);
        this.#notify(
          GRANT_FAULTS.has(code)
            ? { type: "grant-warning", integration: this.name, message: `its request was refused: ${message}`, remedy }
            : {
                type: "log",
                integration: this.name,
                record: { level: "warn", message: `its request failed: ${message}` },
              },
        );
      },
    });
  }

  #newInstance(index: number, parts: InstanceParts): Instance {
    const { declaration } = this;
    const { broker, ...rest } = parts;
    return new Instance({
      ...rest,
      // The one effect that a sandboxed guest can have; no call of an executable ends with a sandbox host.
      repeatable: declaration.grants.hosts.length === 0,
      answer: (line, over) => broker.answer(line, over),
      log: (record) => {
        this.#notify({ type: "log", integration: declaration.name, record });
      },
      circuit: (state, error) => {
        const said = error === null ? null : resultError(error);
        this.#notify({ type: "circuit", integration: declaration.name, instance: index, state, error: said });
      },
      restarted: (error) => {
        this.metrics.restarts++;
        this.#notify({
          type: "guest-restarted",
          integration: declaration.name,
          instance: index,
          code: errorCode(error) ?? error.name,
        });
      },
    });
  }
}
