import * as v from "valibot";
import { isResourceEvent, ResourceParamsSchema, StageParamsSchema } from "../protocol/events.js";
import type { AirlockEvent } from "../protocol/events.js";
import type { Hook, ResourceHook, StageHook } from "../protocol/hooks.js";
import type { Audience, EventOutcome, IntegrationResult, Runtime, SecretKeeper } from "../runtime/types.js";

/** Events of resources that are kept to be sent again; stages have one each. */
const MOST_KEPT = 2_000;
/** A slow integration is warm long before it has seen a large plan, in ms. */
const WARM_UP_MS = 3_000;

/** Hooks that only live runs have, and the hook of a plan whose events are the most like theirs. */
const LIKE_PLANNED: readonly ResourceHook[] = [
  "validate-resource",
  "pre-refresh-resource",
  "pre-apply-resource",
  "post-apply-resource",
];
const LIKE_WHOLE: readonly StageHook[] = [
  "init-stage-start",
  "init-stage-complete",
  "apply-stage-start",
  "apply-stage-complete",
  "refresh-stage-complete",
];

/** Takes the events of a check, sends the first of them on to warm the integration up, and keeps them. */
export class Recorder implements Runtime {
  readonly events: AirlockEvent[] = [];
  /** Of all events of the plan, kept or not, how many each hook has. */
  readonly counts = new Map<Hook, number>();
  readonly #runtime: Runtime;
  #warmSince: number | null = null;

  constructor(runtime: Runtime) {
    this.#runtime = runtime;
  }

  start(): Promise<readonly IntegrationResult[]> {
    return this.#runtime.start();
  }

  join(): Promise<readonly IntegrationResult[]> {
    return Promise.resolve([]);
  }

  dispatch(event: AirlockEvent, audience?: Audience): Promise<EventOutcome> {
    return this.#runtime.dispatch(event, audience);
  }

  async *stream(events: Iterable<AirlockEvent> | AsyncIterable<AirlockEvent>): AsyncGenerator<EventOutcome> {
    for await (const event of events) {
      for (const one of this.#wantedOf(event)) await this.#take(one);
      yield { event, verdict: "pass", results: [] };
    }
  }

  wants(hook: Hook, resourceType?: string): boolean {
    const runtime = this.#runtime;
    return runtime.wants(hook, resourceType) || likeHooks(hook).some((other) => runtime.wants(other, resourceType));
  }

  keep(secrets: SecretKeeper): void {
    this.#runtime.keep(secrets);
  }

  report(): ReturnType<Runtime["report"]> {
    return this.#runtime.report();
  }

  /** Nothing: the integration is measured after the check. */
  stop(): Promise<readonly IntegrationResult[]> {
    return Promise.resolve([]);
  }

  [Symbol.asyncDispose](): Promise<void> {
    return Promise.resolve();
  }

  /** Copies that do not need the plan any more; params of hooks that stand in for each other have one form. */
  #wantedOf(event: AirlockEvent): AirlockEvent[] {
    if (isResourceEvent(event)) {
      const params = v.parse(ResourceParamsSchema, JSON.parse(JSON.stringify(event.params)));
      const hooks = [event.hook, ...(event.hook === "post-plan-resource" ? LIKE_PLANNED : [])];
      return hooks.filter((hook) => this.#runtime.wants(hook, params.type)).map((hook) => ({ hook, params }));
    }
    // No plan has events of provider configurations.
    if (event.hook === "pre-configure-provider") return [];
    const params = v.parse(StageParamsSchema, JSON.parse(JSON.stringify(event.params)));
    const hooks = [event.hook, ...(event.hook === "plan-stage-complete" ? LIKE_WHOLE : [])];
    return hooks.filter((hook) => this.#runtime.wants(hook)).map((hook) => ({ hook, params }));
  }

  async #take(event: AirlockEvent): Promise<void> {
    this.counts.set(event.hook, (this.counts.get(event.hook) ?? 0) + 1);
    if (isResourceEvent(event) && this.events.length >= MOST_KEPT) return;
    this.events.push(event);
    this.#warmSince ??= performance.now();
    if (performance.now() - this.#warmSince < WARM_UP_MS) await this.#runtime.dispatch(event);
  }
}

/** Whether a check of a plan has events of this hook; those of others are made of them. */
export function isOfPlan(hook: Hook): boolean {
  return ![...LIKE_PLANNED, ...LIKE_WHOLE].some((other) => other === hook);
}

function likeHooks(hook: Hook): readonly Hook[] {
  if (hook === "post-plan-resource") return LIKE_PLANNED;
  return hook === "plan-stage-complete" ? LIKE_WHOLE : [];
}
