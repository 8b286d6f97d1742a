import { safeLine } from "../base/neutralise.js";
import type { Comparison, Difference } from "../runtime/beside.js";
import type { IntegrationResult } from "../runtime/types.js";

/** Differences that are shown one by one. */
const MAX_SHOWN = 50;

/** Where two versions of an integration differ, for people: nothing but the differences, and how many events there were. */
export function renderComparison(name: string, version: string, comparison: Comparison): string {
  const { compared, differing, missed, differences } = comparison;
  const head = `shadow ${safeLine(name, 100)}@${safeLine(version, 100)}: ${compared} events compared, ${differing} differ`;
  const late = missed === 0 ? "" : `, ${missed} not compared`;
  const shown = differences.slice(0, MAX_SHOWN).flatMap(differenceLines);
  const rest = differing > MAX_SHOWN ? [`  and ${differing - MAX_SHOWN} more`] : [];
  return [`${head}${late}`, ...shown, ...rest, ""].join("\n");
}

function differenceLines({ hook, address, provider, current, candidate }: Difference): string[] {
  const under = provider === null ? "" : ` (provider ${safeLine(provider, 100)})`;
  const place = `  ${hook} ${address === null ? "" : safeLine(address, 200)}${under}`.trimEnd();
  return [place, `    - ${verdictLine(current)}`, `    + ${verdictLine(candidate)}`];
}

function verdictLine(result: IntegrationResult | null): string {
  if (result === null) return "nothing said";
  const { status, message, findings, error } = result;
  const rules = findings.map(({ severity, rule, message: text }) => `${severity} ${rule}: ${text}`);
  const said = [error === null ? message : `${error.message} (${error.code})`, ...rules].filter((text) => text !== "");
  return safeLine([status, ...said].join(" | "), 300);
}
