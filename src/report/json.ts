import type { CheckResult } from "../hosts/plan-file/check.js";
import { toCheckSummary, toResult } from "./check-report.js";
import { safeJson } from "../base/neutralise.js";

const INDENT = 2;

/** A value as indented JSON text that is safe to show, ending in a line feed. */
export function toJsonText(value: unknown): string {
  return `${safeJson(JSON.stringify(value, null, INDENT))}\n`;
}

/** In the text of a report without results, where they go. */
const NO_RESULTS = '"results": []';

/** The report of `--format json`, in pieces: what `toJsonText` would make of all of it. */
export function* renderJson(result: CheckResult): Generator<string, void, undefined> {
  const summary = toJsonText(toCheckSummary(result));
  const at = summary.indexOf(NO_RESULTS) + NO_RESULTS.length - 1;
  yield summary.slice(0, at);
  let isFirst = true;
  for (const one of result.results) {
    const lines = safeJson(JSON.stringify(toResult(one), null, INDENT)).split("\n");
    yield `${isFirst ? "" : ","}\n${lines.map((line) => `    ${line}`).join("\n")}`;
    isFirst = false;
  }
  yield `${isFirst ? "" : "\n  "}${summary.slice(at)}`;
}
