import { execFileSync } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";
import { platform } from "node:os";

const KIB = 1024;

/** One process of this machine. */
export interface ProcessEntry {
  readonly pid: number;
  readonly parent: number;
  readonly residentBytes: number;
  /** The most it ever had, where the system keeps that; else what it has now. */
  readonly peakBytes: number;
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
      return parseStatus(Number(name), readFileSync(`/proc/${name}/status`, "latin1"));
    } catch {
      // It has ended since the folder was read.
      return [];
    }
  });
}

/** `/proc/PID/status` (https://man7.org/linux/man-pages/man5/proc_pid_status.5.html); nothing for a thread of the kernel. */
export function parseStatus(pid: number, status: string): ProcessEntry[] {
  const field = (name: string): number | undefined => {
    const digits = new RegExp(`^${name}:\\s*(\\d+)`, "m").exec(status)?.[1];
    return digits === undefined ? undefined : Number(digits);
  };
  const parent = field("PPid");
  const resident = field("VmRSS");
  if (parent === undefined || resident === undefined) return [];
  return [{ pid, parent, residentBytes: resident * KIB, peakBytes: (field("VmHWM") ?? resident) * KIB }];
}

function fromPs(): ProcessEntry[] {
  return parsePs(execFileSync("ps", ["-A", "-o", "pid=,ppid=,rss="], { encoding: "utf8" }));
}

/** Lines of process id, parent's id and resident KiB. */
export function parsePs(output: string): ProcessEntry[] {
  return output.split("\n").flatMap((line) => {
    const [pid, parent, resident] = line.trim().split(/\s+/).map(Number);
    if (pid === undefined || parent === undefined || resident === undefined) return [];
    return [{ pid, parent, residentBytes: resident * KIB, peakBytes: resident * KIB }];
  });
}
