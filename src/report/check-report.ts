import * as v from "valibot";
import type { CheckResult } from "../hosts/plan-file/check.js";
import { GUEST_KINDS } from "../protocol/guest-kind.js";
import { HOOKS } from "../protocol/hooks.js";
import { METHOD_MIGRATE } from "../protocol/messages.js";
import { FindingSchema } from "../protocol/verdict.js";
import type { IntegrationReport, IntegrationResult } from "../runtime/types.js";

/** Rises in its second part when keys are added, in its first when they change or go. */
export const REPORT_FORMAT_VERSION = "1.2";

const count = (text: string) => v.pipe(v.number(), v.integer(), v.minValue(0), v.description(text));
const microseconds = (text: string) => v.pipe(v.number(), v.minValue(0), v.description(text));

const provider = v.pipe(
  v.nullable(v.string()),
  v.description("the provider configuration that it is declared under; null for one of the whole project"),
);

const IntegrationSchema = v.object({
  name: v.string(),
  provider,
  kind: v.pipe(v.nullable(v.picklist(GUEST_KINDS)), v.description("null when the package was not found")),
  version: v.pipe(v.nullable(v.string()), v.description("null when the integration did not start")),
  source: v.string(),
  calls: count("calls of hooks"),
  failures: count("calls that ended in no verdict"),
  restarts: count("fresh guests that took over from one that ended"),
  circuit: v.pipe(
    v.nullable(v.picklist(["closed", "open", "half-open"])),
    v.description("closed: it is called; else its guests ended too often in a row; null when it did not start"),
  ),
  latency_us: v.pipe(
    v.nullable(v.object({ p50: microseconds("median"), p99: microseconds("99th percentile") })),
    v.description("time of the guest itself for one call, in microseconds; null without a call"),
  ),
});

const ResultSchema = v.object({
  integration: v.string(),
  provider,
  hook: v.picklist([...HOOKS, METHOD_MIGRATE, "initialize", "shutdown"]),
  address: v.pipe(v.nullable(v.string()), v.description("null for stages, and for initialize and shutdown")),
  status: v.pipe(
    v.picklist(["success", "warn", "fail", "error"]),
    v.description("error: the integration broke; under on_error = warn that is a warn"),
  ),
  message: v.pipe(v.string(), v.description("when the integration broke, it ends in the error's code in parentheses")),
  findings: v.array(FindingSchema),
  metadata: v.pipe(v.nullable(v.record(v.string(), v.unknown())), v.description("what the integration attached")),
});

/** The contract of `airlock check --format json`; docs/schemas holds it as JSON Schema. */
export const CheckReportSchema = v.pipe(
  v.object({
    format_version: v.literal(REPORT_FORMAT_VERSION),
    verdict: v.pipe(v.picklist(["pass", "warn", "fail", "error"]), v.description("the worst of all results")),
    integrations: v.pipe(v.array(IntegrationSchema), v.description("in declaration order")),
    results: v.pipe(v.array(ResultSchema), v.description("in the order of events, then of declarations")),
    summary: v.object({
      resources: count("resources and data sources of the plan"),
      success: count("results with this status"),
      warn: count("results with this status"),
      fail: count("results with this status"),
      error: count("results with this status"),
    }),
    duration_ms: v.pipe(v.number(), v.minValue(0), v.description("wall time of the check, in milliseconds")),
  }),
  v.title("Report of airlock check"),
);

export type CheckReport = v.InferOutput<typeof CheckReportSchema>;

function toIntegration(report: IntegrationReport): CheckReport["integrations"][number] {
  const { latencyUs, ...rest } = report;
  return { ...rest, latency_us: latencyUs };
}

/** One result in the form of the contract. */
export function toResult(result: IntegrationResult): CheckReport["results"][number] {
  const { integration, provider: under, hook, address, status, findings, metadata, error } = result;
  const message = error === null ? result.message : `${error.message} (${error.code})`;
  const said = { status, message, findings: [...findings], metadata: metadata ?? null };
  return { integration, provider: under, hook, address, ...said };
}

/** Counts results by status. */
export function countByStatus(results: Iterable<IntegrationResult>): Record<IntegrationResult["status"], number> {
  const counts = { success: 0, warn: 0, fail: 0, error: 0 };
  for (const { status } of results) counts[status] += 1;
  return counts;
}

/** A report without its results, which may be many. */
export function toCheckSummary(result: CheckResult): CheckReport {
  return {
    format_version: REPORT_FORMAT_VERSION,
    verdict: result.verdict,
    integrations: result.integrations.map(toIntegration),
    results: [],
    summary: { resources: result.resources, ...countByStatus(result.results) },
    duration_ms: Math.round(result.durationMs),
  };
}

/** A result in the form of the contract. */
export function toCheckReport(result: CheckResult): CheckReport {
  return { ...toCheckSummary(result), results: [...result.results].map(toResult) };
}
