import type { BenchReport } from "./report.js";

/** The report as JSON, figures cut to three decimals. Ends with LF. */
export function formatJson(report: BenchReport): string {
  const text = JSON.stringify(
    report,
    (_key, value: unknown) => (typeof value === "number" ? Number(value.toFixed(3)) : value),
    2,
  );
  return `${text}\n`;
}
