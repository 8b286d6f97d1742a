import { processes } from "../processes.js";
import { slope } from "../statistics.js";

/** A line that rises by no more than this share of where it starts is flat. */
const FLAT_SHARE = 0.1;
/** What is left out at the start: caches fill, code is compiled. */
export const WARM_UP_SHARE = 0.1;

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
  /** Of the line through the samples, at its two ends. */
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

/** The least-squares line through the samples after the first tenth of the calls. Throws RangeError with fewer than two of them. */
export function trendOf(samples: readonly Sample[], bytesOf: (sample: Sample) => number): Trend {
  const last = samples.at(-1)?.calls ?? 0;
  const points = samples
    .filter(({ calls }) => calls >= last * WARM_UP_SHARE)
    .map((sample) => [sample.calls, bytesOf(sample)] as const);
  const bytesPerCall = slope(points);
  const mean = (values: readonly number[]): number => values.reduce((sum, one) => sum + one, 0) / values.length;
  const at = (calls: number): number =>
    mean(points.map(([, bytes]) => bytes)) + bytesPerCall * (calls - mean(points.map(([x]) => x)));
  const fromBytes = at(points[0]?.[0] ?? 0);
  const toBytes = at(last);
  return {
    bytesPerCall,
    fromBytes,
    toBytes,
    samples: points.length,
    flat: toBytes - fromBytes <= FLAT_SHARE * fromBytes,
  };
}
