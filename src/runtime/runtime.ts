import { availableParallelism } from "node:os";
import { openNetwork } from "../broker/broker.js";
import { completeDeclaration } from "../declare/complete.js";
import type { IntegrationDeclaration, IntegrationDeclarationInput } from "../declare/declaration.js";
import { InstalledPackages, isFromElsewhere } from "../install/installed.js";
import type { IntegrationPackage } from "../package/integration-package.js";
import type { AirlockEvent } from "../protocol/events.js";
import type { Hook } from "../protocol/hooks.js";
import { PROTOCOL_VERSION } from "../protocol/initialize.js";
import { DEFAULT_LIMITS } from "../protocol/limits.js";
import { ApartHosts } from "../sandbox/apart.js";
import { Sandbox } from "../sandbox/sandbox.js";
import { Secrets } from "./discretion.js";
import { fanOut } from "./fan-out.js";
import { Groups, WHOLE_PROJECT } from "./groups.js";
import { DEFAULT_HEALTH } from "./health.js";
import type { HealthPolicy } from "./health.js";
import type { Integration } from "./integration.js";
import { Isolation } from "./isolation.js";
import type { GuestHome } from "./opener.js";
import { brokenResult, resultError } from "./result.js";
import { RuntimeError } from "./runtime-error.js";
import { streamInOrder } from "./stream.js";
import type {
  Audience,
  EventOutcome,
  IntegrationReport,
  IntegrationResult,
  Runtime,
  RuntimeNotice,
  RuntimeOptions,
  SecretKeeper,
} from "./types.js";
import { HOST_NAME, HOST_VERSION } from "./version.js";

/** Events worked on at once by `stream`, for each unit of parallelism. */
const EVENTS_PER_CORE = 64;
const MAX_PARALLELISM = 256;
/** The largest value of each figure of `HealthPolicy`. */
const MAX_HEALTH_MS = 3_600_000;

/**
 * Makes a runtime. Throws `DeclareError` when the declarations themselves are wrong: a bad value, two of one name, an
 * unknown name or a cycle in `after`; and `RuntimeError` RUNTIME_OPTION. Nothing runs before `start`.
 */
export function createRuntime(options: RuntimeOptions): Runtime {
  return new IntegrationRuntime(options);
}

class IntegrationRuntime implements Runtime {
  readonly #options: RuntimeOptions;
  readonly #parallelism: number;
  readonly #health: HealthPolicy;
  readonly #groups: Groups;
  readonly #secrets = new Secrets();
  readonly #home: GuestHome;
  readonly #packages: InstalledPackages;
  #looking: NodeJS.Timeout | undefined;
  #state: "new" | "started" | "stopped" = "new";
  #stopping: Promise<readonly IntegrationResult[]> | null = null;

