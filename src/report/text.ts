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

/** A section of so many entries, each of some lines; nothing without any. */
function* section(
  title: string,
  count: number,
  entries: Iterable<readonly string[]>,
): Generator<string, void, undefined> {
  if (count === 0) return;
  yield `${title} (${count})\n`;
  for (const lines of entries) yield lines.map((line) => `${line}\n`).join("");
  yield "\n";
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
export function* renderText(
  result: CheckResult,
  options: { readonly color: boolean },
): Generator<string, void, undefined> {
  const colors = pc.createColors(options.color);
  const broken = groupBreakages(result.results);
  function* verdicts(isIn: (one: IntegrationResult) => boolean): Generator<string[], void, undefined> {
    for (const one of result.results) if (one.error === null && isIn(one)) yield verdictLines(one, colors);
  }
  const brokenLines = (status: IntegrationResult["status"]): string[][] =>
    broken.filter(({ first }) => first.status === status).map((one) => breakageLines(one, colors));
  const [errors, brokenWarnings] = [brokenLines("error"), brokenLines("warn")];
  const counts = countVerdicts(result.results);
  yield* section(colors.red("Broken integrations"), errors.length, errors);
  yield* section(
    colors.red("Failures"),
    counts.fail,
    verdicts(({ status }) => status === "fail"),
  );
  yield* section(colors.yellow("Warnings"), brokenWarnings.length + counts.warn, chained(brokenWarnings, verdicts(({ status }) => status === "warn"))); // prettier-ignore
  yield* section("Remarks", counts.remarks, verdicts(isRemark));
  yield `${summaryLine(result, colors)}\n`;
}

/** What is said of one resource that passed would drown the rest; what is said of a whole stage is a result. */
function isRemark({ status, address, message }: IntegrationResult): boolean {
  return status === "success" && address === null && message !== "";
}

function countVerdicts(results: Iterable<IntegrationResult>): { fail: number; warn: number; remarks: number } {
  const counts = { fail: 0, warn: 0, remarks: 0 };
  for (const one of results) {
    if (one.error !== null) continue;
    if (one.status === "fail" || one.status === "warn") counts[one.status] += 1;
    else if (isRemark(one)) counts.remarks += 1;
  }
  return counts;
}

function* chained<Item>(...lists: readonly Iterable<Item>[]): Generator<Item, void, undefined> {
  for (const list of lists) yield* list;
}
