import { spawn } from "node:child_process";
import type { ChildProcess } from "node:child_process";
import { once } from "node:events";
import { BenchError } from "./bench-error.js";
import { processes } from "./processes.js";

const LOOK_EVERY_MS = 10;
const KEPT_STDERR = 2_000;

export interface PeakMemory {
  /** The most resident memory that the process had, in bytes. */
  readonly ownBytes: number;
  /** The most that all its children had at one time, in bytes. */
  readonly childrenBytes: number;
}

/** Runs Node with these arguments and gives its wall time in ms. Rejects with `BenchError` BENCH_COMMAND_FAILED unless it ends with `exitCode`. */
export async function runCommand(args: readonly string[], exitCode: number): Promise<number> {
  const before = performance.now();
  await ended(start(args), args, exitCode);
  return performance.now() - before;
}

/** Runs Node with these arguments and looks at its memory all the while, which takes time of its own. */
export async function runWatched(args: readonly string[], exitCode: number): Promise<PeakMemory> {
  const child = start(args);
  let ownBytes = 0;
  let childrenBytes = 0;
  const watch = setInterval(() => {
    const all = processes();
    ownBytes = Math.max(ownBytes, all.find(({ pid }) => pid === child.pid)?.peakBytes ?? 0);
    const children = all.filter(({ parent }) => parent === child.pid);
    childrenBytes = Math.max(
      childrenBytes,
      children.reduce((sum, { residentBytes }) => sum + residentBytes, 0),
    );
  }, LOOK_EVERY_MS);
  try {
    await ended(child, args, exitCode);
  } finally {
    clearInterval(watch);
  }
  return { ownBytes, childrenBytes };
}

function start(args: readonly string[]): ChildProcess {
  return spawn(process.execPath, [...args], { stdio: ["ignore", "ignore", "pipe"] });
}

async function ended(child: ChildProcess, args: readonly string[], exitCode: number): Promise<void> {
  let said = "";
  child.stderr?.on("data", (chunk: Buffer) => {
    said = (said + chunk.toString("utf8")).slice(-KEPT_STDERR);
  });
  const [code]: unknown[] = await once(child, "close");
  if (code === exitCode) return;
  throw new BenchError("BENCH_COMMAND_FAILED", `${args.join(" ")} ended with ${String(code)}: ${said.trim()}`);
}