  constructor(options: RuntimeOptions) {
    this.#options = options;
    this.#parallelism = options.parallelism ?? availableParallelism();
    const declarations = options.integrations.map(completeDeclaration);
    this.#health = { ...DEFAULT_HEALTH, ...options.health };
    checkOptions(declarations, this.#parallelism);
    checkHealth(this.#health);
    this.#groups = new Groups(this.#notify, this.#secrets);
    this.#groups.add(null, declarations);
    const { processes, temporary } = options;
    const sandbox = new Sandbox({
      processes,
      temporary,
      restarted: () => {
        this.#notify({ type: "sandbox-restarted" });
      },
    });
    const environment = options.environment ?? process.env;
    const apart = new ApartHosts({ processes, temporary });
    const network = openNetwork(options.network);
    const isolation = new Isolation(environment["PATH"], (integration, held) => {
      this.#notify({ type: "isolation", integration, isolation: held });
    });
    this.#packages = new InstalledPackages({ moduleBytes: DEFAULT_LIMITS.moduleBytes, environment });
    this.#home = { sandbox, apart, environment, processes, network, isolation };
  }

  async start(): Promise<readonly IntegrationResult[]> {
    if (this.#state !== "new") throw new RuntimeError("RUNTIME_STATE", "start may be called once");
    this.#state = "started";
    this.#looking = setInterval(() => {
      for (const integration of this.#groups.all) integration.look();
    }, this.#health.idlePingMs).unref();
    return this.#startAll(this.#groups.all);
  }

  async join(provider: string, inputs: readonly IntegrationDeclarationInput[]): Promise<readonly IntegrationResult[]> {
    this.#mustRun("join");
    const declarations = inputs.map((input) => completeDeclaration({ ...input, scope: "provider", provider }));
    return this.#startAll(this.#groups.add(provider, declarations));
  }

  async dispatch(event: AirlockEvent, audience: Audience = WHOLE_PROJECT): Promise<EventOutcome> {
    this.#mustRun("dispatch");
    return fanOut(event, this.#groups.levels(audience), this.#notify);
  }

  stream(events: Iterable<AirlockEvent> | AsyncIterable<AirlockEvent>): AsyncIterable<EventOutcome> {
    return streamInOrder(events, (event) => this.dispatch(event), this.#parallelism * EVENTS_PER_CORE);
  }

  wants(hook: Hook, resourceType?: string, audience: Audience = WHOLE_PROJECT): boolean {
    return this.#groups.levels(audience).some((level) => level.some((one) => one.wants(hook, resourceType)));
  }

  keep(secrets: SecretKeeper): void {
    this.#secrets.keeper = secrets;
  }

  report(): readonly IntegrationReport[] {
    return this.#groups.all.map((integration) => integration.report());
  }

  stop(): Promise<readonly IntegrationResult[]> {
    this.#stopping ??= this.#stop();
    return this.#stopping;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.stop();
  }

  async #stop(): Promise<readonly IntegrationResult[]> {
    this.#state = "stopped";
    clearInterval(this.#looking);
    const broken = await this.#brokenOver("shutdown", this.#groups.all, (integration) => integration.stop());
    await Promise.all([this.#home.sandbox.close(), this.#home.apart.close()]);
    return broken;
  }

  #mustRun(call: string): void {
    if (this.#state !== "started") {
      throw new RuntimeError("RUNTIME_STATE", `${call} in a runtime that is ${this.#state}`);
    }
  }

  /** Nothing is started unless all that is from elsewhere is what the lock pins. */
  async #startAll(integrations: readonly Integration[]): Promise<readonly IntegrationResult[]> {
    const pinned = new Map<Integration, IntegrationPackage>();
    for (const integration of integrations) {
      const { declaration } = integration;
      if (isFromElsewhere(declaration)) pinned.set(integration, await this.#packages.find(declaration));
    }
    return this.#brokenOver("initialize", integrations, (integration) =>
      this.#startOne(integration, pinned.get(integration)),
    );
  }

  /** Takes one step of every integration at once; those that fail it become results. */
  async #brokenOver(
    hook: "initialize" | "shutdown",
    integrations: readonly Integration[],
    step: (integration: Integration) => Promise<void>,
  ): Promise<readonly IntegrationResult[]> {
    const results = await Promise.all(
      integrations.map(async (integration) => {
        try {
          await step(integration);
          return [];
        } catch (error) {
          const { name: failed, declaration, discretion } = integration;
          const notice = { type: "integration-broken", integration: failed, error: resultError(error) } as const;
          this.#notify(discretion.notice(notice));
          return [discretion.result(brokenResult(declaration, hook, null, error))];
        }
      }),
    );
    return results.flat();
  }

  async #startOne(integration: Integration, pinned: IntegrationPackage | undefined): Promise<void> {
    const found = pinned ?? (await this.#packages.find(integration.declaration));
    if (found.kind !== "executable") this.#home.sandbox.start();
    await integration.start({
      package: found,
      home: this.#home,
      parallelism: this.#parallelism,
      health: this.#health,
      initialize: {
        protocol_version: PROTOCOL_VERSION,
        host: this.#options.host ?? { name: HOST_NAME, version: HOST_VERSION },
        core: this.#options.core ?? null,
      },
    });
  }

  readonly #notify = (notice: RuntimeNotice): void => {
    try {
      this.#options.observer?.(notice);
    } catch {
      // An observer watches; its own faults are not the run's.
    }
  };
}

/** Refuses what would be accepted and not held. */
function checkOptions(declarations: readonly IntegrationDeclaration[], parallelism: number): void {
  if (!Number.isInteger(parallelism) || parallelism < 1 || parallelism > MAX_PARALLELISM) {
    throw new RuntimeError("RUNTIME_OPTION", `parallelism must be a whole number from 1 to ${MAX_PARALLELISM}`);
  }
  const under = declarations.find(({ scope }) => scope === "provider");
  if (under === undefined) return;
  throw new RuntimeError("RUNTIME_OPTION", "an integration under a provider comes in by join", {
    integration: under.name,
  });
}

function checkHealth(health: HealthPolicy): void {
  const wrong = Object.entries(health).find(
    ([, value]: [string, unknown]) => !Number.isInteger(value) || Number(value) < 1 || Number(value) > MAX_HEALTH_MS,
  );
  if (wrong === undefined) return;
  throw new RuntimeError("RUNTIME_OPTION", `health.${wrong[0]} must be a whole number from 1 to ${MAX_HEALTH_MS}`);
}
