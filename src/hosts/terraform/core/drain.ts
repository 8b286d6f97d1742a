import { spawn } from "node:child_process";
import type { ChildProcessByStdio } from "node:child_process";
import type { Readable, Writable } from "node:stream";
import type { Environment } from "./environment.js";
import { killGroup } from "./kill-group.js";

/** Copies on as long as somebody reads; from then on it reads for nobody, up to the end. */
const SCRIPT = "trap '' PIPE; cat; exec cat >/dev/null";

/**
 * A pipe through a small process that outlives us. Were the other end of core's stdout here, core would end by SIGPIPE
 * with its next line should we be killed: it would leave the state locked, and its work half done.
 */
export class Drain {
  readonly #child: ChildProcessByStdio<Writable, Readable, null>;

  private constructor(child: ChildProcessByStdio<Writable, Readable, null>) {
    this.#child = child;
    for (const source of [child, child.stdin, child.stdout]) source.on("error", () => undefined);
  }

  /** undefined when there is no shell that starts. */
  static start({ PATH }: Environment, shell = "/bin/sh"): Drain | undefined {
    const folders = [PATH, "/usr/bin", "/bin"].filter((folder) => folder !== undefined && folder !== "");
    const child = spawn(shell, ["-c", SCRIPT, "airlock-drain"], {
      cwd: "/",
      env: { NODE_V8_COVERAGE: undefined, PATH: folders.join(":") },
      // A session of its own: the signals of a terminal are for core.
      detached: true,
      stdio: ["pipe", "pipe", "ignore"],
    });
    const drain = new Drain(child);
    return child.pid === undefined ? undefined : drain;
  }

  /** What another process is to write into. */
  get input(): Writable {
    return this.#child.stdin;
  }

  /** What it wrote. */
  get output(): Readable {
    return this.#child.stdout;
  }

  /** Call it when the other process has `input`: its end is then the end of the pipe. */
  release(): void {
    this.#child.stdin.destroy();
  }

  /** Throws away what is still to come. */
  end(): void {
    this.release();
    this.output.destroy();
    const { pid } = this.#child;
    if (pid !== undefined && this.#child.exitCode === null && this.#child.signalCode === null) killGroup(pid);
  }
}
