import type { Runtime } from "../../../runtime/types.js";
import { applyCommand, importCommand, planCommand, refreshCommand, validateCommand } from "./commands.js";
import type { LiveEnd, Stage } from "./live.js";
import { StageRun } from "./run.js";
import type { GuestsHome } from "./run.js";
import { isGood, showResults, stageHook } from "./stage-hooks.js";

const COMMANDS: Readonly<Record<Stage, (run: StageRun) => Promise<number>>> = {
  init: initHooks,
  validate: validateCommand,
  plan: planCommand,
  apply: applyCommand,
  destroy: applyCommand,
  refresh: refreshCommand,
  import: importCommand,
};

/** `init` has run: all that could be wrong with integrations shows now, and not in the first plan. */
async function initHooks(run: StageRun): Promise<number> {
  await run.startProviderIntegrations();
  const said = run.unshown.splice(0).map(({ diagnostic }) => ({ ...diagnostic, address: null }));
  run.io.show(said);
  if (said.some(({ severity }) => severity === "error")) return 1;
  const good = (await stageHook(run, "init-stage-start")) && (await stageHook(run, "init-stage-complete"));
  return good ? 0 : 1;
}

/** Runs a stage with its integrations. Throws what `StageRun.open` and the stage throw. */
export async function perform(
  stage: Stage,
  parts: Pick<StageRun, "project" | "place" | "io">,
  createRuntime: (home: GuestsHome) => Runtime | Promise<Runtime>,
): Promise<LiveEnd> {
  const run = await StageRun.open(parts, createRuntime);
  let code = 1;
  try {
    const broken = run.judge.results;
    showResults(run, broken);
    if (isGood(broken)) code = await COMMANDS[stage](run);
  } finally {
    await run.close();
  }
  const { verdict, results } = run.judge;
  const isStopped = verdict === "fail" || verdict === "error";
  return {
    code: isStopped && (code === 0 || code === 2) ? 1 : code,
    result: {
      verdict,
      integrations: run.judge.runtime.report(),
      results,
      resources: new Set(results.flatMap(({ address }) => (address === null ? [] : [address]))).size,
      durationMs: performance.now() - run.started,
    },
  };
}
