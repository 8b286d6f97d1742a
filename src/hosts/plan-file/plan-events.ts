import type { AirlockEvent, Run } from "../../protocol/events.js";
import type { Hook, ResourceHook, StageHook } from "../../protocol/hooks.js";
import type { PlanView } from "./plan-view.js";
import type { Metadata, Moment, PlannedResource } from "./planned-resource.js";

/** What events of a plan need from outside the plan. */
export interface PlanEventOptions {
  /** What was attached to an address so far; asked when the event is built. Default: nothing. */
  readonly metadataOf?: (address: string) => Metadata;
  /** Whether anyone wants an event; one that nobody wants is not built. Default: all are wanted. */
  readonly wants?: (hook: Hook, resourceType?: string) => boolean;
}

/**
 * Events that may be worked on at once. The next phase needs what this one attached, so it must not start before every
 * outcome of this one is known.
 */
export interface PlanPhase {
  readonly hook: Hook;
  /** How many events there are. */
  readonly size: number;
  /** Builds them, each when it is taken. */
  events(): Iterable<AirlockEvent>;
}

const NO_METADATA: Metadata = {};

/**
 * The phases of a plan, in order: stage start, drift, data (all `pre-`, then all `post-`), managed resources (likewise),
 * and the whole view. Those without an event are left out. No secret of the plan is in any event.
 */
export function planPhases(view: PlanView, run: Run, options: PlanEventOptions = {}): PlanPhase[] {
  const metadataOf = options.metadataOf ?? (() => NO_METADATA);
  const wants = options.wants ?? (() => true);

  function ofResources(hook: ResourceHook, moment: Moment, resources: readonly PlannedResource[]): PlanPhase {
    const wanted = resources.filter(({ type }) => wants(hook, type));
    return {
      hook,
      size: wanted.length,
      *events() {
        for (const resource of wanted) {
          yield { hook, params: resource.params(run, moment, metadataOf(resource.address)) };
        }
      },
    };
  }

  function ofStage(hook: StageHook, hasView: boolean): PlanPhase {
    return {
      hook,
      size: wants(hook) ? 1 : 0,
      *events() {
        const resources = hasView ? { resources: view.whole.map((one) => one.view(metadataOf(one.address))) } : {};
        yield { hook, params: { run, ...resources } };
      },
    };
  }

  const phases = [
    ofStage("plan-stage-start", false),
    ofResources("post-refresh-resource", "post", view.drift),
    ofResources("pre-read-data", "pre", view.data),
    ofResources(
      "post-read-data",
      "post",
      view.data.filter(({ hasAfter }) => hasAfter),
    ),
    ofResources("pre-plan-resource", "pre", view.managed),
    ofResources("post-plan-resource", "post", view.managed),
    ofStage("plan-stage-complete", true),
  ];
  return phases.filter(({ size }) => size > 0);
}
