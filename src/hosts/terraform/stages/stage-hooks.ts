import type { StageHook } from "../../../protocol/hooks.js";
import type { ResourceView } from "../../../protocol/events.js";
import { toDiagnostics } from "../interposer/outcome-diagnostics.js";
import type { Audience, IntegrationResult } from "../../../runtime/types.js";
import { stopIfInterrupted } from "./live-error.js";
import type { StageRun } from "./run.js";

/** Whether results let a stage go on. */
export function isGood(results: readonly IntegrationResult[]): boolean {
  return !results.some(({ status }) => status === "fail" || status === "error");
}

/**
 * Shows results that core cannot show, each with its address. Throws LIVE_INTERRUPTED: what guests say that were ended
 * for it is not worth showing.
 */
export function showResults(run: StageRun, results: readonly IntegrationResult[]): void {
  stopIfInterrupted(run.io.interrupt);
  for (const result of results) {
    run.io.show(toDiagnostics([result], null).map((diagnostic) => ({ ...diagnostic, address: result.address })));
  }
}

/** One audience for the project, and one for each provider configuration that has guests. */
function audiences(run: StageRun): { readonly audience: Audience; readonly sees: (view: ResourceView) => boolean }[] {
  return [
    { audience: { project: true, provider: null }, sees: () => true },
    ...run.joined.groups.map(({ provider, block }) => ({
      audience: { project: false, provider },
      sees: (view: ResourceView) => view.provider.source === block.source && view.provider.alias === block.alias,
    })),
  ];
}

/**
 * Fires a hook of a whole stage. `views` are given to hooks that see the whole; those under a provider see what belongs
 * to it. Shows what integrations say, and gives whether the stage may go on.
 */
export async function stageHook(
  run: StageRun,
  hook: StageHook,
  views?: () => Promise<readonly ResourceView[]>,
): Promise<boolean> {
  const asked = audiences(run).filter(({ audience }) => run.judge.runtime.wants(hook, undefined, audience));
  if (asked.length === 0) return true;
  const whole = views === undefined ? undefined : await views();
  let good = true;
  for (const { audience, sees } of asked) {
    const params = { run: run.run, ...(whole !== undefined && { resources: whole.filter(sees) }) };
    const { results } = await run.judge.ask({ hook, params }, audience);
    showResults(run, results);
    good &&= isGood(results);
  }
  return good;
}
