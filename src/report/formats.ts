import type { CheckResult } from "../hosts/plan-file/check.js";
import type { ReportFormat } from "./format-names.js";
import { renderJson } from "./json.js";
import { renderText } from "./text.js";

/** A report in one of the formats, in pieces; the last one ends in a line feed. */
export function renderReport(
  format: ReportFormat,
  result: CheckResult,
  options: { readonly color: boolean },
): Iterable<string> {
  switch (format) {
    case "text":
      return renderText(result, options);
    case "json":
      return renderJson(result);
  }
}
