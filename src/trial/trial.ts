import { availableParallelism, cpus, loadavg } from "node:os";
import type { IntegrationDeclarationInput } from "../declare/declaration.js";
import { checkPlan } from "../hosts/plan-file/check.js";
import type { CheckOptions, CheckResult } from "../hosts/plan-file/check.js";
import type { AirlockEvent } from "../protocol/events.js";
import { limitsOf } from "../runtime/integration.js";
import { completeDeclaration } from "../declare/complete.js";
import { TRIAL_FORMAT_VERSION } from "../report/trial-report.js";
import type { TrialReport } from "../report/trial-report.js";
import type { IntegrationReport, Runtime, RuntimeOptions } from "../runtime/types.js";
import { HOST_VERSION } from "../runtime/version.js";
import { Measured, measureManyAtOnce, measureOneByOne, timesOf } from "./measure.js";
import { Recorder, isOfPlan } from "./recorder.js";
import { Residents } from "./residents.js";
import { TrialError } from "./trial-error.js";

/** Each way of measuring ends after so long, however slow the integration is, in ms. */
const MEASURE_MS = 10_000;
const MEMORY_MS = 2_000;
/** Guests whose memory is held against that of one. */
const MORE_GUESTS = 4;
const MEMORY_CALLS = 50;
/** What a plan takes for each resource without integrations: about that of tofu with a provider that does nothing (`npm run bench -- --scope overhead`). */
const PLAN_MS_PER_RESOURCE = 4;
const SAMPLES_FOR_P99 = 100;

/** What is measured, and how long. */
export interface TrialOptions {
  readonly declaration: IntegrationDeclarationInput;
  readonly createRuntime: (options: RuntimeOptions) => Promise<Runtime>;
  readonly environment: RuntimeOptions["environment"];
  readonly plan: { readonly document: CheckOptions["plan"]; readonly source: string | null };
  /** The most calls that are measured one by one. */
  readonly calls: number;
  /** What the plan takes without integrations, in ms; null = not known. */
  readonly planMs: number | null;
  /** What a wasm module says of its memory. */
  readonly linear: TrialReport["memory"]["linear"];
  readonly signal: AbortSignal;
  readonly onProgress: (done: number, total: number) => void;
}

/**
 * Measures one integration over the events of a plan: first a check of the plan, which warms it up, then calls one by one
 * and many at once, then its memory. Rejects with `TrialError` when there is nothing to measure, with `CheckError`
 * CHECK_INTERRUPTED, and with what `plan` rejects.
 */
export async function runTrial(options: TrialOptions): Promise<TrialReport> {
  const started = performance.now();
  const { declaration, signal } = options;
  const residents = new Residents();
  const measured = new Measured();
  const isMeasuring = { on: false };
  const runtime = await options.createRuntime({
    ...runtimeOptions(options, [declaration], residents),
    observer(notice) {
      if (isMeasuring.on && notice.type === "result" && notice.result.error === null)
        measured.guest.push(notice.elapsedUs);
    },
  });
  try {
    const recorder = new Recorder(runtime);
    using check = await checkPlan({ plan: options.plan.document, runtime: recorder, signal });
    checkStarted(check);
    if (recorder.events.length === 0) throw noEvents(options.plan.source);
    const before = await residents.bytes();
    isMeasuring.on = true;
    const bounds = { calls: options.calls, timeMs: MEASURE_MS, signal };
    await measureOneByOne(runtime, recorder.events, bounds, measured, (done) => {
      options.onProgress(done, options.calls);
    });
    isMeasuring.on = false;
    const after = await residents.bytes();
    checkMeasured(measured, signal);
    const callUs = await measureManyAtOnce(runtime, recorder.events, bounds);
    const [report] = runtime.report();
    const guestBytes = await memoryOfGuest(options, recorder.events);
    const grown = before === null || after === null ? null : Math.max(0, after - before);
    return {
      ...aboutOf(options, report),
      ...figuresOf(measured, callUs),
      plan: { source: options.plan.source, resources: check.resources, calls: planCalls(recorder) },
      hooks: hooksOf(recorder, measured),
      memory: { ...memoryLimits(options, report), guest: guestBytes, grown },
      share: shareOf(recorder, measured, check.resources, options.planMs),
      notes: notesOf(options, check, recorder, measured),
      duration_ms: Math.round(performance.now() - started),
    };
  } finally {
    await runtime.stop();
  }
}

function runtimeOptions(
  { environment }: TrialOptions,
  integrations: readonly IntegrationDeclarationInput[],
  processes: Residents,
): RuntimeOptions {
  // One instance: what a call costs is asked, not how many of them this machine makes at once.
  return { integrations, parallelism: 1, processes, ...(environment !== undefined && { environment }) };
}

function checkStarted({ results }: CheckResult): void {
  const broken = [...results].find(({ hook, error }) => hook === "initialize" && error !== null);
  if (broken?.error == null) return;
  const { code, message, remedy } = broken.error;
  throw new TrialError("TRIAL_NOT_STARTED", `it did not start: ${message} (${code})`, {
    integration: broken.integration,
    ...(remedy !== null && { remedy }),
  });
}

