import { readFile, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import * as v from "valibot";
import { CheckReportSchema } from "../src/report/check-report.js";
import { AIMS } from "./aims.js";
import { BenchError } from "./bench-error.js";
import { checkArguments, policyDeclaration } from "./check-command.js";
import { measureAgainstPeers } from "./check-peers.js";
import { JS_FORM } from "./forms.js";
import type { Goal, Measurement, Unit, ScopeOptions, ScopeResult } from "./measurement.js";
import { planJson } from "./plan.js";
import { REQUIRED_TAGS, isTagged } from "./resources.js";
import { runCommand, runWatched } from "./run-command.js";
import { aim, ratio, summarize } from "./statistics.js";
import { temporaryFolder } from "./temporary-folder.js";

const COUNTS = [10, 1_000, 10_000] as const;
const TIME_AIMS: ReadonlyMap<number, Goal> = new Map([
  [10, AIMS.check10Ms],
  [10_000, AIMS.check10000Ms],
]);
const MIB = 1024 ** 2;
/** What `check` answers when an integration said fail, as it must of every plan here. */
const EXIT_FAIL = 1;

interface Plan {
  readonly count: number;
  readonly file: string;
  readonly bytes: number;
}

/** Wall time and memory of `airlock check` as a user runs it: a whole process, one js policy, the report as JSON. */
export async function measureCheck(options: ScopeOptions): Promise<ScopeResult> {
  const { quick, progress } = options;
  using folder = temporaryFolder();
  await writeFile(join(folder.path, "airlock.hcl"), policyDeclaration(JS_FORM, REQUIRED_TAGS));
  const times: Measurement[] = [];
  const used: Measurement[] = [];
  let base: number | null = null;
  for (const count of COUNTS) {
    const plan = await writePlan(folder.path, count);
    const command = commandFor(folder.path, plan);
    const runs = quick ? 2 : 9;
    progress(`check: ${count} resources, ${runs} runs`);
    // Once without a look at the clock: the files are then in the system's cache, as they are for whoever just made a plan.
    await runOnce(command, plan);
    const elapsed: number[] = [];
    for (let run = 0; run < runs; run++) elapsed.push(await runOnce(command, plan));
    times.push(timeRow(plan, elapsed, base));
    base ??= times[0]?.median ?? null;
    used.push(...(await usageRows(command, plan, used)));
  }
  const peers = await measureAgainstPeers(options, (count) => writePlan(folder.path, count));
  return { measurements: [...times, ...used, ...peers.measurements], skipped: peers.skipped };
}

interface CheckCommand {
  readonly args: readonly string[];
  readonly report: string;
}

function commandFor(folder: string, { file }: Plan): CheckCommand {
  const report = join(folder, "report.json");
  return { report, args: checkArguments(folder, file, report) };
}

async function writePlan(folder: string, count: number): Promise<Plan> {
  const file = join(folder, `plan-${count}.json`);
  await writeFile(file, planJson(count));
  return { count, file, bytes: (await stat(file)).size };
}

/** Wall time of the process, in ms. Rejects with `BenchError` when it did not judge every resource as it must. */
async function runOnce({ args, report }: CheckCommand, { count }: Plan): Promise<number> {
  const elapsedMs = await runCommand(args, EXIT_FAIL);
  const { summary } = v.parse(CheckReportSchema, JSON.parse(await readFile(report, "utf8")));
  const untagged = Array.from({ length: count }, (_, index) => index).filter((index) => !isTagged(index)).length;
  if (summary.resources !== count || summary.error > 0 || summary.fail !== untagged) {
    throw new BenchError("BENCH_WRONG_ANSWER", `check of ${count} resources came to ${JSON.stringify(summary)}`);
  }
  return elapsedMs;
}

function timeRow(plan: Plan, elapsed: readonly number[], base: number | null): Measurement {
  const summary = summarize(elapsed);
  const goal = TIME_AIMS.get(plan.count);
  return {
    scope: "check",
    question: "Check: wall time of the whole command",
    subject: `${plan.count} resources`,
    condition: planSize(plan),
    unit: "ms",
    ...summary,
    ratio: ratio(summary.median, base, `${COUNTS[0]} resources`),
    aim: goal === undefined ? null : aim(summary.median, goal),
  };
}

/** What one more run uses of the machine. Processor time tells more than wall time where others work, too. */
async function usageRows(
  { args }: CheckCommand,
  plan: Plan,
  before: readonly Measurement[],
): Promise<readonly Measurement[]> {
  const usage = await runWatched(args, EXIT_FAIL);
  const parts = [
    ["command", usage.command],
    ["sandbox host", usage.child],
  ] as const;
  return parts.flatMap(([condition, { peakBytes, cpuMs }]) => {
    const row = (question: string, unit: Unit, value: number): Measurement => {
      const base = before.find((one) => one.question === question && one.condition === condition)?.median ?? null;
      const about = { scope: "check", subject: `${plan.count} resources`, condition, aim: null } as const;
      return { ...about, question, unit, ...summarize([value]), ratio: ratio(value, base, `${COUNTS[0]} resources`) };
    };
    return [
      ...(cpuMs === null ? [] : [row("Check: processor time", "ms", cpuMs)]),
      row("Check: peak of resident memory", "bytes", peakBytes),
    ];
  });
}

function planSize({ bytes }: Plan): string {
  return `plan of ${(bytes / MIB).toFixed(bytes < MIB ? 2 : 1)} MiB`;
}
