import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { renderBenchError } from "./bench-error.js";
import { measureCheck } from "./check.js";
import { compareReports } from "./compare/compare.js";
import { formatComparison } from "./compare/format-comparison.js";
import { readReport } from "./compare/read-report.js";
import type { ComparedReport } from "./compare/read-report.js";
import { measureFanOut } from "./fan-out.js";
import { formatJson } from "./format-json.js";
import { formatMarkdown } from "./format-markdown.js";
import { measureHardStop } from "./hard-stop.js";
import { measureHooks } from "./hooks.js";
import { describeMachine, describeSubject, loadAverage } from "./machine.js";
import type { Scope, ScopeOptions, ScopeResult } from "./measurement.js";
import { measureMemory } from "./memory.js";
import { measureMetadata } from "./metadata.js";
import { measureOverhead } from "./overhead.js";
import { readOptions, USAGE } from "./options.js";
import type { BenchOptions } from "./options.js";
import { packageRoot } from "./package-root.js";
import { BENCH_FORMAT } from "./report.js";
import type { BenchReport } from "./report.js";
import { measureScale } from "./scale.js";
import { measureStartup } from "./startup.js";
import { writeReport } from "./write-report.js";

const MEASURE: Readonly<Record<Scope, (options: ScopeOptions) => Promise<ScopeResult>>> = {
  hooks: measureHooks,
  "fan-out": measureFanOut,
  overhead: measureOverhead,
  check: measureCheck,
  startup: measureStartup,
  memory: measureMemory,
  scale: measureScale,
  "hard-stop": measureHardStop,
  metadata: measureMetadata,
};

/** Where the benchmarks write to. */
export interface BenchIo {
  readonly stdout: (text: string) => void;
  readonly stderr: (text: string) => void;
  /** The folder that reports and charts are written to unless the command line names one; null = nowhere. */
  readonly folder: string | null;
}

/** The folder of the generated files, which git ignores. */
export function outputFolder(): string {
  return join(packageRoot(), "bench/out");
}

/**
 * Runs the benchmarks and gives the exit code: 0; 1 when something could not be measured at all, or became worse than in
 * the report that it is compared with; 2 for wrong usage, and for a report that nothing can be compared with. Never
 * rejects for those.
 */
export async function runBench(args: readonly string[], io: BenchIo): Promise<number> {
  try {
    const options = readOptions(args);
    if (options.help) {
      io.stdout(USAGE);
      return 0;
    }
    // Before minutes are spent on figures that then cannot be compared.
    const earlier = options.compare === null ? null : readReport(options.compare);
    const folder = options.output ?? io.folder;
    const report = await measure(args, options, io, (sofar) => {
      if (folder !== null) writeReport(folder, sofar);
    });
    io.stdout(options.json ? formatJson(report) : formatMarkdown(report));
    return earlier === null ? 0 : showComparison(earlier, report, folder, options.json ? io.stderr : io.stdout);
  } catch (error) {
    return renderBenchError(error, io.stderr);
  }
}

function showComparison(
  earlier: ComparedReport,
  report: BenchReport,
  folder: string | null,
  print: (text: string) => void,
): number {
  const comparison = compareReports(earlier, report);
  const text = `${formatComparison(comparison)}\n`;
  if (folder !== null) writeFileSync(join(folder, "compare.md"), text);
  print(`\n${text}`);
  return comparison.regressed ? 1 : 0;
}

/** Measures scope by scope; `keep` gets what is known after each, so that a run which is cut off leaves what it had. */
async function measure(
  args: readonly string[],
  { scopes, quick, budgetMs }: BenchOptions,
  io: BenchIo,
  keep: (report: BenchReport) => void,
): Promise<BenchReport> {
  const startedAt = new Date();
  const [before = 0] = loadAverage();
  const began = performance.now();
  const [subject, machine] = [describeSubject(), describeMachine()];
  const results: ScopeResult[] = [];
  const reportSoFar = (): BenchReport => ({
    format_version: BENCH_FORMAT,
    started_at: startedAt.toISOString(),
    duration_ms: performance.now() - began,
    command: ["npm run bench", ...(args.length === 0 ? [] : ["--", ...args])].join(" "),
    quick,
    scopes,
    subject,
    machine,
    load: { before, after: loadAverage()[0] ?? 0 },
    measurements: results.flatMap(({ measurements }) => measurements),
    skipped: results.flatMap(({ skipped }) => skipped),
  });
  for (const scope of scopes) {
    const isLate = performance.now() - began > budgetMs;
    results.push(isLate ? outOfTime(scope, budgetMs) : await MEASURE[scope]({ quick, progress: lineTo(io) }));
    keep(reportSoFar());
  }
  return reportSoFar();
}

function outOfTime(scope: Scope, budgetMs: number): ScopeResult {
  const reason = `the budget of ${budgetMs / 1_000} s was spent before it`;
  return { measurements: [], skipped: [{ scope, subject: "all of it", reason }] };
}

function lineTo({ stderr }: BenchIo): (text: string) => void {
  return (text) => {
    stderr(`${text}\n`);
  };
}
