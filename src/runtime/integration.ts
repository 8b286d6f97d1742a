import { NO_GRANTS } from "../protocol/grants.js";
import { DEFAULT_EXECUTABLE_MEMORY_BYTES, DEFAULT_LIMITS } from "../protocol/limits.js";
import type { Limits } from "../protocol/limits.js";
import type { AirlockEvent } from "../protocol/events.js";
import type { GuestKind } from "../protocol/guest-kind.js";
import type { Hook } from "../protocol/hooks.js";
import type { IntegrationDeclaration } from "../declare/declaration.js";
import type { IntegrationPackage } from "../package/integration-package.js";
import type { InitializeParams, InitializeResult } from "../protocol/initialize.js";
import { guestOpener } from "./opener.js";
import type { GuestHome, OpenGuest } from "./opener.js";
import { Instance } from "./instance.js";
import type { Turn } from "./instance.js";
import { Metrics } from "./metrics.js";
import { Subscription } from "./subscription.js";
import type { IntegrationReport, RuntimeNotice } from "./types.js";

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

export interface IntegrationStart {
  readonly package: IntegrationPackage;
  readonly initialize: Omit<InitializeParams, "integration" | "config" | "grants">;
  readonly home: GuestHome;
  /** Instances of a stateless guest. */
  readonly parallelism: number;
}

/** One declared integration: its instances while it runs, its figures, and whether it is out of the run. */
export class Integration {
  readonly declaration: IntegrationDeclaration;
  /** Place in the order of declaration; results are sorted by it. */
  readonly position: number;
  readonly metrics = new Metrics();
  readonly #notify: (notice: RuntimeNotice) => void;
  #package: IntegrationPackage | null = null;
  #said: InitializeResult | null = null;
  #subscription: Subscription | null = null;
  #instances: Instance[] = [];

  constructor(declaration: IntegrationDeclaration, position: number, notify: (notice: RuntimeNotice) => void) {
    this.declaration = declaration;
    this.position = position;
    this.#notify = notify;
  }

  get name(): string {
    return this.declaration.name;
  }

  /** Starts the first instance, and the others once it says that it keeps no state. Rejects with what keeps it from starting. */
  async start(start: IntegrationStart): Promise<void> {
    this.#package = start.package;
    const limits = limitsOf(this.declaration, start.package.kind);
    const open = guestOpener(start.home, this.declaration, start.package, limits, start.parallelism);
    const first = this.#newInstance(0, limits, start, open);
    this.#instances = [first];
    const said = await this.#timed(0, () => first.start());
    this.#said = said;
    this.#subscription = new Subscription(this.declaration, said);
    if (said.stateless) await this.#startOthers(limits, start, open);
  }

  /** Whether it takes part and wants this hook (of this resource type). */
  wants(hook: Hook, type?: string): boolean {
    return this.#subscription?.wants(hook, type) ?? false;
  }

  wantsEvent(event: AirlockEvent): boolean {
    return this.#subscription?.wantsEvent(event) ?? false;
  }

  /** A place in the line: of the one instance, or of the least busy one of several. */
  turn(): Turn {
    const [first, ...others] = this.#instances;
    if (first === undefined) throw new Error("an integration that has not started wants no event");
    return others.reduce((best, other) => (other.load < best.load ? other : best), first).turn();
  }

  /** Keeps events in order, so turns must be taken in the order of the events. */
  get ordered(): boolean {
    return this.#said?.stateless !== true;
  }

  async stop(): Promise<void> {
    this.#subscription = null;
    const ended = await Promise.allSettled(this.#instances.map((instance) => instance.stop()));
    const failed = ended.find((one) => one.status === "rejected");
    if (failed !== undefined) throw failed.reason;
  }

  report(): IntegrationReport {
    return {
      name: this.name,
      kind: this.#package?.kind ?? null,
      version: this.#said?.version ?? this.#package?.manifest?.version ?? null,
      source: this.declaration.source ?? this.#package?.source ?? this.name,
      calls: this.metrics.calls,
      failures: this.metrics.failures,
      restarts: this.metrics.restarts,
      latencyUs: this.metrics.latency(),
    };
  }

  #newInstance(index: number, limits: Limits, start: IntegrationStart, open: OpenGuest): Instance {
    const { declaration } = this;
    return new Instance({
      limits,
      open,
      initialize: {
        ...start.initialize,
        integration: {
          name: declaration.name,
          scope: declaration.scope,
          ...(declaration.provider !== undefined && { provider: declaration.provider }),
        },
        config: declaration.config,
        grants: { ...NO_GRANTS, ...declaration.grants },
      },
      log: (record) => {
        this.#notify({ type: "log", integration: declaration.name, record });
      },
      restarted: (error) => {
        this.metrics.restarts++;
        const code = "code" in error && typeof error.code === "string" ? error.code : error.name;
        this.#notify({ type: "guest-restarted", integration: declaration.name, instance: index, code });
      },
    });
  }

  async #startOthers(limits: Limits, start: IntegrationStart, open: OpenGuest): Promise<void> {
    const others = Array.from({ length: start.parallelism - 1 }, (_, index) =>
      this.#newInstance(index + 1, limits, start, open),
    );
    await Promise.all(others.map((other, index) => this.#timed(index + 1, () => other.start())));
    this.#instances.push(...others);
  }

  async #timed(instance: number, start: () => Promise<InitializeResult>): Promise<InitializeResult> {
    const before = performance.now();
    const said = await start();
    this.#notify({ type: "guest-started", integration: this.name, instance, elapsedMs: performance.now() - before });
    return said;
  }
}
