import { spawn } from "node:child_process";
import type { ChildProcess } from "node:child_process";
import type { Readable } from "node:stream";
import { CoreError } from "./core-error.js";
import { errorSummary } from "./error-summary.js";
import type { Environment } from "./environment.js";
import { killGroup } from "./kill-group.js";
import { startFailure, startOrFail } from "./start-failure.js";

export interface CaptureCoreOptions {
  /** Absolute path of core. */
  readonly path: string;
  readonly args: readonly string[];
  readonly cwd?: string;
  readonly env: Environment;
  /** The largest answer taken, in bytes. */
  readonly maxBytes?: number;
  /** How long it may take, in ms. Without it there is no limit: reading a large remote state takes its time. */
  readonly timeoutMs?: number;
  /** Ends core. It leads a group of its own, so the Ctrl-C of a terminal does not. */
  readonly signal?: AbortSignal;
  /** Told of it, for somebody who ends it should this process be killed. */
  readonly groups?: { started(pid: number): void; ended(pid: number): void };
}

/** What one answer may hold unless told otherwise: all that fits into one Buffer of every supported Node. */
const DEFAULT_MAX_BYTES = 2 ** 31 - 1;
/** How much of the end of stderr is kept for the error message. */
const STDERR_BYTES = 64 * 1024;

/**
 * Asks core something and gives its stdout: `show -json PLAN`, `state pull`, `workspace show`. Only for commands that
 * change nothing: core is killed when it is over a limit. Rejects with `CoreError`: CORE_FAILED with core's own first
 * error, CORE_LIMIT, CORE_NOT_FOUND, CORE_NOT_EXECUTABLE.
 */
export async function captureCore(options: CaptureCoreOptions): Promise<Buffer> {
  const { path, args, maxBytes = DEFAULT_MAX_BYTES } = options;
  const child = startOrFail(path, options.cwd, () => {
    const stdio: ["ignore", "pipe", "pipe"] = ["ignore", "pipe", "pipe"];
    return spawn(path, args, { cwd: options.cwd, env: { ...options.env }, stdio, detached: true });
  });
  const { pid } = child;
  if (pid !== undefined) {
    options.groups?.started(pid);
    child.once("exit", () => options.groups?.ended(pid));
  }
  let broken: CoreError | undefined;
  const stop = (error: CoreError): void => {
    broken ??= error;
    // With the providers that it started, which would outlive it.
    if (pid !== undefined && child.exitCode === null && child.signalCode === null) killGroup(pid);
    // What core started may hold the pipes longer than core lives.
    child.stdout.destroy();
    child.stderr.destroy();
  };
  const command = `${path} ${args[0] ?? ""}`.trim();
  const stdout = new Kept(child.stdout, maxBytes, "all", () => {
    stop(new CoreError("CORE_LIMIT", `${command} answers with more than ${maxBytes} bytes`));
  });
  const stderr = new Kept(child.stderr, STDERR_BYTES, "end");
  const release = watch(options, command, stop);
  try {
    const code = await ended(child).catch((error: unknown) => {
      throw startFailure(path, options.cwd, error);
    });
    if (broken !== undefined) throw broken;
    if (code !== 0) throw failed(command, code, stderr.bytes());
    return stdout.bytes();
  } finally {
    release();
  }
}

/** Calls `stop` when the time is over or the caller wants an end; gives what takes both back. */
function watch(
  { timeoutMs, signal }: CaptureCoreOptions,
  command: string,
  stop: (error: CoreError) => void,
): () => void {
  const timer =
    timeoutMs === undefined
      ? undefined
      : setTimeout(() => {
          stop(new CoreError("CORE_LIMIT", `${command} gave no answer within ${timeoutMs} ms`));
        }, timeoutMs);
  const aborted = (): void => {
    stop(new CoreError("CORE_FAILED", `${command} was stopped`));
  };
  if (signal?.aborted === true) aborted();
  signal?.addEventListener("abort", aborted, { once: true });
  return () => {
    clearTimeout(timer);
    signal?.removeEventListener("abort", aborted);
  };
}

/** The exit code, or the name of the signal, once the process has ended and its pipes are read. */
function ended(child: ChildProcess): Promise<number | string> {
  return new Promise((resolve, reject) => {
    child.once("error", reject);
    child.once("close", (code, signal) => {
      resolve(code ?? signal ?? "an unknown signal");
    });
  });
}

function failed(command: string, code: number | string, stderr: Buffer): CoreError {
  const how = typeof code === "number" ? `exit code ${code}` : code;
  const said = errorSummary(stderr.toString("utf8"));
  return new CoreError("CORE_FAILED", `${command} ended with ${how}${said === "" ? "" : `: ${said}`}`);
}

/** What came out of a pipe: all of it up to a limit, or its end. */
class Kept {
  #chunks: Buffer[] = [];
  #size = 0;

  constructor(source: Readable, limit: number, which: "all" | "end", onOver?: () => void) {
    source.on("error", () => undefined);
    source.on("data", (chunk: Buffer) => {
      this.#chunks.push(chunk);
      this.#size += chunk.length;
      if (this.#size <= limit) return;
      if (which === "all") {
        this.#chunks = [];
        onOver?.();
        return;
      }
      const end = this.bytes().subarray(-limit);
      this.#chunks = [end];
      this.#size = end.length;
    });
  }

  bytes(): Buffer {
    return Buffer.concat(this.#chunks);
  }
}
