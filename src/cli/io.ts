import type { SignalSource } from "../hosts/terraform/core/pass-signals.js";

/** Where text goes. Writing never fails: a reader that went away loses what it did not read. */
export interface TextOutput {
  write(text: string | Uint8Array): void;
  readonly isTTY: boolean;
  /** Width of the terminal, in characters. */
  readonly columns: number;
}

/** All that a command sees of the process it runs in. */
export interface CliIo {
  /** Opened only when it is asked for: an open standard input keeps a process alive. */
  stdin(): AsyncIterable<Uint8Array | string> & { readonly isTTY?: boolean };
  readonly stdinIsTTY: boolean;
  /** Reads one line of standard input, without its end; null at the end of the input, or when the user wants to stop. */
  readLine(): Promise<string | null>;
  /** Where signals are told while a core runs; as long as somebody listens there, a signal ends nothing else. */
  readonly signals: SignalSource;
  readonly stdout: TextOutput;
  readonly stderr: TextOutput;
  /** Whether both lead to one place, such as a terminal or one file. */
  readonly oneOutput: boolean;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Absolute path of the working directory. */
  readonly cwd: string;
  /** Fires when the user wants to stop. */
  readonly interrupt: AbortSignal;
}

/** Colour only on a terminal that knows it, and not against NO_COLOR (https://no-color.org). */
export function useColor(output: TextOutput, env: CliIo["env"]): boolean {
  const refused = env["NO_COLOR"] !== undefined && env["NO_COLOR"] !== "";
  return output.isTTY && !refused && env["TERM"] !== "dumb";
}
