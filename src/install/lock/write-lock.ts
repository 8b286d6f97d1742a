import { readFile, rm } from "node:fs/promises";
import { join } from "node:path";
import { errorCode } from "../../base/error-code.js";
import { writeWhole } from "../../package/write-file.js";
import { LOCK_FILE } from "./lock.js";
import type { Lock } from "./lock.js";
import { LockError } from "./lock-error.js";
import { lockText } from "./lock-text.js";

/**
 * Writes the lock, whole or not at all, and only where it says something else than before; true = it was written.
 * A lock without pins is removed. Rejects with `LockError` LOCK_UNWRITABLE.
 */
export async function writeLock(directory: string, lock: Lock): Promise<boolean> {
  const path = join(directory, LOCK_FILE);
  const text = lockText(lock);
  try {
    const before = await readFile(path, "utf8").catch((error: unknown) => {
      if (errorCode(error) === "ENOENT") return null;
      throw error;
    });
    if (lock.size === 0) {
      if (before !== null) await rm(path);
      return before !== null;
    }
    if (before === text) return false;
    await writeWhole(path, text);
    return true;
  } catch (cause) {
    throw new LockError("LOCK_UNWRITABLE", `the lock ${path} cannot be written: ${errorCode(cause) ?? String(cause)}`, {
      cause,
      remedy: "Run `airlock init` where the folder can be written, and commit the lock.",
    });
  }
}
