import { isResourceEvent } from "../../src/protocol/events.js";
import type { AirlockEvent } from "../../src/protocol/events.js";
import type { Hook } from "../../src/protocol/hooks.js";
import type { IntegrationDeclarationInput } from "../../src/declare/declaration.js";
import type {
  Audience,
  EventOutcome,
  IntegrationReport,
  IntegrationResult,
  Runtime,
  RunVerdict,
  SecretKeeper,
} from "../../src/runtime/types.js";

/** What a fake integration says of an event; undefined: it does not want it. */
export type FakeAnswer = (event: AirlockEvent) => Partial<IntegrationResult> | undefined | Promise<never>;

export interface FakeOptions {
  readonly answers?: Readonly<Record<string, FakeAnswer>>;
  readonly wants?: (hook: Hook, type?: string, audience?: Audience) => boolean;
  /** What joining comes to; it may reject. */
  readonly join?: (provider: string) => Promise<readonly IntegrationResult[]>;
  readonly start?: readonly IntegrationResult[];
  readonly stop?: readonly IntegrationResult[];
}

export function resultOf(parts: Partial<IntegrationResult> = {}): IntegrationResult {
  return {
    integration: "one",
    provider: null,
    hook: "post-plan-resource",
    address: null,
    status: "success",
    message: "",
    findings: [],
    metadata: undefined,
    error: null,
    ...parts,
  };
}

export function reportOf(parts: Partial<IntegrationReport> = {}): IntegrationReport {
  const figures = { calls: 1, failures: 0, restarts: 0, circuit: "closed", latencyUs: { p50: 90, p99: 120 } } as const;
  return { name: "one", provider: null, kind: "js", version: "1.0.0", source: "./one", ...figures, ...parts };
}

/** A runtime without guests: functions answer, one event at a time. Keeps what it was asked. */
export class FakeRuntime implements Runtime {
  readonly events: AirlockEvent[] = [];
  /** Of each event, who was to get it. */
  readonly audiences: (Audience | undefined)[] = [];
  readonly joined: { readonly provider: string; readonly declarations: readonly IntegrationDeclarationInput[] }[] = [];
  keeper: SecretKeeper | null = null;
  stops = 0;

  constructor(private readonly options: FakeOptions = {}) {}

  start(): Promise<readonly IntegrationResult[]> {
    return Promise.resolve(this.options.start ?? []);
  }

  join(provider: string, declarations: readonly IntegrationDeclarationInput[]): Promise<readonly IntegrationResult[]> {
    this.joined.push({ provider, declarations });
    return this.options.join?.(provider) ?? Promise.resolve([]);
  }

  wants(hook: Hook, type?: string, audience?: Audience): boolean {
    return this.options.wants?.(hook, type, audience) ?? true;
  }

  async dispatch(event: AirlockEvent, audience?: Audience): Promise<EventOutcome> {
    this.events.push(event);
    this.audiences.push(audience);
    const address = isResourceEvent(event) ? event.params.address : null;
    const results: IntegrationResult[] = [];
    for (const [integration, answer] of Object.entries(this.options.answers ?? {})) {
      const said = await answer(event);
      if (said !== undefined) {
        results.push(resultOf({ integration, hook: event.hook, address, ...said }));
      }
    }
    const order: RunVerdict[] = ["error", "fail", "warn"];
    const statuses = new Set<string>(results.map(({ status }) => status));
    return { event, results, verdict: order.find((verdict) => statuses.has(verdict)) ?? "pass" };
  }

  async *stream(events: Iterable<AirlockEvent> | AsyncIterable<AirlockEvent>): AsyncIterable<EventOutcome> {
    for await (const event of events) {
      yield await this.dispatch(event);
    }
  }

  keep(secrets: SecretKeeper): void {
    this.keeper = secrets;
  }

  report(): readonly IntegrationReport[] {
    return Object.keys(this.options.answers ?? {}).map((name) => reportOf({ name }));
  }

  stop(): Promise<readonly IntegrationResult[]> {
    this.stops += 1;
    return Promise.resolve(this.options.stop ?? []);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.stop();
  }
}
