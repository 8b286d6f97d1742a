import { isAirlockError } from "../src/cli/render-error.js";
import { AirlockError } from "../src/protocol/airlock-error.js";

/** Why a benchmark gives no figures. */
export const BENCH_ERROR_CODES = [
  /** An unknown option or scope. */
  "BENCH_USAGE",
  /** Something that must be built first is not there. */
  "BENCH_NOT_BUILT",
  /** An integration did not do what it is measured for; a figure of it would mean nothing. */
  "BENCH_WRONG_ANSWER",
  /** A command that was measured failed. */
  "BENCH_COMMAND_FAILED",
  /** The earlier report of a comparison is not there, or is none. */
  "BENCH_REPORT_UNREADABLE",
  /** It is of another format. */
  "BENCH_REPORT_FORMAT",
  /** Two reports of which no row can be held against the other's. */
  "BENCH_NOTHING_TO_COMPARE",
] as const;

export type BenchErrorCode = (typeof BENCH_ERROR_CODES)[number];

/** A benchmark cannot be run, or measured something else than it says. */
export class BenchError extends AirlockError<BenchErrorCode> {}

/** Wrong usage, and reports that nothing can be compared with: nothing of the code that is measured is at fault. */
const EXIT_USAGE: ReadonlySet<string> = new Set<BenchErrorCode>([
  "BENCH_USAGE",
  "BENCH_REPORT_UNREADABLE",
  "BENCH_REPORT_FORMAT",
  "BENCH_NOTHING_TO_COMPARE",
]);

/** Says what is wrong and gives the exit code. Throws what is no error with a code. */
export function renderBenchError(error: unknown, stderr: (text: string) => void): number {
  if (!isAirlockError(error)) throw error;
  stderr(`${error.code}: ${error.message}\n${error.remedy === undefined ? "" : `${error.remedy}\n`}`);
  return EXIT_USAGE.has(error.code) ? 2 : 1;
}
