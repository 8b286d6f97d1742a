import type { Measurement } from "./measurement.js";
import type { BenchReport } from "./report.js";
import { formatValue, threeDigits } from "./values.js";

const WIDTH = 920;
const MARGIN = 24;
const HEAD = 64;
const FOOT = 58;
const ROW = 34;
const BAR = 16;
/** Where bars begin, and how long the longest is. */
const BARS_AT = 330;
const BARS_LONG = 330;
/** Characters of the font that fit. */
const LABEL_CHARACTERS = 44;
const TITLE_CHARACTERS = 105;
/** A goal that is further away would leave no room for the bars. */
const GOAL_WITHIN = 2;

const STYLE = `
    text { font: 14px system-ui, -apple-system, "Segoe UI", "DejaVu Sans", sans-serif; fill: #1f2933 }
    .page { fill: #ffffff; stroke: #d5dbe1 }
    .title { font-weight: 600 }
    .small { font-size: 12px; fill: #52606d }
    .axis { stroke: #7b8794; stroke-width: 1 }
    .bar { fill: #8fb8de }
    .missed { fill: #e0a458 }
    .spread { stroke: #1f2933; stroke-width: 1.5 }
    .goal { stroke: #2f6f4f; stroke-width: 2; stroke-dasharray: 4 2 }
    @media (prefers-color-scheme: dark) {
      text { fill: #e4e7eb }
      .page { fill: #14181d; stroke: #323a43 }
      .small { fill: #a6b1bc }
      .bar { fill: #2f6fb2 }
      .missed { fill: #b7791f }
      .spread { stroke: #e4e7eb }
      .goal { stroke: #7bc8a0 }
    }
  `;

/** The rows of one question as bars: an SVG that can be read on a dark page and on a light one. Ends with LF. */
export function chartOf(question: string, rows: readonly Measurement[], report: BenchReport): string {
  const height = HEAD + rows.length * ROW + FOOT;
  const scale = BARS_LONG / longest(rows);
  const { subject, machine, started_at, quick } = report;
  const foot = [
    `${subject.name} ${subject.version}, ${subject.revision?.slice(0, 12) ?? "no revision"}${subject.modified ? " with local changes" : ""}, ${started_at}`,
    `${machine.cpu}, ${machine.cores} cores, ${machine.os}, Node ${machine.node}${quick ? "; quick: too few samples to quote" : ""}`,
  ];
  const description = rows.map((row) => `${row.subject}, ${row.condition}: ${formatValue(row.median, row.unit)}`);
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${height}" role="img" aria-labelledby="title description">
  <title id="title">${escaped(question)}</title>
  <desc id="description">${escaped(description.join("; "))}</desc>
  <style>${STYLE}</style>
  <rect class="page" x="0.5" y="0.5" width="${WIDTH - 1}" height="${height - 1}" rx="10" />
  ${text(MARGIN, 30, "title", shortened(question, TITLE_CHARACTERS))}
  ${text(MARGIN, 50, "small", legendOf(rows))}
  ${rows.map((row, at) => barOf(row, HEAD + at * ROW, scale)).join("\n  ")}
  <line class="axis" x1="${BARS_AT}" y1="${HEAD}" x2="${BARS_AT}" y2="${HEAD + rows.length * ROW}" />
  ${foot.map((line, at) => text(MARGIN, height - FOOT + 26 + at * 18, "small", line)).join("\n  ")}
</svg>
`;
}

function legendOf(rows: readonly Measurement[]): string {
  const goal = rows.some((row) => goalOf(row) !== null) ? "; dashed: the aim" : "";
  return `bar: the median; line: the middle half of the samples, all of fewer than 20${goal}`;
}

function barOf(row: Measurement, top: number, scale: number): string {
  const { subject, condition, unit, median, spread, ratio, aim } = row;
  const middle = top + ROW / 2;
  const x = (value: number): string => (BARS_AT + Math.max(0, value) * scale).toFixed(1);
  const goal = goalOf(row);
  const goalAt = goal === null || goal * scale > BARS_LONG * 1.05 ? null : x(goal);
  const end = Math.max(median, spread.high, goalAt === null ? 0 : (goal ?? 0));
  const value = `${formatValue(median, unit)}${ratio === null ? "" : `  (${threeDigits(ratio.value)} ×)`}`;
  return [
    text(MARGIN, middle - 2, "", shortened(subject, LABEL_CHARACTERS)),
    text(MARGIN, middle + 12, "small", shortened(condition, LABEL_CHARACTERS)),
    `<rect class="bar${aim?.met === false ? " missed" : ""}" x="${BARS_AT}" y="${middle - BAR / 2}" width="${(Math.max(0, median) * scale).toFixed(1)}" height="${BAR}" />`,
    `<line class="spread" x1="${x(spread.low)}" y1="${middle}" x2="${x(spread.high)}" y2="${middle}" />`,
    ...(goalAt === null
      ? []
      : [`<line class="goal" x1="${goalAt}" y1="${top + 4}" x2="${goalAt}" y2="${top + ROW - 4}" />`]),
    `<text x="${(Number(x(end)) + 10).toFixed(1)}" y="${middle + 5}">${escaped(value)}</text>`,
  ].join("\n  ");
}

/** Where the aim of a row lies on the scale of its median; null without one, and for one of the 99th percentile. */
function goalOf({ aim, ratio, median }: Measurement): number | null {
  if (aim === null || aim.of === "p99") return null;
  if (aim.of === "median") return aim.value;
  return ratio === null || ratio.value <= 0 ? null : (median / ratio.value) * aim.value;
}

function longest(rows: readonly Measurement[]): number {
  const most = Math.max(...rows.flatMap(({ median, spread }) => [median, spread.high]), 0);
  const goals = rows.map(goalOf).filter((goal) => goal !== null && goal <= most * GOAL_WITHIN);
  const end = Math.max(most, ...goals.map(Number));
  return end > 0 ? end : 1;
}

function text(x: number, y: number, style: string, content: string): string {
  return `<text${style === "" ? "" : ` class="${style}"`} x="${x}" y="${y}">${escaped(content)}</text>`;
}

function shortened(content: string, characters: number): string {
  return content.length <= characters ? content : `${content.slice(0, characters - 1)}…`;
}

function escaped(content: string): string {
  return content.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;").replaceAll('"', "&quot;");
}
