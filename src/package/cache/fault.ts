import { errorCode } from "../../base/error-code.js";
import { PackageError } from "../package-error.js";
import { CacheError } from "./cache-error.js";

const FULL: ReadonlySet<string> = new Set(["ENOSPC", "EDQUOT"]);

/** CACHE_CORRUPT: `what` is at fault in the package of a digest. */
export function corrupt(digest: string, what: string, cause?: unknown): CacheError {
  return new CacheError("CACHE_CORRUPT", `the cached package ${digest} was changed on disk: ${what}`, {
    cause,
    remedy: "Fetch it again: airlock init. If it happens twice, look who else writes there, and check the disk.",
  });
}

/** What the system's refusal to write means; other errors stay what they are. */
export function writeFault(folder: string, error: unknown): unknown {
  const code = errorCode(error) ?? "";
  const full = error instanceof PackageError && FULL.has(errorCode(error.cause) ?? "");
  if (full || FULL.has(code)) {
    return new CacheError("CACHE_NO_SPACE", `there is no space for a package in ${folder}`, {
      cause: error,
      remedy: "Make room (airlock cache gc), or let AIRLOCK_CACHE_DIR name a folder on another disk.",
    });
  }
  if (!/^E[A-Z]+$/.test(code)) return error;
  return new CacheError("CACHE_UNWRITABLE", `${folder} cannot be written: ${code}`, {
    cause: error,
    remedy: "Let AIRLOCK_CACHE_DIR name a folder that you may write.",
  });
}

/** CACHE_UNREADABLE. */
export function readFault(path: string, error: unknown): CacheError {
  return new CacheError("CACHE_UNREADABLE", `${path} cannot be read: ${errorCode(error) ?? String(error)}`, {
    cause: error,
    remedy: "Check its permissions, or let AIRLOCK_CACHE_DIR name another folder.",
  });
}
