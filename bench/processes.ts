import { execFileSync } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";
import { platform } from "node:os";

const KIB = 1024;
/** Linux counts the time of processes in 1/100 s towards programs, whatever its own clock is. */
const MS_PER_TICK = 10;

/** One process of this machine. */
export interface ProcessEntry {
  readonly pid: number;
  readonly parent: number;
  readonly residentBytes: number;
  /** The most it ever had, where the system keeps that; else what it has now. */
  readonly peakBytes: number;
  /** Time that processors spent on it, in steps of 10 ms; null where the system does not tell it like that. */
  readonly cpuMs: number | null;
}

/** Every process whose memory may be read: from /proc on Linux, from `ps` elsewhere. */
export function processes(): readonly ProcessEntry[] {
  return platform() === "linux" ? fromProc() : fromPs();
}

/** The direct children of a process. */
export function childrenOf(pid: number): readonly ProcessEntry[] {
  return processes().filter(({ parent }) => parent === pid);
}

function fromProc(): ProcessEntry[] {
  return readdirSync("/proc").flatMap((name) => {
    if (!/^\d+$/.test(name)) return [];
    try {
      const [status, stat] = ["status", "stat"].map((file) => readFileSync(`/proc/${name}/${file}`, "latin1"));
      return parseStatus(Number(name), status ?? "", stat ?? "");
    } catch {
      // It has ended since the folder was read.
      return [];
    }
  });
}

/** `status` and `stat` of /proc/PID (https://man7.org/linux/man-pages/man5/proc_pid_stat.5.html); nothing for a thread of the kernel. */
export function parseStatus(pid: number, status: string, stat: string): ProcessEntry[] {
  const field = (name: string): number | undefined => {
    const digits = new RegExp(`^${name}:\\s*(\\d+)`, "m").exec(status)?.[1];
    return digits === undefined ? undefined : Number(digits);
  };
  const parent = field("PPid");
  const resident = field("VmRSS");
  if (parent === undefined || resident === undefined) return [];
  // The name of a process may hold spaces and parentheses; what follows the last one are fields 3 and up.
  const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
  const cpuMs = (Number(fields[11]) + Number(fields[12])) * MS_PER_TICK;
  return [{ pid, parent, residentBytes: resident * KIB, peakBytes: (field("VmHWM") ?? resident) * KIB, cpuMs }];
}

function fromPs(): ProcessEntry[] {
  return parsePs(execFileSync("ps", ["-A", "-o", "pid=,ppid=,rss="], { encoding: "utf8" }));
}

/** Lines of process id, parent's id and resident KiB. */
export function parsePs(output: string): ProcessEntry[] {
  return output.split("\n").flatMap((line) => {
    const [pid, parent, resident] = line.trim().split(/\s+/).map(Number);
    if (pid === undefined || parent === undefined || resident === undefined) return [];
    return [{ pid, parent, residentBytes: resident * KIB, peakBytes: resident * KIB, cpuMs: null }];
  });
}
