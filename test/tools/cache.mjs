// A cache of built tools that several processes may use at once. Nothing half-written is ever under a final name.
import { randomUUID } from "node:crypto";
import { mkdir, readdir, rename, rm, stat, utimes } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";

const HEARTBEAT_MS = 5_000;
/** A lock whose owner has not touched it for so long belongs to nobody. Two builds at once are a waste, not a fault. */
const DEAD_AFTER_MS = 60_000;
const POLL_MS = 250;
/** Entries that nobody used for so long make room: every change of a source makes a new one. */
const UNUSED_DAYS = 14;

async function ageOf(path) {
  try {
    return Date.now() - (await stat(path)).mtimeMs;
  } catch {
    return null;
  }
}

/**
 * Waits until this process holds the lock or `isDone()`. Gives the function that frees it, or null when another process
 * did the work.
 */
export async function lock(path, isDone) {
  await mkdir(dirname(path), { recursive: true });
  for (;;) {
    if (isDone()) return null;
    try {
      await mkdir(path);
      break;
    } catch (error) {
      if (error.code !== "EEXIST") throw error;
    }
    const age = await ageOf(path);
    if (age !== null && age > DEAD_AFTER_MS) await discard(path);
    else await sleep(POLL_MS);
  }
  const heartbeat = setInterval(() => {
    utimes(path, new Date(), new Date()).catch(() => undefined);
  }, HEARTBEAT_MS);
  return async () => {
    clearInterval(heartbeat);
    await rm(path, { recursive: true, force: true });
  };
}

/** Renamed first: of several processes that find the same dead lock, one takes it away. */
async function discard(path) {
  const away = `${path}.${randomUUID()}`;
  try {
    await rename(path, away);
  } catch (error) {
    if (error.code !== "ENOENT") throw error;
    return;
  }
  await rm(away, { recursive: true, force: true });
}

/** A folder beside the entry, to be filled and then published. */
export async function draftOf(entry) {
  const draft = join(dirname(entry), `.draft-${basename(entry)}-${randomUUID()}`);
  await mkdir(draft, { recursive: true });
  return draft;
}

/** Gives a draft its final name. Where another process was faster, its entry stays. */
export async function publish(draft, entry) {
  try {
    await rename(draft, entry);
  } catch (error) {
    if (error.code !== "ENOTEMPTY" && error.code !== "EEXIST") throw error;
    await rm(draft, { recursive: true, force: true });
  }
}

/** Notes that an entry is in use. */
export async function touch(entry) {
  await utimes(entry, new Date(), new Date()).catch(() => undefined);
}

/** Removes what nobody used for a long time, drafts of processes that died included. */
export async function prune(folder) {
  for (const name of await readdir(folder)) {
    const age = await ageOf(join(folder, name));
    if (age !== null && age > UNUSED_DAYS * 86_400_000) await rm(join(folder, name), { recursive: true, force: true });
  }
}
