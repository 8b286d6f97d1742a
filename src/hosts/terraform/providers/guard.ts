import type { GuestProcesses } from "../../../../runtimes/guest.js";
import { spawn } from "node:child_process";
import type { ChildProcess } from "node:child_process";
import { once } from "node:events";
import { Socket } from "node:net";
import { tmpdir } from "node:os";
import { errorCode } from "../../../base/error-code.js";
import { GUARD_SCRIPT } from "./guard-script.js";
import { ProviderError } from "./provider-error.js";
import type { RunFolder } from "./run-folder.js";

/** How long the guard may take to end when it is told so, in ms; it does nothing any more then. */
const DONE_MS = 2_000;

/** What is told to the guard of a provider process. Every call is in the guard's pipe when it returns. */
export interface ProcessWatch {
  /** Before the process starts; `folder` is the name of its socket folder. */
  expect(folder: string): void;
  /** As soon as it runs, as the leader of the process group `pid`. */
  started(pid: number, folder: string): void;
  /** It did not start. */
  failed(folder: string): void;
  ended(pid: number): void;
}

/**
 * A small shell process that outlives us: when this process dies in any way, `kill -9` included, it kills the providers
 * and the guests that still run, waits until core has ended, and removes the folder of the run.
 *
 * - It has a session of its own, so no signal of a terminal reaches it, and it ignores those that others send.
 * - Nobody but us holds the other end of its stdin: Node opens every descriptor close-on-exec.
 * - It does not keep this process from ending. Should it be killed itself, nothing is noticed but its absence.
 * - What remains: where a process cannot see the environment of others (macOS), a provider whose start we did not
 *   survive, in the milliseconds between fork and the guard's hearing of it, is not found.
 */
export class Guard implements ProcessWatch {
  readonly #child: ChildProcess;
  readonly #pipe: Socket;

  private constructor(child: ChildProcess, pipe: Socket) {
    this.#child = child;
    this.#pipe = pipe;
  }

  /**
   * `searchPath` is where the guard finds its tools, `temporary` the providers' own `TMPDIR`. Throws `ProviderError`
   * PROVIDER_GUARD when the shell does not start.
   */
  static async start(
    folder: RunFolder,
    options: { readonly searchPath?: string; readonly temporary?: string; readonly shell?: string } = {},
  ): Promise<Guard> {
    const { searchPath = process.env["PATH"] ?? "", temporary = tmpdir(), shell = "/bin/sh" } = options;
    // The user's own first: where /usr/bin is empty (NixOS), these are the only ones.
    const PATH = `${searchPath}:/usr/bin:/bin`;
    const child = spawn(shell, ["-c", GUARD_SCRIPT, "airlock-guard", folder.path, temporary], {
      cwd: "/",
      env: { NODE_V8_COVERAGE: undefined, PATH },
      detached: true,
      stdio: ["pipe", "ignore", "ignore"],
    });
    try {
      await once(child, "spawn");
    } catch (cause) {
      throw new ProviderError("PROVIDER_GUARD", `${shell} cannot be started: ${errorCode(cause) ?? "unknown reason"}`, {
        cause,
        remedy: "Airlock needs a POSIX shell there, which tidies up should Airlock be killed.",
      });
    }
    const { stdin } = child;
    if (!(stdin instanceof Socket)) throw new ProviderError("PROVIDER_GUARD", "the shell has no input");
    // EPIPE: somebody killed the guard. The run can go on without it.
    for (const source of [child, stdin]) source.on("error", () => undefined);
    child.unref();
    stdin.unref();
    return new Guard(child, stdin);
  }

  expect(folder: string): void {
    this.#tell(`? ${folder}`);
  }

  started(pid: number, folder: string): void {
    this.#tell(`+ ${pid} ${folder}`);
  }

  failed(folder: string): void {
    this.#tell(`! ${folder}`);
  }

  ended(pid: number): void {
    this.#tell(`- ${pid}`);
  }

  /** For the leaders of process groups that have no folder: guests, the sandbox host, a core that is asked something. */
  get groups(): GuestProcesses {
    return {
      started: (pid) => {
        this.#tell(`+ ${pid}`);
      },
      ended: (pid) => {
        this.ended(pid);
      },
    };
  }

  /** The core that uses the folder now; at most one at a time. */
  coreStarted(pid: number): void {
    this.#tell(`c ${pid}`);
  }

  /** The run has tidied up by itself. Resolves when the guard has ended. */
  async done(): Promise<void> {
    if (this.#child.exitCode !== null || this.#child.signalCode !== null) return;
    const exited = once(this.#child, "exit");
    this.#child.ref();
    this.#pipe.end("done\n");
    const timer = setTimeout(() => this.#child.kill("SIGKILL"), DONE_MS);
    await exited;
    clearTimeout(timer);
  }

  /** A short line: the system takes it at once and whole. */
  #tell(line: string): void {
    if (this.#pipe.writable) this.#pipe.write(`${line}\n`);
  }
}
