import { statSync } from "node:fs";
import { errorCode } from "../../../base/error-code.js";
import { CoreError } from "./core-error.js";

/**
 * What `start` gives. Node throws some failures of a spawn and tells others by an `error` event
 * (https://github.com/nodejs/node/blob/v20.x/lib/internal/child_process.js, `ChildProcess.prototype.spawn`); the thrown
 * ones become the same `CoreError` here.
 */
export function startOrFail<T>(path: string, cwd: string | undefined, start: () => T): T {
  try {
    return start();
  } catch (error) {
    throw startFailure(path, cwd, error);
  }
}

/** What stopped the system from starting core, as `CoreError` CORE_NOT_FOUND or CORE_NOT_EXECUTABLE with a remedy. */
export function startFailure(path: string, cwd: string | undefined, cause: unknown): CoreError {
  const code = errorCode(cause);
  // The system names the program also when it is the working directory that is missing.
  if (cwd !== undefined && !isDirectory(cwd)) {
    return new CoreError("CORE_ARGUMENTS", `core cannot be started in ${cwd}, which is no folder`, {
      cause,
      remedy: "Look at -chdir and at the folder that you are in.",
    });
  }
  if (code === "ENOENT") {
    return new CoreError("CORE_NOT_FOUND", `core is not at ${path}, or the loader that it asks for is missing`, {
      cause,
      remedy: "Use a build for this system, or name another with --core.",
    });
  }
  const why = code === "EACCES" ? "may not be executed" : `cannot be started: ${reason(code, cause)}`;
  return new CoreError("CORE_NOT_EXECUTABLE", `${path} ${why}`, {
    cause,
    remedy: "Use an executable build for this system, or name another with --core.",
  });
}

function reason(code: string | undefined, cause: unknown): string {
  return code ?? (cause instanceof Error ? cause.message : String(cause));
}

function isDirectory(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isDirectory() ?? false;
}
