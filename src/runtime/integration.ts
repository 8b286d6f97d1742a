import { errorCode } from "../base/error-code.js";
import { DEFAULT_EXECUTABLE_MEMORY_BYTES, DEFAULT_LIMITS, DEFAULT_METADATA_BYTES } from "../protocol/limits.js";
import type { Limits } from "../protocol/limits.js";
import type { AirlockEvent } from "../protocol/events.js";
import type { GuestKind } from "../protocol/guest-kind.js";
import type { Hook } from "../protocol/hooks.js";
import type { IntegrationDeclaration } from "../declare/declaration.js";
import type { IntegrationPackage } from "../package/integration-package.js";
import type { InitializeParams, InitializeResult } from "../protocol/initialize.js";
import { guestOpener } from "./opener.js";
import type { HealthPolicy } from "./health.js";
import type { GuestHome, OpenGuest } from "./opener.js";
import { Instance } from "./instance.js";
import type { Turn } from "./turn.js";
import { Instances } from "./instances.js";
import { Metrics } from "./metrics.js";
import { Quarantine } from "./quarantine.js";
import { resultError } from "./result.js";
import { Subscription } from "./subscription.js";
import type { IntegrationReport, RuntimeNotice } from "./types.js";
import { VerdictBudget } from "./verdict-budget.js";

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
  readonly initialize: Omit<InitializeParams, "integration" | "config" | "grants">;
  readonly home: GuestHome;
  /** Instances of a stateless guest. */
  readonly parallelism: number;
  readonly health: HealthPolicy;
}

/** One declared integration: its instances while it runs, its figures, and whether it is out of the run. */
export class Integration {
  readonly declaration: IntegrationDeclaration;
  /** Place in the order of declaration; results are sorted by it. */
  readonly position: number;
  readonly metrics = new Metrics();
  readonly budget = new VerdictBudget();
  readonly quarantine = new Quarantine();
  readonly #notify: (notice: RuntimeNotice) => void;
  #package: IntegrationPackage | null = null;
  #said: InitializeResult | null = null;
  #subscription: Subscription | null = null;
  #instances: Instances | null = null;

  constructor(declaration: IntegrationDeclaration, position: number, notify: (notice: RuntimeNotice) => void) {
    this.declaration = declaration;
    this.position = position;
    this.#notify = notify;
  }

  get name(): string {
    return this.declaration.name;
  }

  /** Starts the first instance. Rejects with what keeps it from starting. */
  async start(start: IntegrationStart): Promise<void> {
    this.#package = start.package;
    const limits = limitsOf(this.declaration, start.package.kind);
    const source = { declaration: this.declaration, found: start.package, limits, instances: start.parallelism };
    const open = guestOpener(start.home, source);
    const instances = new Instances({
      make: (index, idle) => this.#newInstance(index, limits, start, open, idle),
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
    return {
      name: this.name,
      provider: this.declaration.provider ?? null,
      kind: this.#package?.kind ?? null,
      version: this.#said?.version ?? this.#package?.manifest?.version ?? null,
      source: this.declaration.source ?? this.#package?.source ?? this.name,
      calls: this.metrics.calls,
      failures: this.metrics.failures,
      restarts: this.metrics.restarts,
      circuit: this.#instances?.circuit ?? null,
      latencyUs: this.metrics.latency(),
    };
  }

  #newInstance(index: number, limits: Limits, start: IntegrationStart, open: OpenGuest, idle: () => void): Instance {
    const { declaration } = this;
    return new Instance({
      limits,
      open,
      idle,
      policy: start.health,
      // An executable has effects, but none of its calls ends with a sandbox host.
      repeatable: true,
      initialize: {
        ...start.initialize,
        integration: {
          name: declaration.name,
          scope: declaration.scope,
          ...(declaration.provider !== undefined && { provider: declaration.provider }),
        },
        config: declaration.config,
        grants: declaration.grants,
      },
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
