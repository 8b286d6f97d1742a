import { createHash } from "node:crypto";
import { chmod, readdir, realpath, rm, stat, utimes } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { contentOf, entryAt, isMissing, makeFolders, placeFile } from "./files.js";
import type { Layout } from "./layout.js";
import { shadowReadError, shadowWriteError } from "./shadow-error.js";

/** How long content that no run asks for is kept, in ms: a run that is still going may read it. */
const KEPT_MS = 24 * 60 * 60 * 1000;

/**
 * Writes the changed content of files into the shadow, each under its digest. Gives for each real path where its
 * content is. The tree links there, so that every regular file in the tree is one that a run made.
 */
export async function writeReplaced(
  layout: Layout,
  replaced: ReadonlyMap<string, Uint8Array>,
): Promise<Map<string, string>> {
  const folder = join(layout.home, "replaced");
  try {
    await makeFolders(folder);
    const links = new Map<string, string>();
    for (const [path, content] of replaced) {
      const { real, mode } = await realFile(path);
      const name = `${createHash("sha256").update(content).digest("hex")}-${mode.toString(8)}`;
      links.set(real, await store(join(folder, name), content, mode));
    }
    await forget(folder, new Set([...links.values()].map((path) => basename(path))));
    return links;
  } catch (error) {
    throw shadowWriteError(folder, error);
  }
}

async function realFile(path: string): Promise<{ real: string; mode: number }> {
  try {
    return { real: await canonical(path), mode: (await stat(path)).mode & 0o777 };
  } catch (error) {
    throw shadowReadError(path, error);
  }
}

/** The name that an entry has on the disk, links on the way to it resolved; on a disk that ignores case also its own. */
async function canonical(path: string): Promise<string> {
  const folder = await realpath(dirname(path));
  const name = basename(path);
  const names = await readdir(folder);
  if (names.includes(name)) return join(folder, name);
  const other = names.find((candidate) => candidate.toLowerCase() === name.toLowerCase());
  return join(folder, other ?? name);
}

async function store(path: string, content: Uint8Array, mode: number): Promise<string> {
  const found = await contentOf(path).catch(() => undefined);
  if (found?.equals(content) === true) {
    const now = new Date();
    await utimes(path, now, now);
    return path;
  }
  await placeFile(path, content, mode | 0o400);
  // The mask of the process does not count: core reads the file as it reads the real one.
  await chmod(path, mode | 0o400);
  return path;
}

async function forget(folder: string, wanted: ReadonlySet<string>): Promise<void> {
  for (const name of await readdir(folder)) {
    if (wanted.has(name)) continue;
    const path = join(folder, name);
    const found = await entryAt(path);
    if (found === undefined || Date.now() - found.mtimeMs < KEPT_MS) continue;
    await rm(path, { force: true }).catch((error: unknown) => {
      if (!isMissing(error)) throw error;
    });
  }
}
