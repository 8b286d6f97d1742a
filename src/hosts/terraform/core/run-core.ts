import { spawn } from "node:child_process";
import type { ChildProcess, StdioOptions } from "node:child_process";
import { constants } from "node:os";
import type { Readable } from "node:stream";
import { Drain } from "./drain.js";
import type { Environment } from "./environment.js";
import { passSignals } from "./pass-signals.js";
import type { SignalSource } from "./pass-signals.js";
import { startFailure, startOrFail } from "./start-failure.js";

/** What core's pipe may hold back after its end, in ms, when a program that core left behind keeps it open. */
const DRAIN_MS = 5_000;

/** A started core. */
export interface StartedCore {
  readonly pid: number;
  /** Core's stdout, when it is a pipe; whoever asked for it must read it. */
  readonly stdout: Readable | null;
}

export interface RunCoreOptions {
  /** Absolute path of core. */
  readonly path: string;
  readonly args: readonly string[];
  readonly cwd: string;
  readonly env: Environment;
  /**
   * `inherit`: our own; `pipe`: handed to `onStart`; `ignore`: none; `stdout`: that pipe of stdout, in the order in
   * which core writes. Should we be killed, core can still write to the pipe.
   */
  readonly stdio: {
    readonly stdin: "inherit" | "ignore";
    readonly stdout: "inherit" | "pipe";
    readonly stderr: "inherit" | "stdout";
  };
  /** Whether we stand in the foreground of a terminal, which then sends Ctrl-C to core itself: `standsAtTerminal`. */
  readonly terminal: boolean;
  /** Where signals to us are told: `process`. */
  readonly signals: SignalSource;
  readonly onStart?: (core: StartedCore) => void;
}

/** How core ended. */
export interface CoreEnd {
  /** Its exit code; 128 + the number of the signal that ended it, as in a shell. */
  readonly code: number;
  readonly signal: NodeJS.Signals | null;
}

/**
 * Runs core to its end. Core saves state when it is told to stop, so nothing here ends it, and this process outlives
 * it: while core runs, SIGINT, SIGTERM, SIGHUP and SIGQUIT do not end us but go to core.
 *
 * - At a terminal core stays in our process group and gets Ctrl-C from the terminal; then SIGINT and SIGQUIT are not
 *   passed on, since two of them make core stop without saving. Elsewhere core leads a group of its own and gets each
 *   that we get, once.
 * - SIGTERM and SIGHUP are always passed on.
 *
 * Resolves when core has ended and its pipe is read. Rejects with `CoreError` CORE_NOT_FOUND, CORE_NOT_EXECUTABLE or
 * CORE_ARGUMENTS (no such folder) when it cannot be started.
 */
export async function runCore(options: RunCoreOptions): Promise<CoreEnd> {
  const { path, args, cwd, env, terminal, stdio, signals, onStart } = options;
  const drain = stdio.stdout === "pipe" ? Drain.start(env) : undefined;
  const stderr = stdio.stderr === "stdout" ? drain?.input : undefined;
  const three: StdioOptions = [stdio.stdin, drain?.input ?? stdio.stdout, stderr ?? "inherit"];
  const how = { cwd, env: { ...env }, stdio: three, detached: !terminal };
  try {
    const child = startOrFail(path, cwd, () => spawn(path, args, how));
    const release = passSignals({ child, terminal, signals });
    drain?.release();
    try {
      const stdout = drain?.output ?? child.stdout;
      const end = ended(child, stdout, { path, cwd });
      if (child.pid !== undefined) onStart?.({ pid: child.pid, stdout });
      return await end;
    } finally {
      release();
    }
  } finally {
    drain?.end();
  }
}

/** Whether core that inherits our streams stands in the foreground of a terminal with us. */
export function standsAtTerminal(stdin: { readonly isTTY?: boolean }, stdout: { readonly isTTY?: boolean }): boolean {
  return stdin.isTTY === true || stdout.isTTY === true;
}

/** How core ended, when its pipe is read. */
async function ended(
  child: ChildProcess,
  pipe: Readable | null,
  { path, cwd }: { path: string; cwd: string },
): Promise<CoreEnd> {
  const read = pipe === null ? null : new Promise((resolve) => pipe.once("close", resolve));
  const end = await new Promise<CoreEnd>((resolve, reject) => {
    child.once("error", (error) => {
      if (child.pid === undefined) reject(startFailure(path, cwd, error));
    });
    child.once("exit", (code, signal) => {
      if (code !== null) resolve({ code, signal: null });
      else resolve({ code: 128 + (signal === null ? 0 : constants.signals[signal]), signal });
    });
  });
  const timer = setTimeout(() => pipe?.destroy(), DRAIN_MS);
  await read;
  clearTimeout(timer);
  return end;
}
