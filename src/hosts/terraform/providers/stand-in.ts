import { spawn } from "node:child_process";
import type { ChildProcess } from "node:child_process";
import { once } from "node:events";
import { Socket } from "node:net";
import { errorCode } from "../../../base/error-code.js";
import { ProviderError } from "./provider-error.js";

/** Waits for the end of its stdin. */
const SCRIPT = "read -r line";
/** How long it may take to end, in ms. */
const END_MS = 2_000;

/**
 * The process that core is told of as the one behind our sockets (`Pid` of `TF_REATTACH_PROVIDERS`).
 *
 * It is never us: go-plugin before 1.5, which Terraform 1.5 has, sends SIGKILL to that id when it cannot connect
 * (`client.go` of v1.4.3, reattach), even under `Test`. And it has to live as long as core: go-plugin looks once a second,
 * and every call under way is cancelled when it is gone (`pidWait`, `doneCtx`). It has a session of its own, so no signal of
 * a terminal reaches it, and it ends by itself when we end in any way.
 */
export class StandIn {
  readonly pid: number;
  readonly #child: ChildProcess;
  readonly #pipe: Socket;

  private constructor(child: ChildProcess, pipe: Socket, pid: number) {
    this.#child = child;
    this.#pipe = pipe;
    this.pid = pid;
  }

  /** Throws `ProviderError` PROVIDER_GUARD when there is no shell that starts. */
  static async start(shell = "/bin/sh"): Promise<StandIn> {
    const child = spawn(shell, ["-c", SCRIPT, "airlock-stand-in"], {
      cwd: "/",
      env: { NODE_V8_COVERAGE: undefined },
      detached: true,
      stdio: ["pipe", "ignore", "ignore"],
    });
    try {
      await once(child, "spawn");
    } catch (cause) {
      throw new ProviderError("PROVIDER_GUARD", `${shell} cannot be started: ${errorCode(cause) ?? "unknown reason"}`, {
        cause,
        remedy: "Airlock needs a POSIX shell there.",
      });
    }
    const { pid, stdin } = child;
    if (pid === undefined || !(stdin instanceof Socket))
      throw new ProviderError("PROVIDER_GUARD", "the shell has no input");
    for (const source of [child, stdin]) source.on("error", () => undefined);
    child.unref();
    stdin.unref();
    return new StandIn(child, stdin, pid);
  }

  /** Call it when core has ended. Resolves when the process has. */
  async end(): Promise<void> {
    if (this.#child.exitCode !== null || this.#child.signalCode !== null) return;
    const exited = once(this.#child, "exit");
    this.#child.ref();
    this.#pipe.end();
    const timer = setTimeout(() => this.#child.kill("SIGKILL"), END_MS);
    await exited;
    clearTimeout(timer);
  }
}
