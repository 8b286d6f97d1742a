import type { Aim, Measurement, Unit } from "./measurement.js";
import type { BenchReport } from "./report.js";

const HEADINGS = ["what", "condition", "median", "p99", "min – max", "samples", "ratio", "aim"] as const;
/** Columns of figures are set to the right. */
const FIGURES_FROM = 2;
const MIB = 1024 ** 2;

/** The report as Markdown whose tables can be read as they are, too. Ends with LF. */
export function formatMarkdown(report: BenchReport): string {
  const questions = [...new Set(report.measurements.map(({ question }) => question))];
  const parts = [
    "# Benchmarks",
    header(report),
    ...questions.flatMap((question) => [
      `## ${question}`,
      table(report.measurements.filter((measurement) => measurement.question === question)),
    ]),
  ];
  if (report.skipped.length > 0) {
    const lines = report.skipped.map(({ scope, subject, reason }) => `- ${scope}: ${subject}: ${reason}`);
    parts.push("## Not measured", lines.join("\n"));
  }
  return `${parts.join("\n\n")}\n`;
}

function header({ subject, machine, load, command, quick, started_at, duration_ms }: BenchReport): string {
  const revision = subject.revision?.slice(0, 12) ?? "unknown";
  const lines = [
    `- ${subject.name} ${subject.version}, git revision ${revision}${subject.modified ? " with local changes" : ""}`,
    `- ${machine.cpu}, ${machine.cores} cores, ${(machine.memory_bytes / 1024 ** 3).toFixed(1)} GiB, ${machine.os}`,
    `- Node ${machine.node}`,
    `- \`${command}\` at ${started_at}, ${Math.round(duration_ms / 1000)} s`,
    `- load average (1 min) ${load.before.toFixed(2)} before, ${load.after.toFixed(2)} after`,
  ];
  if (quick) lines.push("- **quick: too few samples to quote**");
  return lines.join("\n");
}

function table(measurements: readonly Measurement[]): string {
  const rows = [[...HEADINGS], ...measurements.map(cells)];
  const widths = HEADINGS.map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)));
  const [head = [], ...body] = rows;
  const rule = widths.map((width, column) => (column < FIGURES_FROM ? "-".repeat(width) : `${"-".repeat(width - 1)}:`));
  return [head, rule, ...body].map((row) => line(row, widths)).join("\n");
}

function line(row: readonly string[], widths: readonly number[]): string {
  const padded = row.map((cell, column) =>
    column < FIGURES_FROM ? cell.padEnd(widths[column] ?? 0) : cell.padStart(widths[column] ?? 0),
  );
  return `| ${padded.join(" | ")} |`;
}

function cells({ unit, median, p99, min, max, samples, ratio, aim, ...about }: Measurement): string[] {
  return [
    escapeCell(about.subject),
    escapeCell(about.condition),
    formatValue(median, unit),
    p99 === null ? "–" : formatValue(p99, unit),
    samples === 1 ? "–" : `${formatValue(min, unit)} – ${formatValue(max, unit)}`,
    String(samples),
    ratio === null ? "–" : escapeCell(`${threeDigits(ratio.value)} × ${ratio.to}`),
    aim === null ? "–" : formatAim(aim, unit),
  ];
}

/** A value with its unit, in three significant digits. */
export function formatValue(value: number, unit: Unit): string {
  if (unit === "bytes") return `${threeDigits(value / MIB)} MiB`;
  return unit === "per_s" ? `${threeDigits(value)}/s` : `${threeDigits(value)} ${unit}`;
}

/** An aim as `≤ 60.0 us: met`, or `ratio ≥ 1.70: missed`. */
function formatAim({ bound, value, of, met }: Aim, unit: Unit): string {
  const goal = `${bound === "at most" ? "≤" : "≥"} ${of === "ratio" ? threeDigits(value) : formatValue(value, unit)}`;
  return `${of === "median" ? "" : `${of} `}${goal}: ${met ? "met" : "missed"}`;
}

/** Three significant digits, never as a power of ten. */
function threeDigits(value: number): string {
  const size = Math.abs(value);
  if (size >= 100) return value.toFixed(0);
  if (size >= 10) return value.toFixed(1);
  return value.toFixed(2);
}

function escapeCell(text: string): string {
  return text.replaceAll("|", "\\|").replaceAll("\n", " ");
}
