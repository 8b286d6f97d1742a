import { markdownTable } from "../markdown-table.js";
import type { Unit } from "../measurement.js";
import { formatValue, threeDigits } from "../values.js";
import type { ComparedPair, Comparison, Judged } from "./compare.js";

const HEADINGS = ["change", "question", "what", "condition", "before", "after", "after / before"] as const;
const FIGURES_FROM = 4;
/** What somebody looks for first. */
const ORDER = ["worse", "better", "same", "not judged"] as const;

/** The comparison as a section in Markdown. Ends without LF. */
export function formatComparison({ before, warnings, pairs, gone, added, regressed }: Comparison): string {
  const { subject, machine, started_at } = before;
  const revision = `${subject.revision?.slice(0, 12) ?? "unknown"}${subject.modified ? " with local changes" : ""}`;
  const ordered = ORDER.flatMap((change) => pairs.filter((pair) => pair.change === change));
  const counts = ORDER.map((change) => `${pairs.filter((pair) => pair.change === change).length} ${change}`).join(", ");
  return [
    "## Compared with an earlier run",
    [
      `- **${regressed ? "regressed" : "no regression"}**: ${counts}`,
      `- the earlier run: ${subject.version}, git revision ${revision}, ${started_at}, ${machine.cpu}, ${machine.cores} cores, ${machine.os}, Node ${machine.node}`,
      ...warnings.map((warning) => `- warning: ${warning}`),
      ...gone.map((name) => `- measured before, not now: ${name}`),
      ...added.map((name) => `- measured now, not before: ${name}`),
    ].join("\n"),
    markdownTable(HEADINGS, ordered.map(cells), FIGURES_FROM),
    "A row is worse when the middle half of its samples (all, of fewer than 20) lies beyond that of the earlier run, and by 5 % at least.",
  ].join("\n\n");
}

function cells({ change, reason, by, unit, before, after, times, ...about }: ComparedPair): string[] {
  return [
    reason === null ? change : `${change}: ${reason}`,
    about.question,
    about.subject,
    about.condition,
    judgedText(before, by, unit),
    judgedText(after, by, unit),
    `${threeDigits(times)} ×`,
  ];
}

function judgedText({ value, spread }: Judged, by: ComparedPair["by"], unit: Unit): string {
  const text = (one: number): string => (by === "ratio" ? `${threeDigits(one)} ×` : formatValue(one, unit));
  return spread.low === spread.high ? text(value) : `${text(value)} (${text(spread.low)} – ${text(spread.high)})`;
}
