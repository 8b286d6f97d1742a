/** Where text goes. Writing never fails: a reader that went away loses what it did not read. */
export interface TextOutput {
  write(text: string): void;
  readonly isTTY: boolean;
  /** Width of the terminal, in characters. */
  readonly columns: number;
}

/** All that a command sees of the process it runs in. */
export interface CliIo {
  /** Opened only when it is asked for: an open standard input keeps a process alive. */
  stdin(): AsyncIterable<Uint8Array | string> & { readonly isTTY?: boolean };
  readonly stdout: TextOutput;
  readonly stderr: TextOutput;
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
