import { MAX_JSON_DEPTH } from "../../../src/protocol/limits.js";
import type { AirlockEvent, ResourceParams, Run } from "../../../src/protocol/events.js";
import { isResourceEvent } from "../../../src/protocol/events.js";
import { parsePlan } from "../../../src/hosts/plan-file/parse-plan.js";
import { planPhases } from "../../../src/hosts/plan-file/plan-events.js";
import type { PlanEventOptions } from "../../../src/hosts/plan-file/plan-events.js";
import type { PlanDocument } from "../../../src/hosts/plan-file/plan-schema.js";
import { viewPlan } from "../../../src/hosts/plan-file/plan-view.js";
import { SecretSet } from "../../../src/hosts/sensitive/secret-set.js";

export const RUN: Run = { id: "run-1", command: "check", workspace: "default" };

/** The JSON of a plan with these parts. */
export function planJson(parts: object = {}): string {
  return JSON.stringify({ format_version: "1.2", planned_values: { root_module: {} }, ...parts });
}

export function planOf(parts: object = {}): PlanDocument {
  return parsePlan(Buffer.from(planJson(parts)), "plan.json", MAX_JSON_DEPTH);
}

/** One entry of `resource_changes`; the address gives mode, type and name where they are not given. */
export function change(address: string, actions: string[], before: unknown, after: unknown, more: object = {}): object {
  const [type, name] = address
    .replace(/^.*data\./, "")
    .split(".")
    .slice(-2);
  const { change: moreChange, ...rest } = { change: {}, ...more };
  return {
    address,
    mode: address.includes("data.") ? "data" : "managed",
    type,
    name: name?.replace(/\[.*$/, ""),
    provider_name: "registry.opentofu.org/hashicorp/aws",
    change: { actions, before, after, after_unknown: {}, before_sensitive: {}, after_sensitive: {}, ...moreChange },
    ...rest,
  };
}

/** The events of all phases, each built when it is taken. */
export function* planEvents(plan: PlanDocument, run: Run, options?: PlanEventOptions): Generator<AirlockEvent> {
  for (const phase of planPhases(viewPlan(plan, new SecretSet()), run, options)) yield* phase.events();
}

export function eventsOf(parts: object, options?: PlanEventOptions): AirlockEvent[] {
  return [...planEvents(planOf(parts), RUN, options)];
}

/** The params of the only event of this hook. */
export function onlyParams(events: readonly AirlockEvent[], hook: string): ResourceParams {
  const found = events.filter((event) => event.hook === hook);
  const [event] = found;
  if (event === undefined || found.length > 1 || !isResourceEvent(event)) {
    throw new Error(`${found.length} events of ${hook}`);
  }
  return event.params;
}
