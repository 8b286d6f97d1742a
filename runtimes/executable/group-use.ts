import { execFile } from "node:child_process";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { promisify } from "node:util";

/** What the processes of one guest use together. */
export interface GroupUse {
  /** Resident memory, in bytes; pages that processes share count for each of them. */
  readonly bytes: number;
  readonly processes: number;
}

/** By process group id; a group without a process is absent. */
export type GroupUses = ReadonlyMap<number, GroupUse>;

/** Measures all groups at once, so that the cost does not grow with the number of guests. */
export type GroupSampler = (groups: ReadonlySet<number>) => GroupUses | Promise<GroupUses>;

/** After so many samples, processes known to be of no group are looked at again: one may have changed its group. */
const FORGET_AFTER = 20;

/** What decides whose a process is. */
interface Process {
  readonly parent: number;
  readonly group: number;
}

/**
 * The group that a process belongs to: its own, or that of the nearest process above it. The second counts those that
 * left the group while who started them lives; in a pid namespace of their own that is all of them.
 */
function ownerOf(pid: number, processes: ReadonlyMap<number, Process>, groups: ReadonlySet<number>): number | null {
  const seen = new Set<number>();
  for (let at = pid; !seen.has(at);) {
    seen.add(at);
    const process = processes.get(at);
    if (process === undefined) return null;
    if (groups.has(process.group)) return process.group;
    at = process.parent;
  }
  return null;
}

function add(uses: Map<number, GroupUse>, group: number, bytes: number): void {
  const { bytes: before, processes } = uses.get(group) ?? { bytes: 0, processes: 0 };
  uses.set(group, { bytes: before + bytes, processes: processes + 1 });
}

/**
 * Reads `/proc` (https://man7.org/linux/man-pages/man5/proc_pid_stat.5.html). A process is asked once whose it is and,
 * while it is of no group asked for, skipped for up to 20 samples.
 */
export function procSampler(root = "/proc"): GroupSampler {
  let foreign = new Set<number>();
  let samples = 0;
  return (groups) => {
    if (samples++ % FORGET_AFTER === 0) foreign = new Set();
    const processes = new Map<number, Process>();
    const stillForeign = new Set<number>();
    for (const name of readdirSync(root)) {
      if (!/^\d+$/.test(name)) continue;
      const pid = Number(name);
      const process = foreign.has(pid) ? undefined : statOf(root, pid);
      if (process !== undefined) processes.set(pid, process);
      else if (foreign.has(pid)) stillForeign.add(pid);
    }
    const uses = new Map<number, GroupUse>();
    for (const pid of processes.keys()) {
      const owner = ownerOf(pid, processes, groups);
      if (owner === null) stillForeign.add(pid);
      else add(uses, owner, residentBytes(root, pid));
    }
    foreign = stillForeign;
    return uses;
  };
}

function statOf(root: string, pid: number): Process | undefined {
  const stat = readOrEmpty(`${root}/${pid}/stat`);
  // The name of the program, in brackets, may hold anything: `pid (name) state ppid pgrp …`.
  const [, parent, group] = stat.slice(stat.lastIndexOf(")") + 2).split(" ", 3);
  return group === undefined ? undefined : { parent: Number(parent), group: Number(group) };
}

/** From `status`, as it counts in KiB; `statm` counts in pages, whose size differs between machines. */
function residentBytes(root: string, pid: number): number {
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
export function psSampler(): GroupSampler {
  return async (groups) => {
    const columns = ["-axo", "pid=,ppid=,pgid=,rss="];
    const { stdout } = await run("ps", columns, { timeout: 5_000, maxBuffer: 16 * 1024 * 1024 });
    const rows = stdout.split("\n").map((line) => line.trim().split(/\s+/).map(Number));
    const processes = new Map<number, Process>();
    for (const [pid, parent, group] of rows) {
      if (pid !== undefined && parent !== undefined && group !== undefined) processes.set(pid, { parent, group });
    }
    const uses = new Map<number, GroupUse>();
    for (const [pid, , , kib] of rows) {
      const owner = pid === undefined ? null : ownerOf(pid, processes, groups);
      if (owner !== null && kib !== undefined) add(uses, owner, kib * 1024);
    }
    return uses;
  };
}

/** The sampler for this machine. */
export function systemSampler(): GroupSampler {
  return existsSync("/proc/self/stat") ? procSampler() : psSampler();
}
