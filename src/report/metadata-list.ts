import { safeLine } from "../base/neutralise.js";
import { cellText } from "./cell-text.js";
import { toCsv } from "./csv.js";
import { toJsonText } from "./json.js";
import type { MetadataFormat } from "./metadata-formats.js";
import { toTable } from "./table.js";

/** What is shown of a list: the names of columns, and a cell for each; undefined where a row has none. */
export interface Listing {
  readonly columns: readonly string[];
  readonly rows: readonly (readonly unknown[])[];
}

const LONGEST_TEXT = 2000;

/** Any JSON value as rows and columns: a list of objects by their keys, everything else in one column. */
export function listingOf(value: unknown): Listing {
  const items: readonly unknown[] = Array.isArray(value) ? value : [value];
  const objects = items.filter((item): item is object => {
    return typeof item === "object" && item !== null && !Array.isArray(item);
  });
  if (items.length === 0 || objects.length < items.length) {
    return { columns: ["value"], rows: items.map((item) => [item]) };
  }
  const columns = [...new Set(objects.flatMap((item) => Object.keys(item)))];
  const rows = objects.map((item) => {
    const members = new Map<string, unknown>(Object.entries(item));
    return columns.map((column) => members.get(column));
  });
  return { columns, rows };
}

/**
 * A list in one of the formats; empty where there is nothing but a table to be shown. `columns` is the width of the
 * terminal, null where there is none.
 */
export function renderListing(
  format: MetadataFormat,
  value: unknown,
  options: { readonly columns: number | null; readonly color: boolean },
): string {
  if (format === "json") return toJsonText(value);
  const { columns, rows } = listingOf(value);
  if (format === "csv") return toCsv(columns, rows);
  const cells = rows.map((row) => row.map((cell) => safeLine(cellText(cell), LONGEST_TEXT)));
  const names = columns.map((name) => safeLine(name, 100).toUpperCase());
  return rows.length === 0 ? "" : toTable(names, cells, options);
}
