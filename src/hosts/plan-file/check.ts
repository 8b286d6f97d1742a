import { randomUUID } from "node:crypto";
import type { Run } from "../../protocol/events.js";
import { graver, reduceResults } from "../../runtime/reduce.js";
import type { EventOutcome, IntegrationReport, IntegrationResult, Runtime, RunVerdict } from "../../runtime/types.js";
import { keeperOf } from "../sensitive/keeper.js";
import { CheckError } from "./check-error.js";
import { MetadataStore } from "./metadata-store.js";
import type { PlanContents } from "./plan-contents.js";
import { planPhases } from "./plan-events.js";
import type { PlanPhase } from "./plan-events.js";
import type { PlanFile } from "./plan-file.js";
import { ResultLog } from "./result-log.js";
import type { Results } from "./result-log.js";

/** What `checkPlan` takes. */
export interface CheckOptions {
  /** May still be on its way: guests start meanwhile. */
  readonly plan: PlanFile | Promise<PlanFile>;
  /** Not started yet; it is stopped when the check ends, however it ends. */
  readonly runtime: Runtime;
  /** Id of the run; default: a new UUID. */
  readonly runId?: string;
  /** Told after every event how many of all are done. Must not throw. */
  readonly onProgress?: (done: number, total: number) => void;
  /** Ends the check at once. */
  readonly signal?: AbortSignal;
}

/** What all integrations said of a plan. */
export interface CheckResult {
  readonly verdict: RunVerdict;
  readonly integrations: readonly IntegrationReport[];
  /** Every answer, in the order of the events, and in declaration order for each. */
  readonly results: Results;
  /** Resources and data sources of the plan, by address. */
  readonly resources: number;
  readonly durationMs: number;
  /** What of the plan was left out, and why. */
  readonly notices: readonly string[];
}

/** A promise that only ever rejects: when the signal fires. */
function interruption(signal: AbortSignal | undefined): Promise<never> {
  const interrupted = new Promise<never>((_resolve, reject) => {
    const stop = (): void => {
      reject(new CheckError("CHECK_INTERRUPTED", "the check was interrupted", { remedy: "Run it again" }));
    };
    if (signal?.aborted === true) {
      stop();
    }
    signal?.addEventListener("abort", stop, { once: true });
  });
  // Nobody may be waiting when the signal fires.
  interrupted.catch(() => undefined);
  return interrupted;
}

/** Sends the events of one phase and gives every outcome to `take`. */
async function runPhase(
  runtime: Runtime,
  phase: PlanPhase,
  interrupted: Promise<never>,
  take: (outcome: EventOutcome) => void,
) {
  const outcomes = runtime.stream(phase.events())[Symbol.asyncIterator]();
  for (;;) {
    // Not `for await`: it would wait for a guest that is in the middle of a call, although the check is to end now.
    const next = await Promise.race([interrupted, outcomes.next()]);
    if (next.done === true) {
      return;
    }
    take(next.value);
  }
}

/**
 * Lets the integrations of `runtime` judge a plan. Only their answers are kept, no event.
 * What it gives must be disposed of: many results are in a file. Rejects with `CheckError` (CHECK_INTERRUPTED) when the signal fires, once all guests have ended; those in the middle of
 * a call are ended at once; and with whatever `plan` rejects. Never rejects for a fault of an integration.
 */
export async function checkPlan(options: CheckOptions): Promise<CheckResult & Disposable> {
  const { plan, runtime } = options;
  const started = performance.now();
  const run: Run = { id: options.runId ?? randomUUID(), command: "check", workspace: "default" };
  const interrupted = interruption(options.signal);
  const metadata = new MetadataStore();
  const results = new ResultLog();
  let verdict: RunVerdict = "pass";

  function takeResults(taken: readonly IntegrationResult[]): void {
    for (const result of taken) {
      results.add(result);
      metadata.take(result);
    }
    verdict = graver(verdict, reduceResults(taken));
  }

  let contents: PlanContents;
  let stopped: readonly IntegrationResult[] = [];
  try {
    if (options.signal?.aborted === true) {
      await interrupted;
    }
    const starting = runtime.start();
    // Told below; until then the plan's own fault comes first.
    starting.catch(() => undefined);
    const read = await Promise.race([interrupted, plan]);
    contents = read.contents;
    runtime.keep(keeperOf(contents.secrets));
    takeResults(await Promise.race([interrupted, starting]));
    const wants = runtime.wants.bind(runtime);
    const phases = planPhases(read, run, { wants, metadataOf: (address) => metadata.of(address) });
    const total = phases.reduce((sum, { size }) => sum + size, 0);
    let done = 0;
    for (const phase of phases) {
      await runPhase(runtime, phase, interrupted, (outcome) => {
        takeResults(outcome.results);
        done += 1;
        options.onProgress?.(done, total);
      });
    }
  } catch (error) {
    results.close();
    throw error;
  } finally {
    stopped = await runtime.stop();
  }
  takeResults(stopped);
  return {
    verdict,
    integrations: runtime.report(),
    results,
    resources: contents.resources,
    durationMs: performance.now() - started,
    notices: contents.notices,
    [Symbol.dispose]: () => {
      results.close();
    },
  };
}
