import { spawn } from "node:child_process";

/** No run of a test takes so long unless it hangs. */
const LONGEST_MS = 110_000;

export interface RunOptions {
  /** The root module when left out. */
  readonly cwd?: string;
  /** Added to the workspace's environment. */
  readonly env?: Readonly<Record<string, string>>;
  /** What it reads from stdin; nothing when left out. */
  readonly input?: string;
  /** Its stdout and stderr are one, as at a terminal; all of it is in `stdout` then. */
  readonly oneOutput?: boolean;
}

/** How a run ended, and all it printed. */
export interface Outcome {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** A run that goes on. */
export interface Running {
  readonly pid: number;
  /** Rejects only when the program could not be started or ran longer than 110 s. */
  readonly ended: Promise<Outcome>;
  /** Sends a signal to it alone, as `kill PID` does. */
  signal(name: NodeJS.Signals): void;
  /** Sends a signal to it and all it started, as a terminal does for Ctrl-C. */
  signalGroup(name: NodeJS.Signals): void;
  /** Resolves with all of stdout and stderr so far as soon as it has the text; rejects when the run ends without. */
  printed(text: string): Promise<string>;
  /** Ends it and all it started, at once. */
  kill(): Promise<void>;
}

/** Starts a program in a process group of its own. */
export function start(
  path: string,
  args: readonly string[],
  options: RunOptions & { cwd: string; env: Readonly<Record<string, string>> },
): Running {
  const line = options.oneOutput === true ? ["sh", "-c", 'exec "$0" "$@" 2>&1', path, ...args] : [path, ...args];
  const child = spawn(line[0] ?? path, line.slice(1), { cwd: options.cwd, env: options.env, detached: true });
  const output = { stdout: "", stderr: "" };
  const watchers = new Set<() => void>();
  for (const name of ["stdout", "stderr"] as const) {
    child[name].setEncoding("utf8").on("data", (chunk: string) => {
      output[name] += chunk;
      for (const watcher of watchers) watcher();
    });
  }
  // A program that ends before it read its input is no fault of the test.
  child.stdin.on("error", () => undefined);
  child.stdin.end(options.input ?? "");

  const signalGroup = (name: NodeJS.Signals): void => {
    if (child.pid === undefined) return;
    try {
      process.kill(-child.pid, name);
    } catch {
      // The group is gone.
    }
  };
  const ended = outcomeOf(child, output, () => {
    signalGroup("SIGKILL");
  });
  return {
    pid: child.pid ?? -1,
    ended,
    signal: (name) => {
      child.kill(name);
    },
    signalGroup,
    printed: (text) =>
      new Promise((resolved, failed) => {
        const look = (): void => {
          const all = output.stdout + output.stderr;
          if (!all.includes(text)) return;
          watchers.delete(look);
          resolved(all);
        };
        watchers.add(look);
        look();
        ended.then(
          ({ stdout, stderr }) => {
            failed(new Error(`ended without printing ${JSON.stringify(text)}:\n${stdout}\n${stderr}`));
          },
          (error: unknown) => {
            failed(error instanceof Error ? error : new Error(String(error)));
          },
        );
      }),
    kill: async () => {
      signalGroup("SIGKILL");
      await ended.catch(() => undefined);
    },
  };
}

function outcomeOf(
  child: ReturnType<typeof spawn>,
  output: { stdout: string; stderr: string },
  kill: () => void,
): Promise<Outcome> {
  return new Promise((resolved, failed) => {
    const limit = setTimeout(() => {
      kill();
      failed(new Error(`still running after ${LONGEST_MS / 1000} s:\n${output.stdout}\n${output.stderr}`));
    }, LONGEST_MS);
    child.on("error", (error) => {
      clearTimeout(limit);
      failed(error);
    });
    child.on("close", (code, signal) => {
      clearTimeout(limit);
      resolved({ code, signal, ...output });
    });
  });
}
