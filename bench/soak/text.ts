import type { Trend } from "./memory.js";
import type { SoakReport } from "./soak.js";

const MIB = 1024 * 1024;

/** A soak for people: one line for each guest, one for each side's memory, and what is wrong. */
export function renderSoak(report: SoakReport): string {
  const rate = Math.round(report.calls / report.seconds);
  const lines = [
    `${report.calls} hook calls in ${Math.round(report.seconds)} s (${rate} a second)`,
    ...report.tallies.map(({ name, verdicts, errors }) => {
      const calls = verdicts + [...errors.values()].reduce((sum, count) => sum + count, 0);
      const restarts = report.integrations.find((one) => one.name === name)?.restarts ?? 0;
      const said = [...errors].map(([code, count]) => `, ${count} ${code}`).join("");
      return `  ${name}: ${percent(verdicts, calls)} of ${calls} calls succeeded${said}; ${restarts} restarts`;
    }),
    trendLine("parent", report.parent),
    trendLine("children", report.children),
    ...(report.faults.length === 0 ? ["PASS"] : ["FAIL", ...report.faults.map((fault) => `  ${fault}`)]),
  ];
  return `${lines.join("\n")}\n`;
}

/** Never rounded up: only all are 100 %. */
function percent(part: number, whole: number): string {
  return part === whole ? "100 %" : `${(Math.floor((part / whole) * 10_000) / 100).toFixed(2)} %`;
}

function trendLine(who: string, { bytesPerCall, fromBytes, toBytes, samples, flat }: Trend): string {
  const mib = (bytes: number): string => (bytes / MIB).toFixed(1);
  const line = `${mib(fromBytes)} to ${mib(toBytes)} MiB, slope ${bytesPerCall.toFixed(2)} bytes a call`;
  return `  memory of the ${who} after the first tenth: ${line} over ${samples} samples: ${flat ? "flat" : "NOT FLAT"}`;
}
