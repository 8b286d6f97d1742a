/** The questions that can be asked on their own. */
export const SCOPES = [
  "hooks",
  "fan-out",
  "overhead",
  "check",
  "startup",
  "memory",
  "scale",
  "hard-stop",
  "metadata",
] as const;
export type Scope = (typeof SCOPES)[number];

/** What values are measured in. */
export const UNITS = ["us", "ms", "bytes", "per_s"] as const;
export type Unit = (typeof UNITS)[number];

/** The values between which a measurement lies by its own noise: the middle half of many samples, all of few. */
export interface Spread {
  readonly low: number;
  readonly high: number;
}

/** A value of the same run that a measurement is held against: what counts on another machine. */
export interface Ratio {
  readonly value: number;
  /** What it is a multiple of. */
  readonly to: string;
  /** Over the pairs of which `value` is the median; null for a quotient of two medians. */
  readonly spread: Spread | null;
}

/** What the project wants of a value. */
export interface Goal {
  readonly bound: "at most" | "at least";
  readonly value: number;
}

/** A goal, and whether it was reached. */
export interface Aim extends Goal {
  /** Which value of the row it is about. */
  readonly of: "median" | "p99" | "ratio";
  readonly met: boolean;
}

/** One row of a table: the same thing done `samples` times. */
export interface Measurement {
  readonly scope: Scope;
  /** The table it stands in. */
  readonly question: string;
  readonly subject: string;
  /** What was varied beside the subject. */
  readonly condition: string;
  readonly unit: Unit;
  readonly median: number;
  /** null where there are too few samples for one to mean anything. */
  readonly p99: number | null;
  readonly min: number;
  readonly max: number;
  readonly spread: Spread;
  readonly samples: number;
  readonly ratio: Ratio | null;
  readonly aim: Aim | null;
}

/** What could not be measured on this machine, and why. */
export interface Skipped {
  readonly scope: Scope;
  readonly subject: string;
  readonly reason: string;
}

/** What one scope gives. */
export interface ScopeResult {
  readonly measurements: readonly Measurement[];
  readonly skipped: readonly Skipped[];
}

/** What a scope is told. */
export interface ScopeOptions {
  /** Fewer samples: enough to see that it works, not to quote. */
  readonly quick: boolean;
  /** Tells what is being measured. */
  readonly progress: (text: string) => void;
}
