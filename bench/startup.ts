import { availableParallelism } from "node:os";
import { createRuntime } from "../src/runtime/runtime.js";
import { BenchError } from "./bench-error.js";
import { JS_FORM, PLUG_IN_FORM, declarationsOf } from "./forms.js";
import type { Form } from "./forms.js";
import type { Measurement, ScopeOptions, ScopeResult } from "./measurement.js";
import { resourceEvent } from "./resources.js";
import { checkPassed } from "./runtimes.js";
import { ratio, summarize } from "./statistics.js";

const COUNTS = [1, 5, 20] as const;
const EVENT_BYTES = 1_024;

interface Start {
  readonly startedMs: number;
  readonly firstVerdictMs: number;
}

/** What a run takes before its first verdict: the sandbox host, its workers and every guest are started anew each time. */
export async function measureStartup({ quick, progress }: ScopeOptions): Promise<ScopeResult> {
  const measurements: Measurement[] = [];
  const instances = [...new Set([1, availableParallelism()])];
  for (const form of [JS_FORM, PLUG_IN_FORM]) {
    for (const parallelism of instances) {
      progress(`start-up: ${form.name}, ${parallelism} of each`);
      measurements.push(...(await measureCounts(form, parallelism, quick ? 2 : 5)));
    }
  }
  return { measurements: inTables(measurements), skipped: [] };
}

async function measureCounts(form: Form, parallelism: number, runs: number): Promise<Measurement[]> {
  const measurements: Measurement[] = [];
  const base = { started: null as number | null, first: null as number | null };
  for (const count of COUNTS) {
    const starts: Start[] = [];
    for (let run = 0; run < runs; run++) starts.push(await startOnce(form, count, parallelism));
    const started = summarize(starts.map(({ startedMs }) => startedMs));
    const first = summarize(starts.map(({ firstVerdictMs }) => firstVerdictMs));
    const about = {
      scope: "startup",
      subject: `${count} × ${form.name}`,
      condition: parallelism === 1 ? "1 instance each" : `${parallelism} instances each (one a core)`,
      unit: "ms",
      aim: null,
    } as const;
    measurements.push(
      {
        ...about,
        question: "Start-up: createRuntime to start() resolved",
        ...started,
        ratio: ratio(started.median, base.started, "1 integration"),
      },
      {
        ...about,
        question: "Start-up: createRuntime to the first verdict of all",
        ...first,
        ratio: ratio(first.median, base.first, "1 integration"),
      },
    );
    base.started ??= started.median;
    base.first ??= first.median;
  }
  return measurements;
}

async function startOnce(form: Form, count: number, parallelism: number): Promise<Start> {
  const before = performance.now();
  await using runtime = createRuntime({ integrations: declarationsOf(form, count), parallelism });
  const [broken] = await runtime.start();
  const startedMs = performance.now() - before;
  if (broken !== undefined) {
    throw new BenchError("BENCH_WRONG_ANSWER", `${broken.integration} did not start: ${broken.message}`);
  }
  checkPassed(await runtime.dispatch(resourceEvent(0, EVENT_BYTES)));
  return { startedMs, firstVerdictMs: performance.now() - before };
}

function inTables(measurements: readonly Measurement[]): readonly Measurement[] {
  return measurements.toSorted(
    (one, other) => Number(one.question > other.question) - Number(one.question < other.question),
  );
}
