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
] as const;

export type BenchErrorCode = (typeof BENCH_ERROR_CODES)[number];

/** A benchmark cannot be run, or measured something else than it says. */
export class BenchError extends AirlockError<BenchErrorCode> {}
