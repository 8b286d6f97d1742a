import { markdownTable } from "./markdown-table.js";
import type { Aim, Measurement, Unit } from "./measurement.js";
import type { BenchReport } from "./report.js";
import { formatValue, threeDigits } from "./values.js";

const HEADINGS = ["what", "condition", "median", "p99", "min – max", "samples", "ratio", "aim"] as const;
/** Columns of figures are set to the right. */
const FIGURES_FROM = 2;

/**
 * The report as Markdown whose tables can be read as they are, too. `pictureOf` names the file of a question's chart; null =
 * there is none. Ends with LF.
 */
export function formatMarkdown(
  report: BenchReport,
  pictureOf: (question: string) => string | null = () => null,
): string {
  const questions = [...new Set(report.measurements.map(({ question }) => question))];
  const parts = [
    "# Benchmarks",
    header(report),
    ...questions.flatMap((question) => {
      const picture = pictureOf(question);
      return [
        `## ${question}`,
        ...(picture === null ? [] : [`![${question.replaceAll(/[[\]]/g, "")}](${picture})`]),
        table(report.measurements.filter((measurement) => measurement.question === question)),
      ];
    }),
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
  return markdownTable(HEADINGS, measurements.map(cells), FIGURES_FROM);
}

function cells({ unit, median, p99, min, max, samples, ratio, aim, ...about }: Measurement): string[] {
  return [
    about.subject,
    about.condition,
    formatValue(median, unit),
    p99 === null ? "–" : formatValue(p99, unit),
    samples === 1 ? "–" : `${formatValue(min, unit)} – ${formatValue(max, unit)}`,
    String(samples),
    ratio === null ? "–" : `${threeDigits(ratio.value)} × ${ratio.to}`,
    aim === null ? "–" : formatAim(aim, unit),
  ];
}

/** An aim as `≤ 60.0 us: met`, or `ratio ≥ 1.70: missed`. */
function formatAim({ bound, value, of, met }: Aim, unit: Unit): string {
  const goal = `${bound === "at most" ? "≤" : "≥"} ${of === "ratio" ? threeDigits(value) : formatValue(value, unit)}`;
  return `${of === "median" ? "" : `${of} `}${goal}: ${met ? "met" : "missed"}`;
}
