import type { Measurement } from "../../bench/measurement.js";
import type { BenchReport } from "../../bench/report.js";

/** A measurement of which only what matters is said. */
export function measurement(said: Partial<Measurement> = {}): Measurement {
  return {
    scope: "hooks",
    question: "Time per call",
    subject: "js",
    condition: "16 under way",
    unit: "us",
    median: 80,
    p99: 120,
    min: 70,
    max: 130,
    spread: { low: 75, high: 90 },
    samples: 200,
    ratio: null,
    aim: null,
    ...said,
  };
}

/** A report with these measurements. */
export function report(measurements: readonly Measurement[], said: Partial<BenchReport> = {}): BenchReport {
  return {
    format_version: 2,
    started_at: "2026-01-02T03:04:05.000Z",
    duration_ms: 12_345.678901,
    command: "npm run bench -- --scope hooks",
    quick: false,
    scopes: ["hooks"],
    subject: { name: "airlock-runtime", version: "1.2.3", revision: "0123456789abcdef0123", modified: false },
    machine: { cpu: "Some CPU", cores: 4, memory_bytes: 8 * 1024 ** 3, os: "linux 6.1 x64", node: "v20.20.0" },
    load: { before: 0.1, after: 1.5 },
    measurements,
    skipped: [],
    ...said,
  };
}

/** The cells of each table row of a Markdown text. */
export function rowsOf(markdown: string): string[][] {
  return markdown
    .split("\n")
    .filter((line) => line.startsWith("|"))
    .map((line) =>
      line
        .split(/(?<!\\)\|/)
        .slice(1, -1)
        .map((cell) => cell.trim()),
    );
}

/** The cells of the last table row. */
export function lastRowOf(markdown: string): string[] {
  const rows = rowsOf(markdown);
  return rows[rows.length - 1] ?? [];
}
