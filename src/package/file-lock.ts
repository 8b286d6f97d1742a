import { randomUUID } from "node:crypto";
import { mkdir, open, readFile, rename, rm, stat, utimes } from "node:fs/promises";
import { dirname } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { errorCode } from "../base/error-code.js";

/** How a lock is waited for; in ms. */
export interface LockTimes {
  /** A lock that nobody touched for so long is of a process that is gone. */
  readonly staleMs: number;
  /** How often its holder touches it. */
  readonly touchMs: number;
  /** How often others look. */
  readonly lookMs: number;
}

const LOCK_TIMES: LockTimes = { staleMs: 15_000, touchMs: 3_000, lookMs: 50 };

/**
 * Runs `work` while this process alone holds the lock at `path`, a file that is made and removed; its folder is made. What a
 * process that is gone left is taken away. It saves work, and is no proof: a holder that slept through `staleMs` (a machine that was suspended)
 * finds another one beside it, so whatever is written must be right with two writers, too. Rejects with the system's error
 * when the file cannot be made, with the signal's reason when it fires, and with what `work` rejects with.
 */
export async function withLock<T>(
  path: string,
  work: () => Promise<T>,
  { signal, times = LOCK_TIMES }: { readonly signal?: AbortSignal | undefined; readonly times?: LockTimes } = {},
): Promise<T> {
  const token = `${process.pid} ${randomUUID()}\n`;
  await mkdir(dirname(path), { recursive: true });
  while (!(await take(path, token))) {
    await removeStale(path, times.staleMs);
    await pause(times.lookMs * (0.5 + Math.random()), undefined, { signal });
  }
  const touching = setInterval(() => {
    const now = new Date();
    utimes(path, now, now).catch(() => undefined);
  }, times.touchMs).unref();
  try {
    return await work();
  } finally {
    clearInterval(touching);
    // Only one's own: after a sleep it may be another's.
    if ((await readFile(path, "utf8").catch(() => "")) === token) await rm(path, { force: true });
  }
}

async function take(path: string, token: string): Promise<boolean> {
  try {
    const file = await open(path, "wx", 0o600);
    try {
      await file.writeFile(token);
    } finally {
      await file.close();
    }
    return true;
  } catch (error) {
    if (errorCode(error) === "EEXIST") return false;
    throw error;
  }
}

/** By a name of its own first, so that of several processes one removes it. */
async function removeStale(path: string, staleMs: number): Promise<void> {
  try {
    if (Date.now() - (await stat(path)).mtimeMs < staleMs) return;
    const aside = `${path}.${randomUUID()}`;
    await rename(path, aside);
    await rm(aside, { force: true });
  } catch (error) {
    if (errorCode(error) !== "ENOENT") throw error;
  }
}
