import { execFile } from "node:child_process";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { promisify } from "node:util";

/** Bytes of resident memory by process group id; a group without a process is absent. */
export type GroupMemory = ReadonlyMap<number, number>;

/** Measures all groups at once, so that the cost does not grow with the number of guests. */
export type MemorySampler = (groups: ReadonlySet<number>) => GroupMemory | Promise<GroupMemory>;

/** After so many samples, processes known to be of other groups are looked at again: one may have changed its group. */
const FORGET_AFTER = 20;

/**
 * Reads `/proc` (https://man7.org/linux/man-pages/man5/proc_pid_stat.5.html). A process is asked for its group once and,
 * while it is of no group asked for, skipped for up to 20 samples. Pages that processes share count for each of them.
 */
export function procSampler(root = "/proc"): MemorySampler {
  let foreign = new Set<string>();
  let samples = 0;
  return (groups) => {
    if (samples++ % FORGET_AFTER === 0) foreign = new Set();
    const memory = new Map<number, number>();
    const stillForeign = new Set<string>();
    for (const pid of readdirSync(root)) {
      if (!/^\d+$/.test(pid)) continue;
      if (foreign.has(pid)) {
        stillForeign.add(pid);
        continue;
      }
      const group = groupOf(root, pid);
      if (group === undefined) continue;
      if (groups.has(group)) memory.set(group, (memory.get(group) ?? 0) + residentBytes(root, pid));
      else stillForeign.add(pid);
    }
    foreign = stillForeign;
    return memory;
  };
}

function groupOf(root: string, pid: string): number | undefined {
  const stat = readOrEmpty(`${root}/${pid}/stat`);
  // The name of the program, in brackets, may hold anything: `pid (name) state ppid pgrp …`.
  const pgrp = stat.slice(stat.lastIndexOf(")") + 2).split(" ", 3)[2];
  return pgrp === undefined ? undefined : Number(pgrp);
}

/** From `status`, as it counts in KiB; `statm` counts in pages, whose size differs between machines. */
function residentBytes(root: string, pid: string): number {
  const kib = /^VmRSS:\s+(\d+) kB$/m.exec(readOrEmpty(`${root}/${pid}/status`))?.[1];
  return kib === undefined ? 0 : Number(kib) * 1024;
}

/** A process may end between being listed and being read. */
function readOrEmpty(path: string): string {
  try {
    return readFileSync(path, "latin1");
  } catch {
    return "";
  }
}

const run = promisify(execFile);

/** Asks `ps`, for systems without `/proc` (macOS). Rejects when `ps` cannot be run. */
export function psSampler(): MemorySampler {
  return async (groups) => {
    const { stdout } = await run("ps", ["-axo", "pgid=,rss="], { timeout: 5_000, maxBuffer: 16 * 1024 * 1024 });
    const memory = new Map<number, number>();
    for (const line of stdout.split("\n")) {
      const [group, kib] = line.trim().split(/\s+/).map(Number);
      if (group === undefined || kib === undefined || !groups.has(group)) continue;
      memory.set(group, (memory.get(group) ?? 0) + kib * 1024);
    }
    return memory;
  };
}

/** The sampler for this machine. */
export function systemSampler(): MemorySampler {
  return existsSync("/proc/self/stat") ? procSampler() : psSampler();
}
