import type { AirlockEvent, Run } from "../../protocol/events.js";
import type { Hook, ResourceHook, StageHook } from "../../protocol/hooks.js";
import type { ListedResource, PlanFile, ResourceList } from "./plan-file.js";
import type { Metadata, Moment } from "./planned-resource.js";
import { wholeView } from "./whole-view.js";

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
export function planPhases(plan: PlanFile, run: Run, options: PlanEventOptions = {}): PlanPhase[] {
  const metadataOf = options.metadataOf ?? (() => NO_METADATA);
  const wants = options.wants ?? (() => true);

  function ofResources(hook: ResourceHook, moment: Moment, resources: ResourceList, needsAfter = false): PlanPhase {
    const isWanted = ({ type, hasAfter }: ListedResource): boolean => wants(hook, type) && (!needsAfter || hasAfter);
    let size = 0;
    for (const resource of resources) if (isWanted(resource)) size += 1;
    return {
      hook,
      size,
      *events() {
        for (const resource of resources) {
          if (!isWanted(resource)) continue;
          const opened = resource.open();
          yield opened.event(hook, run, moment, metadataOf(opened.address));
        }
      },
    };
  }

  function ofStage(hook: StageHook, event: () => AirlockEvent): PlanPhase {
    return {
      hook,
      size: wants(hook) ? 1 : 0,
      *events() {
        yield event();
      },
    };
  }

  const phases = [
    ofStage("plan-stage-start", () => ({ hook: "plan-stage-start", params: { run } })),
    ofResources("post-refresh-resource", "post", plan.drift),
    ofResources("pre-read-data", "pre", plan.data),
    ofResources("post-read-data", "post", plan.data, true),
    ofResources("pre-plan-resource", "pre", plan.managed),
    ofResources("post-plan-resource", "post", plan.managed),
    ofStage("plan-stage-complete", () => wholeView("plan-stage-complete", run, plan.whole, metadataOf)),
  ];
  return phases.filter(({ size }) => size > 0);
}
