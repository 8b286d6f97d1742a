import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { AirlockError } from "../src/protocol/airlock-error.js";
import { measureCheck } from "./check.js";
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
  /** The folder that bench.json and bench.md are written to; null = nowhere. */
  readonly folder: string | null;
}

/** The folder of the generated files, which git ignores. */
export function outputFolder(): string {
  return join(packageRoot(), "bench/out");
}

/** Runs the benchmarks and gives the exit code: 0; 2 for wrong usage; 1 when something could not be measured at all. Never rejects for those. */
export async function runBench(args: readonly string[], io: BenchIo): Promise<number> {
  try {
    const options = readOptions(args);
    if (options.help) {
      io.stdout(USAGE);
      return 0;
    }
    const report = await measure(args, options, io);
    const json = formatJson(report);
    const markdown = formatMarkdown(report);
    if (io.folder !== null) write(io.folder, json, markdown);
    io.stdout(options.json ? json : markdown);
    return 0;
  } catch (error) {
    if (!(error instanceof AirlockError)) throw error;
    io.stderr(`${error.code}: ${error.message}\n${error.remedy === undefined ? "" : `${error.remedy}\n`}`);
    return error.code === "BENCH_USAGE" ? 2 : 1;
  }
}

async function measure(args: readonly string[], { scopes, quick }: BenchOptions, io: BenchIo): Promise<BenchReport> {
  const startedAt = new Date();
  const [before = 0] = loadAverage();
  const began = performance.now();
  const results: ScopeResult[] = [];
  for (const scope of scopes) {
    const progress = (text: string): void => {
      io.stderr(`${text}\n`);
    };
    results.push(await MEASURE[scope]({ quick, progress }));
  }
  const [after = 0] = loadAverage();
  return {
    format_version: BENCH_FORMAT,
    started_at: startedAt.toISOString(),
    duration_ms: performance.now() - began,
    command: ["npm run bench", ...(args.length === 0 ? [] : ["--", ...args])].join(" "),
    quick,
    scopes,
    subject: describeSubject(),
    machine: describeMachine(),
    load: { before, after },
    measurements: results.flatMap(({ measurements }) => measurements),
    skipped: results.flatMap(({ skipped }) => skipped),
  };
}

function write(folder: string, json: string, markdown: string): void {
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, "bench.json"), json);
  writeFileSync(join(folder, "bench.md"), markdown);
}
