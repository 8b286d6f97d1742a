import { safeLine } from "../base/neutralise.js";
import { cellText } from "./cell-text.js";

/** What a spreadsheet would take for the beginning of a formula. */
const FORMULA = /^[=+\-@\t\r]/;

/**
 * Text as CSV (RFC 4180, with LF): every cell that needs quotes has them, and none can be a formula in a spreadsheet:
 * one that starts like one gets a `'` in front. Numbers stay numbers.
 */
export function toCsv(columns: readonly string[], rows: readonly (readonly unknown[])[]): string {
  return [columns, ...rows].map((row) => `${row.map(csvCell).join(",")}\n`).join("");
}

function csvCell(cell: unknown): string {
  if (typeof cell === "number") return String(cell);
  const text = safeLine(cellText(cell), Infinity);
  const harmless = FORMULA.test(text) ? `'${text}` : text;
  return /[",'\s]/.test(harmless) ? `"${harmless.replaceAll('"', '""')}"` : harmless;
}
