import type { Dirent } from "node:fs";
import { readdir, readlink, rm, stat } from "node:fs/promises";
import { isAbsolute, join, resolve } from "node:path";
import { errorCode } from "../../../base/error-code.js";
import { entryAt, isMissing, isTemporaryName, placeFolder, placeLink, removeLinks } from "./files.js";
import { inShadow, isInside } from "./layout.js";
import type { Layout } from "./layout.js";
import { shadowReadError, shadowWriteError, unsupported } from "./shadow-error.js";
import { isLeftOut } from "./left-out.js";

/** How old a half-made entry of a killed run is at least when it is taken away, in ms. */
const ABANDONED_MS = 60 * 60 * 1000;

interface Mirror {
  readonly layout: Layout;
  /** Real path of a file with changed content -> where that content is. */
  readonly replaced: ReadonlyMap<string, string>;
  /** How many entries all mirrored folders may hold together. */
  readonly maxEntries: number;
}

/**
 * Makes the tree agree with the real folders: mirrored ones are folders, all else in them is one link each, a folder
 * that is no module's as a whole. What is as it should be is not touched, so a run that uses the shadow at the same
 * time does not notice. Regular files in the tree are not touched either. Rejects with `ShadowError`.
 */
export async function mirror(parts: Mirror): Promise<void> {
  const { layout } = parts;
  const entries = { left: parts.maxEntries };
  try {
    await placeFolder(inShadow(layout, layout.top));
    await mirrorFolder(parts, layout.top, entries);
  } catch (error) {
    throw shadowWriteError(layout.home, error);
  }
}

async function mirrorFolder(parts: Mirror, folder: string, entries: { left: number }): Promise<void> {
  const { layout } = parts;
  const shadow = inShadow(layout, folder);
  const wanted = new Set<string>();
  const found = await entriesOf(layout, folder);
  await refuseTwins(layout, folder, found);
  for (const entry of found) {
    const path = join(folder, entry.name);
    if (isLeftOut(layout, path) || isTemporaryName(entry.name)) continue;
    if (--entries.left < 0) throw unsupported(`the folders beside the modules hold over ${parts.maxEntries} entries`);
    wanted.add(entry.name);
    if (layout.mirrored.has(path)) {
      await placeFolder(join(shadow, entry.name));
      await mirrorFolder(parts, path, entries);
    } else {
      await mirrorEntry(join(shadow, entry.name), await targetOf(parts, folder, entry));
    }
  }
  await removeVanished(parts, folder, wanted);
}

async function mirrorEntry(path: string, target: string): Promise<void> {
  const found = await entryAt(path);
  if (found?.isDirectory() === true && !(await removeLinks(path))) return;
  // A regular file is one that a run has just made: it is brought back when that run ends.
  if (found?.isFile() !== true) await placeLink(path, target);
}

/** The entries of a real folder. Of one above the modules that cannot be read, the way to the modules. */
async function entriesOf(layout: Layout, folder: string): Promise<Pick<Dirent, "name" | "isSymbolicLink">[]> {
  try {
    return await readdir(folder, { withFileTypes: true });
  } catch (error) {
    if (layout.modules.has(folder) || errorCode(error) !== "EACCES") throw shadowReadError(folder, error);
    const below = [...layout.mirrored].filter((path) => path !== folder && resolve(path, "..") === folder);
    return below.map((path) => ({ name: path.slice(join(folder, "x").length - 1), isSymbolicLink: () => false }));
  }
}

/**
 * Where the link for an entry leads: to the changed content, or to the real entry. The user's own link to a folder is
 * repeated as it is when it stays among what is mirrored: core resolves such links, and shall find the same way.
 */
async function targetOf(
  parts: Mirror,
  folder: string,
  entry: Pick<Dirent, "name" | "isSymbolicLink">,
): Promise<string> {
  const path = join(folder, entry.name);
  const replaced = parts.replaced.get(path);
  if (replaced !== undefined) return replaced;
  if (!entry.isSymbolicLink()) return path;
  const text = await readlink(path);
  if (isAbsolute(text) || !isInside(resolve(folder, text), parts.layout.top)) return path;
  const leadsToFolder = await stat(path).then(
    (found) => found.isDirectory(),
    () => false,
  );
  return leadsToFolder ? text : path;
}

async function removeVanished({ layout }: Mirror, folder: string, wanted: ReadonlySet<string>): Promise<void> {
  const shadow = inShadow(layout, folder);
  for (const entry of await readdir(shadow, { withFileTypes: true })) {
    const path = join(shadow, entry.name);
    const real = join(folder, entry.name);
    if (wanted.has(entry.name)) continue;
    if (isTemporaryName(entry.name)) await removeAbandoned(path);
    else if (entry.isSymbolicLink()) await rm(path, { force: true });
    else if (entry.isDirectory() && !isLeftOut(layout, real)) await removeLinks(path);
  }
}

async function removeAbandoned(path: string): Promise<void> {
  const found = await entryAt(path);
  if (found !== undefined && Date.now() - found.mtimeMs > ABANDONED_MS) await rm(path, { force: true });
}

/** Two names that differ in case alone cannot both be in a shadow on a disk that ignores case. */
async function refuseTwins(layout: Layout, folder: string, entries: readonly { name: string }[]): Promise<void> {
  const seen = new Set<string>();
  const twin = entries.find(({ name }) => seen.size === seen.add(name.toLowerCase()).size);
  if (twin === undefined || !(await ignoresCase(layout.tree))) return;
  throw unsupported(`${folder} holds two entries named ${twin.name}, and ${layout.home} ignores case`);
}

/** Whether a folder, which is named in lower case, is found by its name in upper case too. */
async function ignoresCase(folder: string): Promise<boolean> {
  const upper = folder.slice(0, -"tree".length) + "TREE";
  return stat(upper).then(
    () => true,
    (error: unknown) => {
      if (isMissing(error)) return false;
      throw error;
    },
  );
}
