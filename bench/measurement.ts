/** The questions that can be asked on their own. */
export const SCOPES = ["hooks", "startup", "memory", "check", "hard-stop", "overhead", "metadata"] as const;
export type Scope = (typeof SCOPES)[number];

/** What values are measured in. */
export const UNITS = ["us", "ms", "bytes"] as const;
export type Unit = (typeof UNITS)[number];

/** A value of the same run that a measurement is held against: what counts on another machine. */
export interface Ratio {
  readonly value: number;
  /** What it is a multiple of. */
  readonly to: string;
}

/** What the project wants of a median. */
export interface Aim {
  /** In the measurement's own unit. */
  readonly atMost: number;
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
