import { MAX_JSON_DEPTH } from "../../../src/protocol/limits.js";
import type { AirlockEvent, ResourceParams, Run } from "../../../src/protocol/events.js";
import { isResourceEvent } from "../../../src/protocol/events.js";
import { parsePlan } from "../../../src/hosts/plan-file/parse-plan.js";
import { planPhases } from "../../../src/hosts/plan-file/plan-events.js";
import type { PlanEventOptions } from "../../../src/hosts/plan-file/plan-events.js";
import { bytesInMemory } from "../../../src/hosts/plan-file/plan-bytes.js";
import type { PlanFile } from "../../../src/hosts/plan-file/plan-file.js";
import type { PlanDocument } from "../../../src/hosts/plan-file/plan-schema.js";
import { scanPlan } from "../../../src/hosts/plan-file/read-plan.js";

export const RUN: Run = { id: "run-1", command: "check", workspace: "default" };

/** The JSON of a plan with these parts. */
export function planJson(parts: object = {}): string {
  return JSON.stringify({ format_version: "1.2", planned_values: { root_module: {} }, ...parts });
}

/** A plan as `readPlan` gives it, from bytes and at once. */
export function planFile(bytes: Uint8Array): PlanFile {
  const scan = scanPlan(bytesInMemory(bytes, "plan.json"), MAX_JSON_DEPTH);
  for (;;) {
    const step = scan.next();
    if (step.done === true) return step.value;
  }
}

export function planFileOf(parts: object = {}): PlanFile {
  return planFile(Buffer.from(planJson(parts)));
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
export function* planEvents(plan: PlanFile, run: Run, options?: PlanEventOptions): Generator<AirlockEvent> {
  for (const phase of planPhases(plan, run, options)) yield* phase.events();
}

export function eventsOf(parts: object, options?: PlanEventOptions): AirlockEvent[] {
  return [...planEvents(planFileOf(parts), RUN, options)];
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
