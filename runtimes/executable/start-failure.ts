import { constants } from "node:fs";
import { open, stat } from "node:fs/promises";
import { errorCode } from "../../src/base/error-code.js";
import { GuestError } from "../guest-error.js";
import type { ExecutableSpec } from "../guest.js";
import { elfLoader } from "./elf-loader.js";
import { mayExecute, startCommand } from "./interpreter.js";
import type { StartCommand } from "./interpreter.js";

/** Enough for a shebang line, and for where a program names its loader. */
const HEAD_BYTES = 4_096;

/** A Windows process has no group to bound or to end, so its limits could not be held there. */
function refuseWindows(spec: ExecutableSpec): void {
  if (process.platform !== "win32") return;
  throw failure(spec, "is an executable, which cannot be held to its limits on Windows", {
    remedy: "Use a wasm or js integration.",
  });
}

/**
 * Refuses what the operating system would not start, since between it and us stand a shell and perhaps bubblewrap, whose
 * words about it say less; and what it would start but should not: on a text file without `#!`, `execvp` falls back to
 * the shell (https://man7.org/linux/man-pages/man3/exec.3.html), which then runs, say, Python as shell commands.
 * Gives how to start it. Throws `GuestError` GUEST_LOAD.
 */
export async function checkStartable(spec: ExecutableSpec): Promise<StartCommand> {
  refuseWindows(spec);
  const head = await readHead(spec.path);
  if (head !== null && !head.startsWith("#!") && !head.includes("\0")) {
    throw failure(spec, `cannot be started: ${spec.path} is a text file without a shebang line`, {
      remedy: "Add a shebang line as its first, such as #!/usr/bin/env python3.",
    });
  }
  const command = await startCommand(spec.path, head, spec.searchPath);
  const code = await faultOf(spec, head, command);
  if (code !== null) throw await explainStartFailure(spec, Object.assign(new Error(code), { code }));
  return command;
}

/** The code with which the system would refuse; null where it would not. */
async function faultOf(spec: ExecutableSpec, head: string | null, command: StartCommand): Promise<string | null> {
  if (spec.path.includes("\0")) return "EINVAL";
  if (!(await isDirectory(spec.directory))) return "ENOENT";
  if ((await isDirectory(spec.path)) || !(await mayExecute(spec.path)))
    return (await exists(spec.path)) ? "EACCES" : "ENOENT";
  const needed = command.interpreter ?? elfLoader(head ?? "");
  return needed === null || (await mayExecute(needed)) ? null : "ENOENT";
}

/** What stopped the operating system from starting the program, as `GuestError` GUEST_LOAD with a remedy. */
export async function explainStartFailure(spec: ExecutableSpec, cause: unknown): Promise<GuestError> {
  const code = errorCode(cause);
  if (!(await isDirectory(spec.directory))) {
    return failure(spec, `cannot be started: its working directory ${spec.directory} does not exist`, { cause });
  }
  if (code === "ENOENT" || code === "ENOTDIR") return explainMissing(spec, cause);
  if (code === "EACCES") {
    if (await isDirectory(spec.path)) {
      return failure(spec, `cannot be started: ${spec.path} is a folder`, { cause });
    }
    return failure(spec, `cannot be started: ${spec.path} may not be executed`, {
      cause,
      remedy: `Make it executable: chmod +x ${spec.path}`,
    });
  }
  const why = code ?? (cause instanceof Error ? cause.message : String(cause));
  return failure(spec, `cannot be started: ${spec.path}: ${why}`, { cause });
}

/** ENOENT names the program, but it is as often the interpreter of its shebang line that is missing. */
async function explainMissing(spec: ExecutableSpec, cause: unknown): Promise<GuestError> {
  const head = await readHead(spec.path);
  if (head === null) return failure(spec, `cannot be started: ${spec.path} does not exist`, { cause });
  if (!head.startsWith("#!")) {
    return failure(spec, `cannot be started: the loader that ${spec.path} asks for is not on this machine`, {
      cause,
      remedy: "Use a build of the program for this system.",
    });
  }
  const [line = ""] = head.split("\n");
  const remedy = line.endsWith("\r")
    ? "End its lines with LF: the CR counts as a part of the interpreter's name."
    : "Install the interpreter, or name another in the shebang line.";
  const shown = JSON.stringify(line.slice(0, 120));
  return failure(spec, `cannot be started: the interpreter of its first line ${shown} does not exist`, {
    cause,
    remedy,
  });
}

function failure(
  spec: ExecutableSpec,
  message: string,
  context: { readonly remedy?: string; readonly cause?: unknown },
): GuestError {
  return new GuestError("GUEST_LOAD", `it ${message}`, true, { integration: spec.name, ...context });
}

/** The first bytes as Latin-1 text; null for what cannot be read, which a program need not be. */
async function readHead(path: string): Promise<string | null> {
  try {
    // O_NONBLOCK: opening a FIFO must not wait for its writer.
    const file = await open(path, constants.O_RDONLY | constants.O_NONBLOCK);
    try {
      const { bytesRead, buffer } = await file.read(Buffer.alloc(HEAD_BYTES), 0, HEAD_BYTES, 0);
      return buffer.toString("latin1", 0, bytesRead);
    } finally {
      await file.close();
    }
  } catch {
    return null;
  }
}

async function exists(path: string): Promise<boolean> {
  try {
    await stat(path);
    return true;
  } catch {
    return false;
  }
}

async function isDirectory(path: string): Promise<boolean> {
  try {
    return (await stat(path)).isDirectory();
  } catch {
    return false;
  }
}
