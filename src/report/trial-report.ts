import * as v from "valibot";
import { safeLine } from "../base/neutralise.js";
import { toJsonText } from "./json.js";
import { toTable } from "./table.js";

/** Rises in its second part when keys are added, in its first when they change or go. */
export const TRIAL_FORMAT_VERSION = "1.0";

const MIB = 1024 ** 2;
const US_PER_MS = 1_000;

const count = v.pipe(v.number(), v.integer(), v.minValue(0));
const us = v.pipe(v.number(), v.description("microseconds"));
const bytes = (what: string) =>
  v.pipe(v.nullable(v.number()), v.description(`${what}, in bytes; null where it is not known`));

const TimesSchema = v.object({ p50: us, p99: us, max: us });
const HookSchema = v.object({
  hook: v.string(),
  in_plan: v.pipe(
    count,
    v.description("events of the plan that it wants; 0 for hooks of live runs, whose events are made of the plan's"),
  ),
  measured: v.pipe(count, v.description("calls that were measured")),
  latency: v.pipe(
    v.nullable(TimesSchema),
    v.description("from the event to the verdict; null when no call was measured"),
  ),
});

/** The contract of `airlock bench --format json`; docs/schemas holds it as JSON Schema. */
export const TrialReportSchema = v.pipe(
  v.object({
    format_version: v.literal(TRIAL_FORMAT_VERSION),
    version: v.pipe(v.string(), v.description("of Airlock")),
    machine: v.object({ cpu: v.string(), cores: count, platform: v.string(), node: v.string() }),
    integration: v.object({
      name: v.string(),
      version: v.nullable(v.string()),
      source: v.string(),
      kind: v.picklist(["wasm", "js", "executable"]),
    }),
    plan: v.object({
      source: v.pipe(v.nullable(v.string()), v.description("its file; null for the built-in one")),
      resources: count,
      calls: v.pipe(count, v.description("calls that the integration would get for it")),
    }),
    calls: v.pipe(count, v.description("calls that were measured, one by one")),
    latency: v.pipe(TimesSchema, v.description("of one call, from the event to the verdict")),
    guest: v.pipe(TimesSchema, v.description("of one call, as the guest itself takes for it")),
    call_us: v.pipe(us, v.description("wall time per call with 16 events under way")),
    hooks: v.array(HookSchema),
    verdicts: v.object({ success: count, warn: count, fail: count }),
    broken: v.pipe(
      v.array(v.object({ code: v.string(), calls: count, message: v.pipe(v.string(), v.description("of the first")) })),
      v.description("calls that ended in no verdict"),
    ),
    memory: v.object({
      limit: v.pipe(v.number(), v.description("what it may use, in bytes")),
      guest: bytes("resident memory that one further guest of it takes"),
      grown: bytes("growth of resident memory over the measured calls, of all processes that guests live in"),
      linear: v.pipe(
        v.nullable(v.object({ initial: v.number(), maximum: v.nullable(v.number()) })),
        v.description("what a wasm module says of its own memory, in bytes; null for other kinds"),
      ),
    }),
    share: v.pipe(
      v.nullable(
        v.object({
          cost_ms: v.pipe(v.number(), v.description("events of the plan times the median of their hook")),
          plan_ms: v.pipe(v.number(), v.description("what the plan takes without integrations")),
          stated: v.pipe(v.boolean(), v.description("plan_ms is what the user said, and not 4 ms for each resource")),
          ratio: v.number(),
        }),
      ),
      v.description(
        "what the calls cost of a plan if nothing went on beside them; null when it is called for none of its events",
      ),
    ),
    notes: v.array(v.string()),
    duration_ms: count,
  }),
  v.title("Report of airlock bench"),
);

export type TrialReport = v.InferOutput<typeof TrialReportSchema>;
export type TrialTimes = v.InferOutput<typeof TimesSchema>;

/** The report as JSON text. */
export function renderTrialJson(report: TrialReport): string {
  return toJsonText(report);
}

/** The report as text for people. */
export function renderTrialText(
  report: TrialReport,
  options: { readonly color: boolean; readonly columns: number | null },
): string {
  const { integration, machine, plan, notes } = report;
  const name = `${integration.name}${integration.version === null ? "" : ` ${integration.version}`}`;
  const rows: (readonly [label: string, text: string])[] = [
    ["integration", `${safeLine(name, 200)}, ${integration.kind}, ${safeLine(integration.source)}`],
    [
      "plan",
      `${plan.source === null ? "built in" : safeLine(plan.source)}: ${plan.resources} resources, ${plan.calls} calls`,
    ],
    ["machine", `${machine.cpu}, ${machine.cores} cores, ${machine.platform}, Node ${machine.node}`],
    ["call", `${timesText(report.latency)}, from the event to the verdict; ${report.calls} measured`],
    ["guest", `${timesText(report.guest)}, of that in the guest itself`],
    ["many", `${durationText(report.call_us)} a call with 16 events under way`],
    ["verdicts", verdictsText(report)],
    ["memory", memoryText(report)],
    ["share", shareText(report.share)],
  ];
  const hooks = report.hooks.map(({ hook, in_plan, measured, latency }) => [
    hook,
    String(in_plan),
    String(measured),
    ...(latency === null ? ["–", "–", "–"] : [latency.p50, latency.p99, latency.max].map(durationText)),
  ]);
  return [
    ...rows.map(([label, text]) => `${label.padEnd(12)}${text}\n`),
    "\n",
    toTable(["HOOK", "IN PLAN", "MEASURED", "P50", "P99", "MAX"], hooks, options),
    ...(notes.length === 0 ? [] : ["\n", ...notes.map((note) => `note: ${safeLine(note)}\n`)]),
  ].join("");
}

function timesText({ p50, p99, max }: TrialTimes): string {
  return `p50 ${durationText(p50)}, p99 ${durationText(p99)}, max ${durationText(max)}`;
}

function verdictsText({ verdicts: { success, warn, fail }, broken }: TrialReport): string {
  const parts = [`${success} success, ${warn} warn, ${fail} fail`];
  for (const { code, calls, message } of broken) parts.push(`${calls} broken (${code}: ${safeLine(message, 200)})`);
  return parts.join(", ");
}

function memoryText({ memory: { limit, guest, grown, linear } }: TrialReport): string {
  const parts = [
    guest === null ? "not known on this machine" : `${mibText(guest)} resident for a guest`,
    ...(grown === null ? [] : [`${mibText(grown)} more after the measured calls`]),
    ...(linear === null ? [] : [`its module starts with ${mibText(linear.initial)} of its own`]),
    `may use ${mibText(limit)}`,
  ];
  return parts.join(", ");
}

function shareText(share: TrialReport["share"]): string {
  if (share === null) return "none of a plan's events are for it";
  const { cost_ms, plan_ms, stated, ratio } = share;
  const base = `${durationText(plan_ms * US_PER_MS)}${stated ? "" : " (4 ms for each resource, with a provider that does nothing)"}`;
  return `${(ratio * 100).toFixed(ratio < 0.1 ? 1 : 0)} % of the plan at most: ${durationText(cost_ms * US_PER_MS)} of ${base}`;
}

function mibText(value: number): string {
  return `${(value / MIB).toFixed(1)} MiB`;
}

function durationText(value: number): string {
  if (value < 1_000) return `${value.toFixed(0)} us`;
  return value < 1_000_000 ? `${(value / 1_000).toFixed(1)} ms` : `${(value / 1_000_000).toFixed(1)} s`;
}
