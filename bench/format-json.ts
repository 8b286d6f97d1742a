import type { BenchReport } from "./report.js";

/** The report as JSON, figures cut to what they can bear. Ends with LF. */
export function formatJson(report: BenchReport): string {
  const text = JSON.stringify(
    report,
    (_key, value: unknown) => (typeof value === "number" ? Number(value.toPrecision(6)) : value),
    2,
  );
  return `${text}\n`;
}
