import { readFileSync } from "node:fs";

/** Whether a process still runs. One that is dead and not yet looked at by its parent does not. */
export function lives(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return process.platform !== "linux" || !readFileSync(`/proc/${pid}/stat`, "utf8").includes(") Z ");
  } catch {
    return false;
  }
}
