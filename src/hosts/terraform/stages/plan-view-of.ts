import { parsePlan } from "../../plan-file/parse-plan.js";
import { viewPlan } from "../../plan-file/plan-view.js";
import type { PlanView } from "../../plan-file/plan-view.js";
import { DEFAULT_PLAN_LIMITS } from "../../plan-file/read-plan.js";
import { jsonOf } from "../core/json-output.js";
import type { StageRun } from "./run.js";

/** A saved plan as its JSON tells it, which core writes. Throws `CoreError` and `PlanError`. */
export async function viewOfPlan(run: StageRun, file: string): Promise<PlanView> {
  const bytes = await run.capture("show", "-json", "-no-color", file);
  return viewPlan(parsePlan(jsonOf(bytes), "the plan", DEFAULT_PLAN_LIMITS.maxDepth), run.secrets);
}
