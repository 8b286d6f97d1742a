import { randomBytes } from "node:crypto";
import type { Stats } from "node:fs";
import { chmod, mkdir, readdir, rename, rmdir, stat } from "node:fs/promises";
import { basename, join } from "node:path";
import { errorCode } from "../../../base/error-code.js";
import { contentOf, entryAt, isMissing, isTemporaryName, placeLink, publishFile } from "./files.js";
import { inShadow } from "./layout.js";
import type { Layout } from "./layout.js";
import { ShadowError, shadowWriteError } from "./shadow-error.js";
import { isLeftOut } from "./left-out.js";

/** Files over this size, in bytes, are not compared before they are replaced. */
const MAX_COMPARED = 64 * 1024 * 1024;
/** How deep folders that a run made may be nested; what is deeper is named and left. */
const MAX_DEPTH = 64;

interface BringingBack {
  readonly layout: Layout;
  /** Real paths of files whose content differs in the shadow: the run's version must not take their place. */
  readonly replaced: ReadonlyMap<string, string>;
  /** Files that core takes away itself, e.g. its lock information. */
  readonly passing: ReadonlySet<string>;
}

/**
 * Puts each regular file that a run made in the tree where the run meant to make it, and leaves a link in its place. A
 * file that is there already is replaced unless it is the newer one. Gives an error SHADOW_LEFTOVER for each that was
 * not brought back; it names where the run's file is kept. Never throws for a single file.
 */
export async function bringBack(parts: BringingBack): Promise<ShadowError[]> {
  const { layout } = parts;
  const notices: ShadowError[] = [];
  try {
    await fromFolder({ ...parts, notices }, layout.top, 0);
  } catch (error) {
    throw shadowWriteError(layout.home, error);
  }
  return notices;
}

type Work = BringingBack & { readonly notices: ShadowError[] };

async function fromFolder(work: Work, folder: string, depth: number): Promise<void> {
  const shadow = inShadow(work.layout, folder);
  const entries = await readdir(shadow, { withFileTypes: true }).catch((error: unknown) => {
    if (isMissing(error)) return [];
    throw error;
  });
  for (const entry of entries) {
    const path = join(folder, entry.name);
    if (isLeftOut(work.layout, path) || isTemporaryName(entry.name)) continue;
    if (entry.isFile() && !work.passing.has(path)) await fromFile(work, path);
    else if (entry.isDirectory()) await fromSubfolder(work, path, depth + 1);
  }
}

async function fromSubfolder(work: Work, path: string, depth: number): Promise<void> {
  const { layout, notices } = work;
  const shadow = inShadow(layout, path);
  if (depth > MAX_DEPTH) {
    notices.push(leftover(path, shadow, "it is nested too deeply"));
    return;
  }
  if (!layout.mirrored.has(path) && (await isNewFolder(path, shadow))) {
    try {
      await mkdir(path);
    } catch (error) {
      if (errorCode(error) !== "EEXIST") {
        notices.push(leftover(path, shadow, `the folder cannot be made: ${errorCode(error) ?? String(error)}`));
        return;
      }
    }
  }
  await fromFolder(work, path, depth);
  // One that the run left empty would stand in the way of a link.
  if (!layout.mirrored.has(path)) await rmdir(shadow).catch(() => undefined);
}

/** Whether a run made a folder: it is not in the real place, and holds more than links of ours, or nothing. */
async function isNewFolder(path: string, shadow: string): Promise<boolean> {
  if ((await entryAt(path)) !== undefined) return false;
  const entries = await readdir(shadow, { withFileTypes: true });
  return entries.length === 0 || entries.some((entry) => !entry.isSymbolicLink());
}

async function fromFile(work: Work, path: string): Promise<void> {
  const { layout, replaced, notices } = work;
  const shadow = inShadow(layout, path);
  try {
    const made = await entryAt(shadow);
    if (made?.isFile() !== true) return;
    const why = replaced.has(path) ? "Airlock shows core another version of it" : await obstacle(path, made, shadow);
    if (why === undefined) await publishFile(shadow, path);
    else if (why !== "same") notices.push(leftover(path, await setAside(layout, path), why));
    if (!replaced.has(path)) await placeLink(shadow, path);
  } catch (error) {
    if (isMissing(error) && (await entryAt(shadow)) === undefined) return;
    notices.push(leftover(path, shadow, errorCode(error) ?? String(error)));
  }
}

/** Why the run's file must not take this place, or need not; undefined when it shall. */
async function obstacle(path: string, made: Stats, shadow: string): Promise<string | undefined> {
  const there = await stat(path).catch((error: unknown) => {
    if (isMissing(error)) return undefined;
    throw error;
  });
  if (there === undefined) return undefined;
  if (!there.isFile()) return "something else is in its place";
  if (there.size === made.size && there.size <= MAX_COMPARED && (await sameContent(path, shadow))) return "same";
  if (there.mtimeMs > made.mtimeMs) return "the file in its place was changed since";
  await chmod(shadow, there.mode & 0o7777);
  return undefined;
}

async function sameContent(one: string, other: string): Promise<boolean> {
  const [first, second] = await Promise.all([contentOf(one), contentOf(other)]);
  return first !== undefined && second !== undefined && first.equals(second);
}

/** Takes a file out of the tree, so that the real one is seen again; gives where it is now. */
async function setAside(layout: Layout, path: string): Promise<string> {
  const folder = join(layout.home, "kept");
  await mkdir(folder, { recursive: true });
  const kept = join(
    folder,
    `${new Date().toISOString().replace(/[:.]/g, "-")}-${randomBytes(3).toString("hex")}-${basename(path)}`,
  );
  await rename(inShadow(layout, path), kept);
  return kept;
}

function leftover(path: string, kept: string, why: string): ShadowError {
  return new ShadowError("SHADOW_LEFTOVER", `${path} was made or changed by this run, but not brought back: ${why}`, {
    remedy: `The run's version is ${kept}: take from it what you need.`,
  });
}
