import type { ChildProcess } from "node:child_process";

/** How a process ended: its exit code, or the signal that ended it. */
export interface ProcessEnd {
  readonly code: number | null;
  readonly signal: string | null;
}

/** In words, for messages. */
export function endText({ code, signal }: ProcessEnd): string {
  return signal === null ? `it ended with code ${code ?? "unknown"}` : `it was ended by ${signal}`;
}

/** Resolves with how the child ended; listen before anything else is awaited. */
export function exitOf(child: ChildProcess): Promise<ProcessEnd> {
  return new Promise((resolve) => {
    child.once("exit", (code, signal) => {
      resolve({ code, signal });
    });
  });
}

/** SIGKILL to every process of the group. */
export function killGroup(leader: number): void {
  try {
    process.kill(-leader, "SIGKILL");
  } catch {
    // ESRCH: nobody is left. EPERM (macOS): only zombies are left.
  }
}

/** The value of a promise if it comes within `ms`, else undefined; leaves no timer behind. */
export async function inTime<T>(promise: Promise<T>, ms: number): Promise<T | undefined> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<undefined>((resolve) => {
    timer = setTimeout(resolve, ms, undefined);
  });
  try {
    return await Promise.race([promise, late]);
  } finally {
    clearTimeout(timer);
  }
}
