import pc from "picocolors";
import { shorten } from "../base/neutralise.js";

const GAP = "  ";
/** The least that the last column gets, in characters. */
const LEAST = 20;

/**
 * Columns side by side under their names. On a terminal (`columns` is its width) the last one is cut to fit. The cells
 * are safe to show already.
 */
export function toTable(
  names: readonly string[],
  rows: readonly (readonly string[])[],
  { columns, color }: { readonly columns: number | null; readonly color: boolean },
): string {
  const widths = names.map((name, at) =>
    rows.reduce((most, row) => Math.max(most, (row[at] ?? "").length), name.length),
  );
  const before = widths.slice(0, -1).reduce((sum, width) => sum + width + GAP.length, 0);
  const room = columns === null ? Infinity : Math.max(LEAST, columns - before);
  const line = (cells: readonly string[]): string =>
    cells
      .map((cell, at) => (at === cells.length - 1 ? shorten(cell, room) : cell.padEnd(widths[at] ?? 0)))
      .join(GAP)
      .trimEnd();
  const head = pc.createColors(color).bold(line(names));
  return [head, ...rows.map(line)].map((text) => `${text}\n`).join("");
}
