import type { Machine, Subject } from "./machine.js";
import type { Measurement, Scope, Skipped } from "./measurement.js";

/** Of bench.json; another number is another form. */
export const BENCH_FORMAT = 2;

/** Everything one run of the benchmarks found out; what bench.json holds. */
export interface BenchReport {
  readonly format_version: typeof BENCH_FORMAT;
  /** ISO 8601. */
  readonly started_at: string;
  readonly duration_ms: number;
  /** The command that repeats it. */
  readonly command: string;
  readonly quick: boolean;
  readonly scopes: readonly Scope[];
  readonly subject: Subject;
  readonly machine: Machine;
  /** Load averages over one minute: a machine that was busy before tells its figures are too high. */
  readonly load: { readonly before: number; readonly after: number };
  readonly measurements: readonly Measurement[];
  readonly skipped: readonly Skipped[];
}
