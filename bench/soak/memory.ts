import { processes } from "../processes.js";
import { slope } from "../statistics.js";

/** A line that rises by no more than this share of where it starts is flat. */
const FLAT_SHARE = 0.1;
/** What is left out at the start: caches fill, code is compiled. */
export const WARM_UP_SHARE = 0.1;

const PARTS = 10;

/** Resident memory after so many calls, in bytes. */
export interface Sample {
  readonly calls: number;
  readonly parentBytes: number;
  /** The sandbox host and the executables together. */
  readonly childrenBytes: number;
}

/** How memory went over a run, without its first tenth. */
export interface Trend {
  readonly bytesPerCall: number;
  /** Of the line through the floor, at its two ends. */
  readonly fromBytes: number;
  readonly toBytes: number;
  readonly samples: number;
  readonly flat: boolean;
}

/** Takes a sample now. */
export function sampleMemory(calls: number): Sample {
  const all = processes();
  const own = all.find(({ pid }) => pid === process.pid);
  const children = all.filter(({ parent }) => parent === process.pid);
  return {
    calls,
    parentBytes: own?.residentBytes ?? process.memoryUsage.rss(),
    childrenBytes: children.reduce((sum, { residentBytes }) => sum + residentBytes, 0),
  };
}

/**
 * The least-squares line through the lowest samples of ten equal parts of the calls after the first tenth. Memory is
 * given back in steps, now and then, so only its floor tells what is kept. Throws RangeError with fewer than two parts.
 */
export function trendOf(samples: readonly Sample[], bytesOf: (sample: Sample) => number): Trend {
  const last = samples.at(-1)?.calls ?? 0;
  const first = last * WARM_UP_SHARE;
  const lowest = new Map<number, readonly [calls: number, bytes: number]>();
  const warm = samples.filter(({ calls }) => calls >= first);
  for (const sample of warm) {
    const part = Math.min(PARTS - 1, Math.floor(((sample.calls - first) / (last - first)) * PARTS));
    const bytes = bytesOf(sample);
    if (bytes < (lowest.get(part)?.[1] ?? Infinity)) lowest.set(part, [sample.calls, bytes]);
  }
  const points = [...lowest.values()];
  const bytesPerCall = slope(points);
  const mean = (values: readonly number[]): number => values.reduce((sum, one) => sum + one, 0) / values.length;
  const at = (calls: number): number =>
    mean(points.map(([, bytes]) => bytes)) + bytesPerCall * (calls - mean(points.map(([x]) => x)));
  const fromBytes = at(warm[0]?.calls ?? 0);
  const toBytes = at(last);
  return {
    bytesPerCall,
    fromBytes,
    toBytes,
    samples: warm.length,
    flat: toBytes - fromBytes <= FLAT_SHARE * fromBytes,
  };
}
