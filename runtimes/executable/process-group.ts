import { spawn } from "node:child_process";
import type { ChildProcessWithoutNullStreams } from "node:child_process";
import { once } from "node:events";
import { constants } from "node:os";
import type { ExecutableSpec, GuestProcesses } from "../guest.js";
import type { StartCommand } from "./interpreter.js";
import { within } from "./within.js";

/** How long the system may take to end a killed process, in ms. Only a process stuck in the kernel takes so long. */
const KILL_MS = 2_000;
/** Exit codes above it name a signal. */
const SIGNALLED = 128;

/** How a process ended: its exit code, or the signal that ended it. */
export interface ProcessEnd {
  readonly code: number | null;
  readonly signal: string | null;
}

/** The groups that must not outlive this process. */
const running = new Set<ProcessGroup>();

function killAll(): void {
  for (const group of running) group.kill();
}

/**
 * A program as the leader of its own session and process group: `detached` is setsid(2) on POSIX systems
 * (https://docs.libuv.org/en/v1.x/process.html), so it has no terminal and takes no Ctrl-C.
 *
 * - The group is killed when its leader ends, and when this process exits; what is left of it dies with them.
 *   A process that starts a session of its own (`setsid`) leaves the group and is out of reach, unless the leader is
 *   bubblewrap: with it ends the pid namespace that all others are in.
 * - Its environment is exactly that of the spec.
 */
export class ProcessGroup {
  readonly child: ChildProcessWithoutNullStreams;
  /** The process group id, which is the process id of the leader. */
  readonly id: number;
  /** Resolves when the leader has ended and the rest of its group was killed. */
  readonly ended: Promise<ProcessEnd>;
  #end: ProcessEnd | undefined;

  private constructor(
    child: ChildProcessWithoutNullStreams,
    id: number,
    isIsolated: boolean,
    processes: GuestProcesses | undefined,
  ) {
    this.child = child;
    this.id = id;
    if (running.size === 0) process.on("exit", killAll);
    running.add(this);
    this.ended = new Promise((resolve) => {
      child.once("exit", (code, signal) => {
        this.kill();
        this.#end = isIsolated ? endInside(code, signal) : { code, signal };
        running.delete(this);
        processes?.ended(id);
        if (running.size === 0) process.off("exit", killAll);
        resolve(this.#end);
      });
    });
  }

  /** Starts the program; rejects with the error of the operating system when it cannot be started. */
  static async start(
    command: StartCommand,
    spec: Pick<ExecutableSpec, "directory" | "environment" | "isolation">,
    processes?: GuestProcesses,
  ): Promise<ProcessGroup> {
    const child = spawn(command.program, command.arguments, {
      cwd: spec.directory,
      // Node adds NODE_V8_COVERAGE of its own environment unless the key is there, and leaves undefined ones out:
      // https://github.com/nodejs/node/blob/v20.x/lib/child_process.js (copyProcessEnvToEnv).
      env: { NODE_V8_COVERAGE: undefined, ...spec.environment },
      stdio: ["pipe", "pipe", "pipe"],
      detached: true,
    });
    // Nothing may come between the start and this: should we die meanwhile, nobody would know of it.
    if (child.pid !== undefined) processes?.started(child.pid);
    await once(child, "spawn");
    // The owner learns of failed pipes by the end of the process; an error event without a listener would end us.
    for (const source of [child, child.stdin, child.stdout, child.stderr]) source.on("error", () => undefined);
    if (child.pid === undefined) throw new Error("the process has no id");
    return new ProcessGroup(child, child.pid, spec.isolation !== undefined, processes);
  }

  /** Set once the leader has ended. */
  get end(): ProcessEnd | undefined {
    return this.#end;
  }

  /**
   * Ends the stdin of the leader, waits up to `graceMs` for it to end by itself, then kills the group. Resolves when
   * the leader has ended, or after two seconds when it is stuck in the kernel.
   */
  async stop(graceMs: number): Promise<void> {
    this.child.stdin.end();
    if (graceMs > 0) await within(this.ended, graceMs);
    this.kill();
    await within(this.ended, KILL_MS);
  }

  /** SIGKILL to every process of the group; does nothing once the leader has ended, as the id may be another's then. */
  kill(): void {
    if (this.#end !== undefined) return;
    try {
      process.kill(-this.id, "SIGKILL");
    } catch {
      // ESRCH: nobody is left. EPERM (macOS): only zombies are left.
    }
  }
}

/** bubblewrap says with its own exit code by which signal the program in it was ended, as a shell does. */
function endInside(code: number | null, signal: string | null): ProcessEnd {
  const number = (code ?? 0) - SIGNALLED;
  const [name] = Object.entries(constants.signals).find(([, known]) => known === number) ?? [];
  return name === undefined ? { code, signal } : { code: null, signal: name };
}
