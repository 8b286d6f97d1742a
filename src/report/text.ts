import pc from "picocolors";
import type { CheckResult } from "../hosts/plan-file/check.js";
import type { Path } from "../protocol/events.js";
import type { Finding } from "../protocol/verdict.js";
import type { IntegrationResult, RunVerdict } from "../runtime/types.js";
import { groupBreakages } from "./breakage.js";
import type { Breakage } from "./breakage.js";
import { countByStatus } from "./check-report.js";
import { safeLine, safeLines } from "../base/neutralise.js";

type Colors = ReturnType<typeof pc.createColors>;

/** A path as one would write it: `tags.owner`, `disks[0].size`, `tags["a b"]`. */
export function pathText(path: Path): string {
  return path
    .map((step, at) => {
      if (typeof step === "number") {
        return `[${step}]`;
      }
      return /^[\w-]+$/.test(step) ? `${at === 0 ? "" : "."}${step}` : `[${JSON.stringify(step)}]`;
    })
    .join("");
}

function indent(lines: readonly string[], by: number): string[] {
  return lines.map((line) => `${" ".repeat(by)}${line}`);
}

function findingLines({ rule, severity, message, path, url }: Finding, colors: Colors): string[] {
  const where = path === undefined || path.length === 0 ? "" : ` at ${safeLine(pathText(path), 200)}`;
  const [first = "", ...more] = safeLines(message);
  return [
    `${colors.bold(safeLine(rule, 100))} (${severity})${where}: ${first}`,
    ...indent(more, 2),
    ...(url === undefined ? [] : [`  ${colors.dim(safeLine(url, 300))}`]),
  ];
}

/** Where a result belongs, for people: the address, or else the hook. */
function place({ address, hook }: IntegrationResult): string {
  return safeLine(address ?? hook, 300);
}

function verdictLines(result: IntegrationResult, colors: Colors): string[] {
  const [first = "", ...more] = safeLines(result.message);
  const head = `${place(result)}  ${colors.cyan(safeLine(result.integration, 100))}`;
  return [
    ...indent([first === "" ? head : `${head}: ${first}`], 2),
    ...indent(more, 4),
    ...indent(
      result.findings.flatMap((finding) => findingLines(finding, colors)),
      4,
    ),
  ];
}

function breakageLines({ first, error, count }: Breakage, colors: Colors): string[] {
  const [message = "", ...more] = safeLines(error.message);
  const again = count > 1 ? `; ${count} times, first there` : "";
  return [
    ...indent([`${place(first)}  ${colors.cyan(safeLine(first.integration, 100))} broke: ${message}`], 2),
    ...indent(more, 4),
    ...(error.remedy === null ? [] : indent([`remedy: ${safeLine(error.remedy)}`], 4)),
    ...indent([colors.dim(`(${safeLine(error.code, 60)})${again}`)], 4),
  ];
}

function section(title: string, entries: readonly string[][]): string[] {
  return entries.length === 0 ? [] : [`${title} (${entries.length})`, ...entries.flat(), ""];
}

function seconds(ms: number): string {
  return ms < 1000 ? `${Math.round(ms)} ms` : `${(ms / 1000).toFixed(1)} s`;
}

function plural(count: number, one: string): string {
  return `${count} ${one}${count === 1 ? "" : "s"}`;
}

const PAINT: Readonly<Record<RunVerdict, (colors: Colors, text: string) => string>> = {
  pass: (colors, text) => colors.green(text),
  warn: (colors, text) => colors.yellow(text),
  fail: (colors, text) => colors.red(text),
  error: (colors, text) => colors.red(text),
};

function summaryLine(result: CheckResult, colors: Colors): string {
  const { success, warn, fail, error } = countByStatus(result.results);
  const verdict = colors.bold(PAINT[result.verdict](colors, result.verdict.toUpperCase()));
  const scope = `${plural(result.resources, "resource")}, ${plural(result.integrations.length, "integration")}`;
  const counts = [`${error} broken`, `${fail} failed`, plural(warn, "warning"), `${success} passed`].join(", ");
  return `${verdict}  ${scope}: ${counts} in ${seconds(result.durationMs)}`;
}

/**
 * The report of `--format text`: broken integrations, failures, warnings, remarks, then one line with the sum. Nothing
 * that a guest wrote reaches the terminal as it came: escapes are shown, lengths are bounded.
 */
export function renderText(result: CheckResult, options: { readonly color: boolean }): string {
  const colors = pc.createColors(options.color);
  const verdicts = result.results.filter(({ error }) => error === null);
  const of = (status: IntegrationResult["status"]) => verdicts.filter((one) => one.status === status);
  const broken = groupBreakages(result.results);
  const toLines = (one: IntegrationResult): string[] => verdictLines(one, colors);
  const brokenLines = (status: IntegrationResult["status"]): string[][] =>
    broken.filter(({ first }) => first.status === status).map((one) => breakageLines(one, colors));
  // What is said of one resource that passed would drown the rest; what is said of a whole stage is a result.
  const remarks = of("success").filter(({ address, message }) => address === null && message !== "");
  const lines = [
    ...section(colors.red("Broken integrations"), brokenLines("error")),
    ...section(colors.red("Failures"), of("fail").map(toLines)),
    ...section(colors.yellow("Warnings"), [...brokenLines("warn"), ...of("warn").map(toLines)]),
    ...section("Remarks", remarks.map(toLines)),
    summaryLine(result, colors),
  ];
  return `${lines.join("\n")}\n`;
}
