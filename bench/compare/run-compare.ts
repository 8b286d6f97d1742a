import { BenchError, renderBenchError } from "../bench-error.js";
import { compareReports } from "./compare.js";
import { formatComparison } from "./format-comparison.js";
import { readReport } from "./read-report.js";

/**
 * Holds one bench.json against an earlier one and gives the exit code: 0; 1 when a row became worse beyond the noise of
 * both; 2 when they cannot be compared.
 */
export function runCompare(
  args: readonly string[],
  stdout: (text: string) => void,
  stderr: (text: string) => void,
): number {
  try {
    const [earlier, later, ...others] = args.filter((argument) => argument !== "--json");
    if (earlier === undefined || later === undefined || others.length > 0) {
      throw new BenchError("BENCH_USAGE", "two reports are compared", {
        remedy: "Usage: npm run bench:compare -- EARLIER.json LATER.json [--json]",
      });
    }
    const comparison = compareReports(readReport(earlier), readReport(later));
    stdout(args.includes("--json") ? `${JSON.stringify(comparison, null, 2)}\n` : `${formatComparison(comparison)}\n`);
    return comparison.regressed ? 1 : 0;
  } catch (error) {
    return renderBenchError(error, stderr);
  }
}
