import pc from "picocolors";
import { safeLine } from "../base/neutralise.js";
import type { LiveResult } from "../hosts/terraform/stages/live.js";
import type { IntegrationReport, RunVerdict } from "../runtime/types.js";

const PAINT: Readonly<Record<RunVerdict, "green" | "yellow" | "red">> = {
  pass: "green",
  warn: "yellow",
  fail: "red",
  error: "red",
};

/** Core's exit code where -detailed-exitcode tells of changes. */
const DIFFERENCES = 2;

function plural(count: number, one: string): string {
  return `${count} ${one}${count === 1 ? "" : "s"}`;
}

function milliseconds(us: number): string {
  return us < 10_000 ? `${(us / 1000).toFixed(1)} ms` : `${Math.round(us / 1000)} ms`;
}

function slowest(integrations: readonly IntegrationReport[]): string {
  const [first] = [...integrations].sort((one, other) => (other.latencyUs?.p99 ?? 0) - (one.latencyUs?.p99 ?? 0));
  if (first?.latencyUs === null || first === undefined) return "";
  return `, slowest ${safeLine(first.name, 100)} (p50 ${milliseconds(first.latencyUs.p50)}, p99 ${milliseconds(first.latencyUs.p99)})`;
}

/**
 * One line that closes a live run: who took part, how much was asked, and what came of it. `code` is how the command
 * ended: where that was core's own failure, what integrations found good is not all that is to be said.
 */
export function renderLiveSummary(
  result: LiveResult,
  { color, code }: { readonly color: boolean; readonly code: number },
): string {
  const colors = pc.createColors(color);
  const { integrations, verdict } = result;
  const calls = integrations.reduce((sum, one) => sum + one.calls, 0);
  const who = `${plural(integrations.length, "integration")}, ${plural(calls, "call")}${slowest(integrations)}`;
  const isGood = verdict === "pass" || verdict === "warn";
  const failed = isGood && code !== 0 && code !== DIFFERENCES ? `; core failed (${code})` : "";
  return `airlock: ${colors.bold(colors[PAINT[verdict]](verdict.toUpperCase()))}  ${who}${failed}\n`;
}
