import type { Environment } from "../core/environment.js";
import type { SignalSource } from "../core/pass-signals.js";
import type { Diagnostic } from "../tfplugin/diagnostics.js";

/** What is shown beside what core shows, in core's own form. `address` is null for what is of no one resource. */
export interface ShownDiagnostic extends Pick<Diagnostic, "severity" | "summary" | "detail"> {
  readonly address: string | null;
}

/** All that a live run sees of the process that it is in. */
export interface LiveIo {
  /** Absolute. */
  readonly cwd: string;
  readonly env: Environment;
  /** Whether we stand in the foreground of a terminal; see `runCore`. */
  readonly terminal: boolean;
  readonly signals: SignalSource;
  /** Whether stdout and stderr lead to one place, such as a terminal or one file. */
  readonly oneOutput: boolean;
  /** Fires when the user wants to stop while no core runs that is told of it. */
  readonly interrupt: AbortSignal;
  /** Core's stdout, where it does not inherit ours. */
  write(bytes: Uint8Array): void;
  /** What core would print on stderr, in its own words. */
  writeError(text: string): void;
  /** Shows diagnostics of ours, as core would on stderr. */
  show(diagnostics: readonly ShownDiagnostic[]): void;
  /** Says something on stderr, in one line or a few. */
  note(line: string): void;
  /** Passes on what a provider wrote to its log, where the user asked for that. */
  log(text: string): void;
  /** Shows a question and reads one line of standard input; null at its end. */
  ask(question: string): Promise<string | null>;
  /** Tells how many events integrations work on now, whenever that changes; for a line that says so. */
  busy(events: () => number): void;
}
