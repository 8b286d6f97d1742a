import { spawn } from "node:child_process";
import type { ChildProcess } from "node:child_process";
import { once } from "node:events";
import { BenchError } from "./bench-error.js";
import { processes } from "./processes.js";

const LOOK_EVERY_MS = 10;
const KEPT_STDERR = 2_000;

/** What a process used of the machine. */
export interface Usage {
  /** The most resident memory that it had, in bytes. */
  readonly peakBytes: number;
  /** Time that processors spent on it until shortly before its end, in ms; null where the system does not tell. */
  readonly cpuMs: number | null;
}

/** What a command and the one child of its own used. */
export interface CommandUsage {
  readonly command: Usage;
  readonly child: Usage;
}

const NOTHING: Usage = { peakBytes: 0, cpuMs: null };

/** Runs a program (default: Node) with these arguments and gives its wall time in ms. Rejects with `BenchError` BENCH_COMMAND_FAILED unless it ends with `exitCode`. */
export async function runCommand(
  args: readonly string[],
  exitCode: number,
  program: string = process.execPath,
): Promise<number> {
  const before = performance.now();
  await ended(start(program, args), args, exitCode);
  return performance.now() - before;
}

/** Runs a program (default: Node) with these arguments and looks at what it uses all the while, which takes time of its own. */
export async function runWatched(
  args: readonly string[],
  exitCode: number,
  program: string = process.execPath,
): Promise<CommandUsage> {
  const child = start(program, args);
  const usage = { command: NOTHING, child: NOTHING };
  const watch = setInterval(() => {
    const all = processes();
    const own = all.find(({ pid }) => pid === child.pid);
    const below = all.find(({ parent }) => parent === child.pid);
    if (own !== undefined) usage.command = own;
    if (below !== undefined) usage.child = below;
  }, LOOK_EVERY_MS);
  try {
    await ended(child, args, exitCode);
  } finally {
    clearInterval(watch);
  }
  return usage;
}

function start(program: string, args: readonly string[]): ChildProcess {
  return spawn(program, [...args], { stdio: ["ignore", "ignore", "pipe"] });
}

async function ended(child: ChildProcess, args: readonly string[], exitCode: number): Promise<void> {
  let said = "";
  child.stderr?.on("data", (chunk: Buffer) => {
    said = (said + chunk.toString("utf8")).slice(-KEPT_STDERR);
  });
  const closed: readonly unknown[] = await once(child, "close");
  if (closed[0] === exitCode) return;
  throw new BenchError(
    "BENCH_COMMAND_FAILED",
    `${args.join(" ")} ended with ${String(closed[0] ?? closed[1])}: ${said.trim()}`,
  );
}
