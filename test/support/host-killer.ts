import { readdirSync, readFileSync } from "node:fs";
import { setTimeout as delay } from "node:timers/promises";
import type { GuestProcesses } from "../../runtimes/guest.js";
import type { RuntimeNotice } from "../../src/runtime/types.js";
import { jsIntegration } from "./projects.js";

/** Looks at every thread this often, in ms. */
const LOOK_MS = 10;
/** A thread that runs at so many looks in a row is in an endless loop. */
const LOOKS = 60;

/** Resolves with the first of these processes in which a thread runs and runs. Linux only. */
export async function whenLooping(
  pids: () => Iterable<number>,
  go: () => boolean = () => true,
): Promise<number | null> {
  const runs = new Map<string, number>();
  while (go()) {
    for (const pid of pids()) {
      for (const thread of threads(pid)) {
        const seen = isRunning(pid, thread) ? (runs.get(thread) ?? 0) + 1 : 0;
        runs.set(thread, seen);
        if (seen >= LOOKS) return pid;
      }
    }
    await delay(LOOK_MS);
  }
  return null;
}

/**
 * A js integration that counts its calls and, over a resource of type `deadly`, brings its sandbox host down: it says
 * so and loops, and the `Killer` kills the host in which it does.
 */
export const DEADLY = jsIntegration(
  `if (params.type === "deadly") {
     // What a guest says is held back for a moment, unless it is much.
     for (let line = 0; line < 12; line++) console.log("deadly" + "x".repeat(8000));
     for (;;);
   }
   return { status: "success", message: String(++calls) };`,
  {},
  "let calls = 0;",
);

/** Stands for the fault of V8 by which such a guest would end its host. Linux only. */
export class Killer implements GuestProcesses {
  readonly #hosts = new Set<number>();
  #looking = false;
  kills = 0;

  /** Sandbox hosts that run. */
  get hosts(): number {
    return this.#hosts.size;
  }

  started(pid: number): void {
    this.#hosts.add(pid);
  }

  ended(pid: number): void {
    this.#hosts.delete(pid);
  }

  readonly observe = (notice: RuntimeNotice): void => {
    if (notice.type !== "log" || !notice.record.message.startsWith("deadly") || this.#looking) return;
    this.#looking = true;
    const hosts = this.#hosts;
    void whenLooping(
      () => hosts,
      () => hosts.size > 0,
    ).then((pid) => {
      this.#looking = false;
      if (pid === null || !hosts.has(pid)) return;
      this.kills++;
      process.kill(pid, "SIGKILL");
    });
  };
}

function threads(pid: number): string[] {
  try {
    return readdirSync(`/proc/${pid}/task`);
  } catch {
    return [];
  }
}

function isRunning(pid: number, thread: string): boolean {
  try {
    const stat = readFileSync(`/proc/${pid}/task/${thread}/stat`, "latin1");
    return stat.slice(stat.lastIndexOf(")") + 2).startsWith("R");
  } catch {
    return false;
  }
}