function noEvents(source: string | null): TrialError {
  const remedy =
    source === null
      ? "Name a plan with resources that it looks at: --plan FILE"
      : "Name a plan with resources that it looks at, or leave --plan out for the built-in one";
  return new TrialError("TRIAL_NO_EVENTS", `it wants none of the events of ${source ?? "the built-in plan"}`, {
    remedy,
  });
}

function checkMeasured({ broken, all }: Measured, signal: AbortSignal): void {
  if (signal.aborted || all.length > 0) return;
  const [first] = broken;
  throw new TrialError(
    "TRIAL_BROKEN",
    `none of its calls ended in a verdict: ${first?.message ?? "it was asked nothing"} (${first?.code ?? ""})`,
    {
      remedy: "Run airlock check with it first; there is nothing to measure while it breaks",
    },
  );
}

function aboutOf({ declaration }: TrialOptions, report: IntegrationReport | undefined) {
  return {
    format_version: TRIAL_FORMAT_VERSION,
    version: HOST_VERSION,
    machine: {
      cpu: cpus()[0]?.model.trim() ?? "unknown",
      cores: availableParallelism(),
      platform: `${process.platform}-${process.arch}`,
      node: process.versions.node,
    },
    integration: {
      name: declaration.name,
      version: report?.version ?? null,
      source: declaration.source ?? report?.source ?? declaration.name,
      kind: report?.kind ?? "executable",
    },
  } as const;
}

function figuresOf(measured: Measured, callUs: number) {
  const { all, guest, verdicts, broken } = measured;
  const calls = all.length + broken.reduce((sum, one) => sum + one.calls, 0);
  return { calls, latency: timesOf(all), guest: timesOf(guest), call_us: callUs, verdicts, broken };
}

function planCalls({ counts }: Recorder): number {
  return [...counts].reduce((sum, [hook, count]) => sum + (isOfPlan(hook) ? count : 0), 0);
}

function hooksOf({ counts }: Recorder, { latencies }: Measured): TrialReport["hooks"] {
  return [...counts].map(([hook, count]) => {
    const times = latencies.get(hook) ?? [];
    const latency = times.length === 0 ? null : timesOf(times);
    return { hook, in_plan: isOfPlan(hook) ? count : 0, measured: times.length, latency };
  });
}

function memoryLimits({ declaration, linear }: TrialOptions, report: IntegrationReport | undefined) {
  const limit = limitsOf(completeDeclaration(declaration), report?.kind ?? "executable").memoryBytes;
  return { limit, linear };
}

function shareOf(
  { counts }: Recorder,
  { latencies }: Measured,
  resources: number,
  planMs: number | null,
): TrialReport["share"] {
  const costs = [...counts].flatMap(([hook, count]) => {
    const times = latencies.get(hook) ?? [];
    return isOfPlan(hook) && times.length > 0 ? [count * timesOf(times).p50] : [];
  });
  const plan_ms = planMs ?? resources * PLAN_MS_PER_RESOURCE;
  if (costs.length === 0 || plan_ms <= 0) return null;
  const cost_ms = costs.reduce((sum, cost) => sum + cost, 0) / 1_000;
  return { cost_ms, plan_ms, stated: planMs !== null, ratio: cost_ms / plan_ms };
}

function notesOf(options: TrialOptions, check: CheckResult, recorder: Recorder, { all }: Measured): string[] {
  const [load = 0] = loadavg();
  const live = [...recorder.counts.keys()].filter((hook) => !isOfPlan(hook));
  return [
    ...check.notices,
    ...(all.length < SAMPLES_FOR_P99
      ? [`${all.length} calls are too few for a 99th percentile that means something`]
      : []),
    ...(load > availableParallelism()
      ? [`the machine is busy (load average ${load.toFixed(1)}): times are too long`]
      : []),
    ...(live.length === 0 ? [] : [`a plan has no events of ${live.join(", ")}: they were made of its resources`]),
    ...(options.linear === null
      ? ["what it allocates inside is not known: a guest tells its host nothing but answers"]
      : ["what it allocates inside of its memory is not known: a guest tells its host nothing but answers"]),
  ];
}

/** Resident memory of a further guest: of four held against one, each in processes of their own. */
async function memoryOfGuest(options: TrialOptions, events: readonly AirlockEvent[]): Promise<number | null> {
  const one = await residentOf(options, events, 1);
  const more = await residentOf(options, events, MORE_GUESTS);
  return one === null || more === null ? null : Math.max(0, (more - one) / (MORE_GUESTS - 1));
}

async function residentOf(
  options: TrialOptions,
  events: readonly AirlockEvent[],
  count: number,
): Promise<number | null> {
  const residents = new Residents();
  const declarations = Array.from({ length: count }, (_, at) => ({
    ...options.declaration,
    name: `guest_${at}`,
    after: [],
  }));
  const runtime = await options.createRuntime(runtimeOptions(options, declarations, residents));
  try {
    const broken = await runtime.start();
    if (broken.length > 0) return null;
    await measureManyAtOnce(runtime, events, { calls: MEMORY_CALLS, timeMs: MEMORY_MS, signal: options.signal });
    return await residents.bytes();
  } finally {
    await runtime.stop();
  }
}
