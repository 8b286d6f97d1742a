import { safeLine, safeLines } from "../../../base/neutralise.js";
import type { Finding } from "../../../protocol/verdict.js";
import type { IntegrationResult } from "../../../runtime/types.js";
import { stepsOf } from "../tfplugin/diagnostics.js";
import type { Diagnostic, Severity } from "../tfplugin/diagnostics.js";
import type { Block } from "../tfplugin/schema.js";

const MAX_NAME = 100;
const MAX_SUMMARY = 300;
/** Lines of one diagnostic: a verdict may hold 5,000 findings, and there is one for each resource. */
const MAX_LINES = 60;

function nameOf({ integration, provider }: IntegrationResult): string {
  const name = safeLine(integration, MAX_NAME);
  return provider === null ? name : `${name} (provider ${safeLine(provider, MAX_NAME)})`;
}

function findingLines({ rule, severity, message, url }: Finding): string[] {
  const [first = "", ...more] = safeLines(message);
  const head = `- ${safeLine(rule, MAX_NAME)} (${severity}): ${first}`;
  return [head, ...more.map((line) => `  ${line}`), ...(url === undefined ? [] : [`  ${safeLine(url, 300)}`])];
}

/** Whole findings, the first of them whatever its length, and how many do not fit. */
function shownFindings(findings: readonly Finding[], room: number): string[] {
  const lines: string[] = [];
  for (const [at, finding] of findings.entries()) {
    const own = findingLines(finding);
    if (at > 0 && lines.length + own.length > room) {
      return [...lines, `… ${findings.length - at} more findings: --report FILE has them all`];
    }
    lines.push(...own);
  }
  return lines;
}

/** What core prints first, as its own `Error: …` or `Warning: …`. */
function summaryOf(result: IntegrationResult): string {
  const { error, message, findings, hook } = result;
  if (error !== null) return `integration ${nameOf(result)} broke in ${hook}`;
  const said = message === "" ? (findings[0]?.message ?? `said ${result.status} in ${hook}`) : message;
  return safeLine(`${nameOf(result)}: ${said}`, MAX_SUMMARY);
}

function detailOf(result: IntegrationResult): string {
  const { error, hook, message, findings } = result;
  if (error !== null) {
    const lines = [...safeLines(error.message), ...(error.remedy === null ? [] : safeLines(error.remedy))];
    return [...lines, `(${safeLine(error.code, MAX_NAME)})`].join("\n");
  }
  const whole = safeLines(message);
  const more = whole.length > 1 || message.length > MAX_SUMMARY / 2 ? whole : [];
  const lines = shownFindings(findings, MAX_LINES - more.length);
  return [...more, ...lines, `(${hook} of the integration ${nameOf(result)})`].join("\n");
}

/**
 * What core shall print of results: a failed or broken one as an error, a warning as a warning, a good one not at all.
 * `atMost` makes errors warnings where core would take an error for more than it is. `block` gives paths into the
 * resource a form that core can follow to a source line. Nothing that a guest wrote reaches a terminal as it came.
 */
export function toDiagnostics(
  results: readonly IntegrationResult[],
  block: Block | null,
  atMost: Severity = "error",
): Diagnostic[] {
  return results
    .filter(({ status }) => status !== "success")
    .map((result) => {
      const [path, ...others] = result.findings.flatMap((finding) =>
        finding.path === undefined ? [] : [finding.path],
      );
      const steps = path === undefined || others.length > 0 || block === null ? [] : stepsOf(path, block);
      return {
        severity: result.status === "warn" ? "warning" : atMost,
        summary: summaryOf(result),
        detail: detailOf(result),
        path: steps.length === 0 ? null : steps,
      };
    });
}
