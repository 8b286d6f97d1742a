import { randomBytes } from "node:crypto";
import { mkdirSync } from "node:fs";
import type { Stats } from "node:fs";
import {
  copyFile,
  link,
  lstat,
  mkdir,
  readdir,
  readFile,
  readlink,
  rename,
  rm,
  rmdir,
  symlink,
  writeFile,
} from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { errorCode } from "../../../base/error-code.js";

/** What is at a path itself, links not followed; undefined when nothing is. */
export async function entryAt(path: string): Promise<Stats | undefined> {
  return orMissing(lstat(path));
}

/** The content of a file; undefined when there is none. */
export async function contentOf(path: string): Promise<Buffer | undefined> {
  return orMissing(readFile(path));
}

/** Where a link leads; undefined when there is no link. */
export async function linkAt(path: string): Promise<string | undefined> {
  try {
    return await readlink(path);
  } catch (error) {
    const code = errorCode(error);
    // EINVAL: it is something else. UNKNOWN: so says Windows.
    if (code === "EINVAL" || code === "UNKNOWN" || isMissing(error)) return undefined;
    throw error;
  }
}

/**
 * Makes a folder and those above it. Not `mkdir` of `fs/promises` alone: where there is no room, that one
 * says ENOENT (seen with Node 20).
 */
export async function makeFolders(path: string): Promise<void> {
  try {
    await mkdir(path, { recursive: true });
  } catch (error) {
    if (!isMissing(error)) throw error;
    mkdirSync(path, { recursive: true });
  }
}

/** A folder at the path; a link or file that is there gives way to it. Others may make it at the same time. */
export async function placeFolder(path: string): Promise<void> {
  const found = await entryAt(path);
  if (found?.isDirectory() === true) return;
  if (found !== undefined) await rm(path, { force: true });
  await makeFolders(path);
}

/** A link at the path, in one step: whoever looks sees the old entry or the new one. No folder may be there. */
export async function placeLink(path: string, target: string): Promise<void> {
  if ((await linkAt(path)) === target) return;
  await inOneStep(path, (beside) => symlink(target, beside));
}

/** A file of this content at the path, in one step. */
export async function placeFile(path: string, content: Uint8Array, mode: number): Promise<void> {
  await inOneStep(path, (beside) => writeFile(beside, content, { mode, flag: "wx" }));
}

/**
 * Puts the file `from` also at `to`, in one step and over what is there. Both names then stand for one file, where the
 * file system can do that: a program that still writes to it is not disturbed.
 */
export async function publishFile(from: string, to: string): Promise<void> {
  await inOneStep(to, async (beside) => {
    try {
      await link(from, beside);
    } catch (error) {
      if (!NO_HARD_LINK.has(errorCode(error) ?? "")) throw error;
      await copyFile(from, beside);
    }
  });
}

/** Another file system, one without hard links, or a file of another user. */
const NO_HARD_LINK: ReadonlySet<string> = new Set(["EXDEV", "EPERM", "ENOTSUP", "EOPNOTSUPP", "ENOSYS", "EMLINK"]);

async function inOneStep(path: string, write: (beside: string) => Promise<void>): Promise<void> {
  const beside = temporaryName(path);
  try {
    await write(beside);
    await rename(beside, path);
  } catch (error) {
    await rm(beside, { force: true });
    throw error;
  }
}

/** Takes away the links in a folder, and what folders are empty then; true when the folder itself is gone. */
export async function removeLinks(folder: string): Promise<boolean> {
  for (const entry of await readdir(folder, { withFileTypes: true })) {
    const path = join(folder, entry.name);
    if (entry.isSymbolicLink()) await rm(path, { force: true });
    else if (entry.isDirectory()) await removeLinks(path);
  }
  return rmdir(folder).then(
    () => true,
    () => false,
  );
}

/** Nothing is there. */
export function isMissing(error: unknown): boolean {
  const code = errorCode(error);
  return code === "ENOENT" || code === "ENOTDIR";
}

const TEMPORARY = ".airlock-";

/** Whether a name is one that is only used for the moment in which an entry is written. */
export function isTemporaryName(name: string): boolean {
  return name.startsWith(TEMPORARY);
}

function temporaryName(path: string): string {
  return join(dirname(path), `${TEMPORARY}${randomBytes(6).toString("hex")}-${basename(path).slice(0, 100)}`);
}

async function orMissing<T>(promise: Promise<T>): Promise<T | undefined> {
  try {
    return await promise;
  } catch (error) {
    if (isMissing(error)) return undefined;
    throw error;
  }
}
