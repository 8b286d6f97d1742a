import { spawn } from "node:child_process";
import type { ChildProcess } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Duplex } from "node:stream";
import type { GuestProcesses } from "../../runtimes/guest.js";
import { errorCode } from "../base/error-code.js";
import { PIPE_FD } from "./frames.js";
import { ownFiles } from "./own-files.js";
import type { OwnFiles } from "./own-files.js";
import { SandboxError } from "./sandbox-error.js";

const KEPT_STDERR = 2_000;

/** What must not outlive this process. */
const running = new Set<() => void>();

function endAll(): void {
  for (const end of running) end();
}

/** Node 20 knows the permission model under its older name. */
function permissionFlag(): string {
  const [major = 0, minor = 0] = process.versions.node.split(".").map(Number);
  return major > 22 || (major === 22 && minor >= 13) ? "--permission" : "--experimental-permission";
}

/** The arguments that put Node under the permission model, for the sandbox host and for whoever checks that it works. */
export function permissionArguments({ folders, links }: Pick<OwnFiles, "folders" | "links">): string[] {
  return [
    permissionFlag(),
    ...[...folders.map((folder) => join(folder, "*")), ...links].map((path) => `--allow-fs-read=${path}`),
    "--allow-worker",
    "--no-warnings",
    "--disable-proto=delete",
  ];
}

/** Where the sandbox host stands, and who is told of it. */
export interface SandboxPlace {
  /** Its empty folder is made in this one; the system's temporary folder when left out. */
  readonly temporary?: string | undefined;
  readonly processes?: GuestProcesses | undefined;
}

/**
 * The child process with the pools: nothing in its environment, an empty folder to stand in, its own files to read. It
 * leads a group of its own, so the Ctrl-C of a terminal, which a run may well survive, does not reach it.
 */
export class SandboxProcess {
  readonly #child: ChildProcess;
  readonly #folder: string;
  readonly pipe: Duplex;
  #stderr = "";
  /** Resolves when the process has ended, with what it said last. */
  readonly ended: Promise<string>;

  /** Throws `SandboxError` SANDBOX_START. */
  constructor({ temporary = tmpdir(), processes }: SandboxPlace = {}) {
    const files = ownFiles();
    this.#folder = emptyFolder(temporary);
    this.#child = spawn(process.execPath, [...permissionArguments(files), files.entry], {
      cwd: this.#folder,
      env: {},
      stdio: ["ignore", "pipe", "pipe", "pipe"],
      detached: true,
    });
    const { pid } = this.#child;
    if (pid !== undefined) processes?.started(pid);
    // Without file descriptors or processes left, Node gives a child without streams and tells of it later.
    this.#child.on("error", () => undefined);
    const { stdio } = this.#child;
    const pipe = Array.isArray(stdio) ? stdio[PIPE_FD] : undefined;
    if (!(pipe instanceof Duplex)) {
      this.#end();
      throw new SandboxError("SANDBOX_START", "the sandbox host could not be started: it has no pipe", {
        remedy: "Look at the limits on processes and open files.",
      });
    }
    this.pipe = pipe;
    // Its end is told by `ended`; a write into a pipe that just broke is not a fault of its own.
    this.pipe.on("error", () => undefined);
    for (const output of [this.#child.stdout, this.#child.stderr]) {
      output?.on("data", (chunk: Buffer) => {
        this.#stderr = (this.#stderr + chunk.toString("latin1")).slice(-KEPT_STDERR);
      });
    }
    if (running.size === 0) process.on("exit", endAll);
    running.add(this.#end);
    this.ended = new Promise<string>((resolve) => {
      this.#child.once("error", (error) => {
        resolve(error.message);
      });
      this.#child.once("close", (code, signal) => {
        resolve(lastWords(this.#stderr) ?? `ended with ${signal ?? String(code)}`);
      });
    }).then((said) => {
      running.delete(this.#end);
      if (running.size === 0) process.off("exit", endAll);
      if (pid !== undefined) processes?.ended(pid);
      this.#end();
      return said;
    });
  }

  get pid(): number | undefined {
    return this.#child.pid;
  }

  kill(): void {
    this.#child.kill("SIGKILL");
  }

  /** Also at the end of our own process, which must leave neither behind. */
  readonly #end = (): void => {
    this.kill();
    try {
      rmSync(this.#folder, { recursive: true, force: true });
    } catch {
      // An empty folder among the temporary files is no reason to fail.
    }
  };
}

function emptyFolder(temporary: string): string {
  try {
    return mkdtempSync(join(temporary, "airlock-sandbox-"));
  } catch (cause) {
    throw new SandboxError(
      "SANDBOX_START",
      `the sandbox host could not be started: no folder can be made in ${temporary}: ${errorCode(cause) ?? "unknown reason"}`,
      { cause, remedy: "Make room there, or set TMPDIR to another folder." },
    );
  }
}

/** Of what a dying Node process prints, the line that names the error; a stack is of no use to a user. */
function lastWords(stderr: string): string | undefined {
  const lines = stderr.split("\n").filter((line) => line.trim() !== "");
  return lines.find((line) => /^(?:FATAL ERROR|[A-Za-z]*Error)\b/.test(line)) ?? lines.at(-1);
}
