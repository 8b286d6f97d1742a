import type { CoreArguments } from "../core/core-arguments.js";
import type { OutputFilter } from "../core/output-filter.js";
import type { IntegrationResult } from "../../../runtime/types.js";
import type { PlannedResource } from "../../plan-file/planned-resource.js";
import type { PlanView } from "../../plan-file/plan-view.js";
import { stateIn } from "../records/plan-archive.js";
import type { AddressBook } from "../records/address-book.js";
import type { PlanArchive } from "../records/plan-archive.js";
import { askOfStored, IN_CORE } from "./judge-rest.js";
import { learnFromPlan, learnFromState } from "./learn-secrets.js";
import { plannedMetadata, settleMetadata } from "./keep-metadata.js";
import type { StageRun } from "./run.js";
import { isGood, showResults, stageHook } from "./stage-hooks.js";
import { rekeyByState, stateViews } from "./state-views.js";

/** Resources inside core have no private bytes. */
const NOTHING = new Uint8Array(0);

/** What is to be applied. */
export interface ApplyStart {
  /** With the plan file as its positional argument. */
  readonly args: CoreArguments;
  readonly archive: PlanArchive | null;
  readonly view: () => Promise<PlanView>;
  /** What core prints goes through it; left out: core prints by itself. */
  readonly output?: OutputFilter;
}

/** Resources inside core that change: no provider call is made for them. */
async function inCore(run: StageRun, { archive, view }: ApplyStart): Promise<readonly PlannedResource[]> {
  const { runtime } = run.judge;
  const wanted = runtime.wants("pre-apply-resource") || runtime.wants("post-apply-resource");
  const mayHaveAny = archive === null || archive.changes.some(({ provider }) => provider.includes(IN_CORE));
  if (!wanted || !mayHaveAny) return [];
  const { managed } = await view();
  return managed.filter(({ change, action }) => change.provider_name === IN_CORE && action !== "no-op");
}

async function judgeBefore(run: StageRun, resources: readonly PlannedResource[]): Promise<boolean> {
  const results: IntegrationResult[] = [];
  for (const resource of resources) {
    const attached = run.metadata.open(NOTHING, resource.address);
    const params = resource.params(run.run, "post", attached.metadata);
    results.push(...(await askOfStored(run, { hook: "pre-apply-resource", params }, attached)).results);
  }
  showResults(run, results);
  return isGood(results);
}

/** In-core resources as the new state has them: their values are known now. */
async function judgeApplied(run: StageRun, resources: readonly PlannedResource[]): Promise<void> {
  if (resources.length === 0 || !run.judge.runtime.wants("post-apply-resource")) return;
  const now = new Map((await stateViews(run)).map((view) => [view.address, view]));
  const results: IntegrationResult[] = [];
  for (const resource of resources) {
    const attached = run.metadata.open(NOTHING, resource.address);
    const planned = resource.params(run.run, "post", attached.metadata);
    const { after = null, sensitive = planned.sensitive } = now.get(resource.address) ?? {};
    // What core did not get to is as it was before: not there yet, or still there.
    if (now.has(resource.address) === (resource.action === "delete")) continue;
    const params = { ...planned, after, after_unknown: {}, sensitive };
    results.push(...(await askOfStored(run, { hook: "post-apply-resource", params }, attached)).results);
  }
  showResults(run, results);
}

async function coreApply(run: StageRun, { args, output }: ApplyStart, book: AddressBook) {
  if (output === undefined) return run.core({ phase: "apply", args, book });
  const end = await run.core({
    phase: "apply",
    args,
    book,
    stdout: (stdout) =>
      stdout.on("data", (chunk: Uint8Array) => {
        run.io.write(output.push(chunk));
      }),
  });
  run.io.write(output.end());
  return end;
}

/**
 * Applies exactly one plan, with integrations before and after each change. Gives core's exit code; 1 when integrations
 * stopped it before core started.
 */
export async function applyStage(run: StageRun, start: ApplyStart): Promise<number> {
  const { archive } = start;
  const book = run.newBook();
  if (archive !== null) {
    const objects = stateIn(archive);
    learnFromState(objects, run.secrets);
    learnFromPlan(archive, run.project.configuration, run.secrets);
    book.addState(objects);
    book.addPlan(archive);
    run.metadata.expect(plannedMetadata(archive));
  }
  if (!(await stageHook(run, "apply-stage-start"))) return 1;
  const resources = await inCore(run, start);
  if (!(await judgeBefore(run, resources))) return 1;
  const { code } = await coreApply(run, start, book);
  await judgeApplied(run, resources);
  await rekeyByState(run, book);
  await settleMetadata(run);
  await stageHook(run, "apply-stage-complete", () => stateViews(run));
  return code;
}
