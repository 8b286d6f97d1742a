import type { CheckResult } from "../hosts/plan-file/check.js";
import { toCheckReport } from "./check-report.js";
import { safeJson } from "../base/neutralise.js";

/** A value as indented JSON text that is safe to show, ending in a line feed. */
export function toJsonText(value: unknown): string {
  return `${safeJson(JSON.stringify(value, null, 2))}\n`;
}

/** The report of `--format json`. */
export function renderJson(result: CheckResult): string {
  return toJsonText(toCheckReport(result));
}
