import type { SecretSet } from "../sensitive/secret-set.js";
import { toAction } from "./actions.js";
import { Configuration } from "./configuration.js";
import { collectSecrets } from "./plan-secrets.js";
import { PlannedResource } from "./planned-resource.js";
import type { PlanDocument, ResourceChange, StateModule, StateResource } from "./plan-schema.js";

/** What a plan holds, in the order of its JSON. */
export interface PlanView {
  /** What the refresh before the plan found changed. */
  readonly drift: readonly PlannedResource[];
  /** Data sources: reads that wait for apply, then those that the plan has read already. */
  readonly data: readonly PlannedResource[];
  readonly managed: readonly PlannedResource[];
  /**
   * Everything that is there after the plan or goes with it, for hooks that see the whole: `managed`, then resources of the
   * state that the plan does not speak of as `no-op` (outside `-target`, or all of them with `-refresh-only`), then `data`.
   */
  readonly whole: readonly PlannedResource[];
  /** What was left out, and why; one sentence each. */
  readonly notices: readonly string[];
}

/** A data source that was read while planning stands in the prior state only. */
function readOf(after: unknown, after_sensitive: unknown): ResourceChange["change"] {
  return { actions: ["read"], before: null, after, after_unknown: {}, after_sensitive };
}

function noChangeOf(value: unknown, sensitive: unknown): ResourceChange["change"] {
  const marks = { before_sensitive: sensitive, after_sensitive: sensitive };
  return { actions: ["no-op"], before: value, after: value, after_unknown: {}, ...marks };
}

/** An object of the prior state, as a change of the plan. */
export function stateChange(
  { values, sensitive_values, ...resource }: StateResource,
  module: string | null,
): ResourceChange {
  const { address, mode, type, name, index, provider_name } = resource;
  const change = mode === "data" ? readOf(values, sensitive_values) : noChangeOf(values, sensitive_values);
  return { address, mode, type, name, index, provider_name, module_address: module, change };
}

/** Objects of the prior state, as changes of the plan: all of a mode but deposed ones, whose address is another's. */
function* inState(module: StateModule, wanted: "managed" | "data"): Generator<ResourceChange> {
  for (const resource of module.resources) {
    if (resource.mode === wanted && resource.deposed_key === undefined) {
      yield stateChange(resource, module.address ?? null);
    }
  }
  for (const child of module.child_modules) {
    yield* inState(child, wanted);
  }
}

/** Makes the view of a plan, and takes its secrets into those of the run. Nothing is redacted yet: that happens resource by resource, when it is asked for. */
export function viewPlan(plan: PlanDocument, secrets: SecretSet): PlanView {
  const configuration = new Configuration(plan);
  collectSecrets(plan, secrets);
  const notices: string[] = [];

  function toResource(change: ResourceChange): PlannedResource | null {
    const { mode } = change;
    const action = toAction(change.change.actions);
    if (action === null || (mode !== "managed" && mode !== "data")) {
      const what =
        action === null ? `actions ${JSON.stringify(change.change.actions)}` : `mode ${JSON.stringify(mode)}`;
      notices.push(`${change.address} is left out: its ${what} is not known`);
      return null;
    }
    // Data is only ever read; older cores also list it as deleted or unchanged.
    return new PlannedResource(change, mode, mode === "data" ? "read" : action, configuration, secrets);
  }

  function toResources(changes: Iterable<ResourceChange>): PlannedResource[] {
    return [...changes].map(toResource).filter((resource) => resource !== null);
  }

  const changes = toResources(plan.resource_changes);
  const pending = changes.filter(({ mode, change }) => mode === "data" && !change.change.actions.includes("delete"));
  const pendingAddresses = new Set(pending.map(({ address }) => address));
  const priorRoot = plan.prior_state?.values?.root_module;
  const ofState = (mode: "managed" | "data"): PlannedResource[] =>
    toResources(priorRoot === undefined ? [] : inState(priorRoot, mode));
  if (plan.errored) {
    notices.push("the plan was written by a run that ended in an error: it may be incomplete");
  }
  const data = [...pending, ...ofState("data").filter(({ address }) => !pendingAddresses.has(address))];
  const managed = changes.filter(({ mode }) => mode === "managed");
  // Of a deposed object alone the plan says nothing of the current one.
  const planned = new Set(plan.resource_changes.flatMap(({ address, deposed }) => (deposed ? [] : [address])));
  return {
    drift: toResources(plan.resource_drift).filter(({ mode }) => mode === "managed"),
    data,
    managed,
    whole: [...managed, ...ofState("managed").filter(({ address }) => !planned.has(address)), ...data],
    notices,
  };
}
