import type { RunVerdict } from "../runtime/types.js";

/** What the process tells its caller; stable. */
export const EXIT_CODES = {
  /** The verdict is pass or warn. */
  ok: 0,
  /** An integration said fail. */
  fail: 1,
  /** Wrong usage, declaration or plan; nothing was judged. */
  usage: 2,
  /** An integration broke under `on_error = "fail"`. */
  broken: 3,
  /** Interrupted by a signal. */
  interrupted: 130,
} as const;

export type ExitCode = (typeof EXIT_CODES)[keyof typeof EXIT_CODES];

const BY_VERDICT: Readonly<Record<RunVerdict, ExitCode>> = {
  pass: EXIT_CODES.ok,
  warn: EXIT_CODES.ok,
  fail: EXIT_CODES.fail,
  error: EXIT_CODES.broken,
};

/** The exit code that a verdict stands for. */
export function exitCodeOf(verdict: RunVerdict): ExitCode {
  return BY_VERDICT[verdict];
}
