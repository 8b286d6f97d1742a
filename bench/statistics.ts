import { percentile } from "../src/base/percentile.js";
import type { Aim, Goal, Measurement, Ratio, Spread } from "./measurement.js";

/** Fewer samples than this have no 99th percentile. */
const SAMPLES_FOR_P99 = 100;

/** Fewer samples than this have no quarters to speak of. */
const SAMPLES_FOR_QUARTERS = 20;

type Summary = Pick<Measurement, "median" | "p99" | "min" | "max" | "spread" | "samples">;

/** Throws RangeError without a value: a question that measured nothing must not look like one that measured 0. */
export function summarize(values: readonly number[]): Summary {
  const sorted = values.toSorted((one, other) => one - other);
  return {
    median: median(values),
    p99: sorted.length >= SAMPLES_FOR_P99 ? percentile(sorted, 0.99) : null,
    min: percentile(sorted, 0),
    max: percentile(sorted, 1),
    spread: spreadOf(sorted),
    samples: sorted.length,
  };
}

/** `sorted` rises and holds one value at least. */
function spreadOf(sorted: readonly number[]): Spread {
  const share = sorted.length < SAMPLES_FOR_QUARTERS ? 0 : 0.25;
  return { low: percentile(sorted, share), high: percentile(sorted, 1 - share) };
}

/** The middle value, or the mean of the two middle ones. Throws RangeError without a value. */
export function median(values: readonly number[]): number {
  const sorted = values.toSorted((one, other) => one - other);
  const above = sorted.slice(Math.floor(sorted.length / 2));
  const middle = percentile(sorted, 0.5);
  return sorted.length % 2 === 1 ? middle : (middle + percentile(above, 0)) / 2;
}

/** Growth of `y` for each unit of `x`, by least squares. Throws RangeError unless two points differ in `x`. */
export function slope(points: readonly (readonly [x: number, y: number])[]): number {
  const meanX = mean(points.map(([x]) => x));
  const meanY = mean(points.map(([, y]) => y));
  const across = points.reduce((sum, [x, y]) => sum + (x - meanX) * (y - meanY), 0);
  const along = points.reduce((sum, [x]) => sum + (x - meanX) ** 2, 0);
  if (along === 0 || points.length === 0) throw new RangeError("a slope needs two different places");
  return across / along;
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

/** How many times `base` a value is; null when there is no base to hold it against. */
export function ratio(value: number, base: number | null, to: string): Ratio | null {
  return base === null || base <= 0 ? null : { value: value / base, to, spread: null };
}

/** The median of ratios that were each measured in a pair. Throws RangeError without a pair. */
export function pairedRatio(ratios: readonly number[], to: string): Ratio {
  const { median: value, spread } = summarize(ratios);
  return { value, to, spread };
}

/** Holds a value against what the project wants of it. */
export function aim(value: number, goal: Goal, of: Aim["of"] = "median"): Aim {
  return { ...goal, of, met: goal.bound === "at most" ? value <= goal.value : value >= goal.value };
}
