import { callAlone } from "./alone.js";
import { AIMS } from "./aims.js";
import { conversation } from "./conversation.js";
import { FORMS, declarationOf, findForm } from "./forms.js";
import type { Form } from "./forms.js";
import { measureGuards } from "./guards.js";
import { measureLayers } from "./layers.js";
import { measureRounds } from "./measure-calls.js";
import type { Measurement, ScopeOptions, ScopeResult, Skipped } from "./measurement.js";
import { measureParts } from "./parts.js";
import { childrenOf } from "./processes.js";
import { resourceEvent } from "./resources.js";
import { checkPassed, startRuntime } from "./runtimes.js";
import { aim, median, ratio, summarize } from "./statistics.js";

/** JSON of the params of a measured event, in bytes. */
export const EVENT_BYTES = 1_024;
const CONCURRENCIES = [1, 16] as const;
/** Different events, so that nothing is won by seeing the same one twice. */
const EVENTS = 256;
const CALLS = 500;
const US_PER_MS = 1_000;

/** What a hook call takes in each form of the policy, alone and through the runtime, with one and with 16 under way. */
export async function measureHooks(options: ScopeOptions): Promise<ScopeResult> {
  const measurements: Measurement[] = [];
  const skipped: Skipped[] = [];
  for (const form of FORMS) {
    const found = await findForm(form);
    if (typeof found === "string") {
      skipped.push({ scope: "hooks", subject: form.name, reason: found });
      continue;
    }
    options.progress(`hook calls: ${form.name}`);
    const lines = conversation(options.quick ? 500 : 3_000, EVENT_BYTES);
    const alone = (await callAlone(found, lines)).slice(lines.calls.length / 3);
    measurements.push(...(await measureForm(form, alone, found.kind !== "executable", options)));
  }
  measurements.push(...(await measureGuards(EVENT_BYTES, options)));
  options.progress("hook calls: layers of one call");
  measurements.push(...(await measureLayers(EVENT_BYTES, options)), ...(await measureParts(EVENT_BYTES, options)));
  return { measurements: inTables(measurements), skipped };
}

async function measureForm(
  form: Form,
  alone: readonly number[],
  sandboxed: boolean,
  { quick }: ScopeOptions,
): Promise<Measurement[]> {
  // One instance: it is a guest's own line of calls that is measured, not how many guests the machine can hold.
  await using runtime = await startRuntime({ integrations: [declarationOf(form)], parallelism: 1 });
  const events = Array.from({ length: EVENTS }, (_, index) => resourceEvent(index, EVENT_BYTES));
  const floor = median(alone);
  const measurements: Measurement[] = [
    row("Hook call: the guest alone", form, "no runtime, no process hop if sandboxed", alone, null),
  ];
  for (const concurrency of CONCURRENCIES) {
    const plan = { concurrency, calls: CALLS };
    const rounds = quick ? 3 : 20;
    const before = usedMs();
    const { latenciesUs, perCallUs } = await measureRounds(
      async (index) => {
        const event = events[index % EVENTS];
        if (event !== undefined) checkPassed(await runtime.dispatch(event));
      },
      plan,
      rounds,
    );
    const after = usedMs();
    const condition = `${concurrency} under way`;
    measurements.push(row("Hook call: latency of one dispatch", form, condition, latenciesUs, floor), {
      ...row("Hook call: time per call (wall time / calls)", form, condition, perCallUs, floor),
      aim: sandboxed && concurrency === 16 ? aim(median(perCallUs), AIMS.callUs) : null,
    });
    if (sandboxed && concurrency === 16) measurements.push(...shareRows(form, condition, latenciesUs, concurrency));
    // One round was made to warm up; its calls took processor time, too.
    const perCall = US_PER_MS / ((rounds + 1) * CALLS);
    const sides = [
      ["parent", (after.own - before.own) * perCall],
      ["guest's side", after.children === null ? null : (after.children - (before.children ?? 0)) * perCall],
    ] as const;
    for (const [side, us] of sides) {
      if (us === null) continue;
      measurements.push(row("Hook call: processor time per call", form, `${condition}, ${side}`, [us], floor));
    }
  }
  return measurements;
}

/** With several under way a call waits for those before it: what it takes itself is its part of the latency. */
function shareRows(
  form: Form,
  condition: string,
  latenciesUs: readonly number[],
  concurrency: number,
): readonly Measurement[] {
  const shares = latenciesUs.map((latencyUs) => latencyUs / concurrency);
  const question = "Hook call: share of each call (latency / calls under way)";
  const share = row(question, form, condition, shares, null);
  return [
    { ...share, aim: aim(share.median, AIMS.callUs) },
    { ...share, condition: `${condition}, the slowest`, aim: aim(share.p99 ?? share.max, AIMS.callP99Us, "p99") },
  ];
}

/** Processor time of this process and of all its children so far, in ms; null where the system does not tell. */
function usedMs(): { readonly own: number; readonly children: number | null } {
  const { user, system } = process.cpuUsage();
  const children = childrenOf(process.pid).map(({ cpuMs }) => cpuMs);
  const known = children.filter((cpuMs) => cpuMs !== null);
  return {
    own: (user + system) / US_PER_MS,
    children: known.length < children.length ? null : known.reduce((sum, cpuMs) => sum + cpuMs, 0),
  };
}

function row(
  question: string,
  { name }: Form,
  condition: string,
  values: readonly number[],
  floor: number | null,
): Measurement {
  const summary = summarize(values);
  return {
    scope: "hooks",
    question,
    subject: name,
    condition,
    unit: "us",
    ...summary,
    ratio: ratio(summary.median, floor, "alone"),
    aim: null,
  };
}

/** Rows in the order of their tables, then of what was varied: so one reads down a column. */
function inTables(measurements: readonly Measurement[]): readonly Measurement[] {
  const questions = [...new Set(measurements.map(({ question }) => question))];
  const conditions = [...new Set(measurements.map(({ condition }) => condition))];
  return questions.flatMap((question) =>
    conditions.flatMap((condition) =>
      measurements.filter((one) => one.question === question && one.condition === condition),
    ),
  );
}
