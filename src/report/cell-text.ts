import { safeJson } from "../base/neutralise.js";

/** A cell as text: strings as they are, everything else as JSON on one line. */
export function cellText(cell: unknown): string {
  if (cell === undefined || cell === null) return "";
  return typeof cell === "string" ? cell : safeJson(JSON.stringify(cell));
}
