import { BenchError } from "../bench-error.js";
import type { Spread, Unit } from "../measurement.js";
import { machineDifferences, warningsOf } from "./conditions.js";
import type { ComparedReport, ComparedRow } from "./read-report.js";

/** With fewer samples on both sides, values that lie apart are no wonder. */
const SAMPLES_TO_JUDGE = 4;
/** The least change that counts: from one run to the next, a machine differs by more than it does within one. */
const LEAST_CHANGE = 0.05;

/** What became of one row. */
export type Change = "better" | "same" | "worse" | "not judged";

/** A value of one run, with its noise. */
export interface Judged {
  readonly value: number;
  readonly spread: Spread;
}

/** One row that both runs measured. */
export interface ComparedPair {
  readonly scope: string;
  readonly question: string;
  readonly subject: string;
  readonly condition: string;
  /** `ratio`: of values measured in pairs, which holds on another machine, too. */
  readonly by: "median" | "ratio";
  readonly unit: Unit;
  readonly before: Judged;
  readonly after: Judged;
  /** How many times `before` the value after is. */
  readonly times: number;
  readonly change: Change;
  /** Why it is not judged; null where it is. */
  readonly reason: string | null;
}

/** Two runs, held against each other. */
export interface Comparison {
  readonly before: Pick<ComparedReport, "started_at" | "subject" | "machine">;
  /** What makes the comparison weaker than it looks. */
  readonly warnings: readonly string[];
  readonly pairs: readonly ComparedPair[];
  /** Rows of scopes which both measured that only one of them has. */
  readonly gone: readonly string[];
  readonly added: readonly string[];
  /** A row became worse beyond the noise of both runs. */
  readonly regressed: boolean;
}

/**
 * Holds a run against an earlier one. A row is worse when all of its spread lies beyond that of the earlier one and its
 * value changed by 5 % at least. Throws `BenchError` BENCH_NOTHING_TO_COMPARE when no row can be judged.
 */
export function compareReports(before: ComparedReport, after: ComparedReport): Comparison {
  const shared = new Set(before.scopes.filter((scope) => after.scopes.includes(scope)));
  const [old, now] = [before, after].map(
    ({ measurements }) =>
      new Map(measurements.filter(({ scope }) => shared.has(scope)).map((row) => [nameOf(row), row])),
  );
  if (old === undefined || now === undefined) throw new RangeError("two reports are compared");
  const differences = machineDifferences(before, after);
  const pairs = [...now].flatMap(([name, row]) => {
    const earlier = old.get(name);
    return earlier === undefined ? [] : [pairOf(earlier, row, differences)];
  });
  if (pairs.every(({ change }) => change === "not judged")) throw nothingToCompare(pairs);
  return {
    before: { started_at: before.started_at, subject: before.subject, machine: before.machine },
    warnings: warningsOf(before, after),
    pairs,
    gone: [...old.keys()].filter((name) => !now.has(name)),
    added: [...now.keys()].filter((name) => !old.has(name)),
    regressed: pairs.some(({ change }) => change === "worse"),
  };
}

function nameOf({ scope, question, subject, condition }: ComparedRow): string {
  return [scope, question, subject, condition].join(" | ");
}

function pairOf(old: ComparedRow, row: ComparedRow, differences: readonly string[]): ComparedPair {
  const { scope, question, subject, condition, unit, ratio } = row;
  const [before, after] = [ratioOf(old, row), ratioOf(row, old)];
  const isPaired = before !== null && after !== null;
  const sides = isPaired
    ? { before, after }
    : { before: { value: old.median, spread: old.spread }, after: { value: row.median, spread: row.spread } };
  const reason = reasonOf(old, row, isPaired ? [] : differences);
  return {
    ...{ scope, question, subject, condition, unit, ...sides },
    by: isPaired && ratio !== null ? "ratio" : "median",
    times: sides.before.value === 0 ? 1 : sides.after.value / sides.before.value,
    change: reason === null ? changeOf(sides.before, sides.after, unit) : "not judged",
    reason,
  };
}

/** The ratio of pairs, if both rows have one to the same thing. */
function ratioOf({ ratio }: ComparedRow, other: ComparedRow): Judged | null {
  if (ratio?.spread == null || other.ratio?.spread == null || ratio.to !== other.ratio.to) return null;
  return { value: ratio.value, spread: ratio.spread };
}

function reasonOf(old: ComparedRow, row: ComparedRow, differences: readonly string[]): string | null {
  const samples = Math.min(old.samples, row.samples);
  if (samples < SAMPLES_TO_JUDGE) return `${samples} ${samples === 1 ? "sample" : "samples"}`;
  if (old.unit !== row.unit) return `was in ${old.unit}`;
  return differences.length === 0 ? null : "another machine";
}

function changeOf(before: Judged, after: Judged, unit: Unit): Change {
  if (Math.abs(after.value - before.value) < LEAST_CHANGE * Math.abs(before.value)) return "same";
  const isMore = after.spread.low > before.spread.high;
  const isLess = after.spread.high < before.spread.low;
  if (!isMore && !isLess) return "same";
  return isMore === (unit === "per_s") ? "better" : "worse";
}

function nothingToCompare(pairs: readonly ComparedPair[]): BenchError {
  const reasons = [...new Set(pairs.flatMap(({ reason }) => (reason === null ? [] : [reason])))];
  const why = pairs.length === 0 ? "they have no row in common" : `of ${pairs.length} rows none can be judged`;
  return new BenchError(
    "BENCH_NOTHING_TO_COMPARE",
    `the two runs cannot be compared: ${why}${reasons.length === 0 ? "" : ` (${reasons.join(", ")})`}`,
    { remedy: "Measure the same scopes without --quick, both times on the same kind of machine." },
  );
}
