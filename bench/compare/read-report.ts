import { readFileSync } from "node:fs";
import * as v from "valibot";
import { errorCode } from "../../src/base/error-code.js";
import { BenchError } from "../bench-error.js";
import { UNITS } from "../measurement.js";
import { BENCH_FORMAT } from "../report.js";

const MEASURE_AGAIN = "Write it again: npm run bench, which leaves bench/out/bench.json.";

const SpreadSchema = v.object({ low: v.number(), high: v.number() });

const RowSchema = v.object({
  scope: v.string(),
  question: v.string(),
  subject: v.string(),
  condition: v.string(),
  unit: v.picklist(UNITS),
  median: v.number(),
  spread: SpreadSchema,
  samples: v.number(),
  ratio: v.nullable(v.object({ value: v.number(), to: v.string(), spread: v.nullable(SpreadSchema) })),
});

/** What of a report is compared. A scope may be one that is asked no more. */
const ReportSchema = v.object({
  format_version: v.literal(BENCH_FORMAT),
  started_at: v.string(),
  quick: v.boolean(),
  scopes: v.pipe(v.array(v.string()), v.readonly()),
  subject: v.object({ version: v.string(), revision: v.nullable(v.string()), modified: v.boolean() }),
  machine: v.object({ cpu: v.string(), cores: v.number(), os: v.string(), node: v.string() }),
  load: v.object({ before: v.number(), after: v.number() }),
  measurements: v.pipe(v.array(RowSchema), v.readonly()),
});

export type ComparedReport = v.InferOutput<typeof ReportSchema>;
export type ComparedRow = ComparedReport["measurements"][number];

/** Reads a bench.json. Throws `BenchError` BENCH_REPORT_UNREADABLE, or BENCH_REPORT_FORMAT for one of another format. */
export function readReport(path: string): ComparedReport {
  const content = parse(path);
  const version = v.safeParse(v.object({ format_version: v.number() }), content);
  if (version.success && version.output.format_version !== BENCH_FORMAT) {
    throw new BenchError(
      "BENCH_REPORT_FORMAT",
      `${path} is of format ${version.output.format_version}; this version writes and compares format ${BENCH_FORMAT}`,
      { remedy: `Measure the older code with its own version, or check it out and run: ${MEASURE_AGAIN}` },
    );
  }
  const report = v.safeParse(ReportSchema, content);
  if (report.success) return report.output;
  const where = v.getDotPath(report.issues[0]) ?? "its outermost value";
  throw new BenchError("BENCH_REPORT_UNREADABLE", `${path} is no bench.json: ${where} is wrong`, {
    remedy: MEASURE_AGAIN,
  });
}

function parse(path: string): unknown {
  try {
    return JSON.parse(readFileSync(path, "utf8"));
  } catch (cause) {
    const why = cause instanceof SyntaxError ? "it is not JSON" : (errorCode(cause) ?? "reading failed");
    throw new BenchError("BENCH_REPORT_UNREADABLE", `${path} cannot be read: ${why}`, { remedy: MEASURE_AGAIN, cause });
  }
}
