import { readFile, rm, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import * as v from "valibot";
import { CheckReportSchema } from "../src/report/check-report.js";
import { AIMS } from "./aims.js";
import { BenchError } from "./bench-error.js";
import { checkArguments, policyDeclaration } from "./check-command.js";
import { JS_FORM } from "./forms.js";
import type { Measurement, ScopeOptions, ScopeResult, Unit } from "./measurement.js";
import { runWatched } from "./run-command.js";
import { scaledPlan } from "./scaled-plan.js";
import { aim, ratio, summarize } from "./statistics.js";
import { temporaryFolder } from "./temporary-folder.js";
import { writePieces } from "./write-pieces.js";

const COUNTS = { full: [1_000, 20_000, 200_000], quick: [100, 200, 2_000] } as const;
const EXIT_FAIL = 1;
/** The report of the largest plan is not read: it would not fit into one string much longer. */
const READ_REPORT_UP_TO = 20_000;
const MIB = 1024 ** 2;

/** What one check took. */
interface Run {
  readonly elapsedMs: number;
  readonly peakBytes: number;
  readonly cpuMs: number | null;
}

const QUESTIONS: readonly (readonly [question: string, unit: Unit, of: (run: Run) => number | null])[] = [
  ["Scale: wall time of the whole check", "ms", ({ elapsedMs }) => elapsedMs],
  ["Scale: peak of resident memory, command and sandbox host together", "bytes", ({ peakBytes }) => peakBytes],
  ["Scale: processor time, command and sandbox host together", "ms", ({ cpuMs }) => cpuMs],
];

/** Wall time, memory and processor time of `airlock check` as plans grow; the largest is more than a string can hold. */
export async function measureScale({ quick, progress }: ScopeOptions): Promise<ScopeResult> {
  using folder = temporaryFolder();
  await writeFile(join(folder.path, "airlock.hcl"), policyDeclaration(JS_FORM, ["owner"]));
  const counts = quick ? COUNTS.quick : COUNTS.full;
  const measurements: Measurement[] = [];
  for (const [at, count] of counts.entries()) {
    progress(`scale: plan of ${count} resources`);
    const plan = join(folder.path, "plan.json");
    await writePieces(plan, scaledPlan(count));
    const { size } = await stat(plan);
    const runs: Run[] = [];
    for (let run = 0; run < (quick || at === counts.length - 1 ? 1 : 3); run++) {
      progress(`scale: check of ${count} resources, ${(size / MIB).toFixed(0)} MiB`);
      runs.push(await check(folder.path, plan, count));
    }
    await rm(plan);
    const before = counts[at - 1];
    measurements.push(...rows({ count, size, before, isLast: at === counts.length - 1 }, runs, measurements));
  }
  return { measurements, skipped: [] };
}

async function check(folder: string, plan: string, count: number): Promise<Run> {
  const report = join(folder, "report.json");
  const args = checkArguments(folder, plan, report);
  const started = performance.now();
  const { command, child } = await runWatched(args, EXIT_FAIL);
  const elapsedMs = performance.now() - started;
  if (count <= READ_REPORT_UP_TO) await checkReport(report, count);
  const cpuMs = command.cpuMs === null || child.cpuMs === null ? null : command.cpuMs + child.cpuMs;
  return { elapsedMs, peakBytes: command.peakBytes + child.peakBytes, cpuMs };
}

async function checkReport(report: string, count: number): Promise<void> {
  const { summary } = v.parse(CheckReportSchema, JSON.parse(await readFile(report, "utf8")));
  if (summary.resources >= count && summary.error === 0) return;
  throw new BenchError("BENCH_WRONG_ANSWER", `check of ${count} resources came to ${JSON.stringify(summary)}`);
}

interface About {
  readonly count: number;
  readonly size: number;
  readonly before: number | undefined;
  readonly isLast: boolean;
}

/** Each row is held against the next smaller plan: the last one is ten times as large, and so may its time be. */
function rows(
  { count, size, before, isLast }: About,
  runs: readonly Run[],
  all: readonly Measurement[],
): Measurement[] {
  return QUESTIONS.flatMap(([question, unit, of]) => {
    const values = runs.map(of).filter((value) => value !== null);
    if (values.length === 0) return [];
    const summary = summarize(values);
    const base = all.findLast((row) => row.question === question)?.median ?? null;
    const held = ratio(summary.median, base, `${before ?? ""} resources`);
    const goal = unit === "bytes" ? AIMS.scaleMemoryRatio : question.includes("wall time") ? AIMS.scaleTimeRatio : null;
    const about = {
      scope: "scale",
      subject: `${count} resources`,
      condition: `plan of ${(size / MIB).toFixed(1)} MiB`,
    } as const;
    const aimed = isLast && goal !== null && held !== null ? aim(held.value, goal, "ratio") : null;
    return [{ ...about, question, unit, ...summary, ratio: held, aim: aimed }];
  });
}
