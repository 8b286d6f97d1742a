import { readdir } from "node:fs/promises";
import type { Dirent } from "node:fs";
import { join } from "node:path";
import { matchesGlob } from "../../base/glob.js";
import { quote } from "../../base/quote.js";
import { MANIFEST_FILE } from "../manifest.js";
import type { Manifest } from "../manifest.js";
import { PackageError } from "../package-error.js";
import { unreadable } from "../regular-file.js";
import { archiveError } from "./archive-error.js";
import { ARCHIVE_LIMITS } from "./limits.js";
import { checkCount } from "./write-tar.js";

/** What `airlock pack` and `airlock sign` write; packing twice must not pack what packing wrote. */
const OWN_OUTPUT = /\.(?:tar\.gz|sigstore\.json)$/;
/** What belongs to every package, when it stands beside the manifest: licences, a readme, a bill of materials. */
const ALWAYS =
  /^(?:(?:licen[cs]e|copying|notice|readme)(?:[.-][^/]*)?|(?:[^/]*[.-])?(?:s?bom|spdx|cdx)\.(?:json|xml))$/i;

/**
 * The paths of the files that are packed, with `/` between their steps. What is hidden (a name that starts with a dot), what
 * packing and signing wrote, and programs for other platforms are left out; with `files` in the manifest, all that it does not
 * name. Throws `PackageError` PACKAGE_ARCHIVE_LINK, _TOO_MANY_FILES, PACKAGE_MANIFEST_INVALID, PACKAGE_UNREADABLE.
 */
export async function listFiles(folder: string, manifest: Manifest, entry: string): Promise<string[]> {
  const otherPrograms = new Set(Object.values(manifest.platforms ?? {}).map(plainPath));
  otherPrograms.delete(entry);
  const found: string[] = [];
  const wants = wanted(manifest.files, entry);
  await walk(folder, "", (path, isPlain) => {
    if (otherPrograms.has(path) || !wants(path)) return;
    if (!isPlain) throw archiveError("PACKAGE_ARCHIVE_LINK", `${quote(path)} is a link, or no regular file`);
    found.push(path);
    checkCount(found.length);
  });
  for (const item of manifest.files ?? []) {
    if (found.some((path) => isNamed(path, item)) || isOther(otherPrograms, item)) continue;
    throw new PackageError("PACKAGE_MANIFEST_INVALID", `"files" names ${quote(item)}, which is nothing in ${folder}`, {
      remedy: "Name files, folders or globs, relative to the manifest.",
    });
  }
  return found;
}

/** A path of a manifest as the archive has it. */
export function plainPath(path: string): string {
  return path.replaceAll("\\", "/").replace(/^(?:\.\/+)+/, "");
}

function wanted(files: readonly string[] | undefined, entry: string): (path: string) => boolean {
  if (files === undefined) return () => true;
  return (path) =>
    path === MANIFEST_FILE || path === entry || ALWAYS.test(path) || files.some((item) => isNamed(path, item));
}

/** An item names a file, all below a folder, or what its glob matches; `*` goes over slashes. */
function isNamed(path: string, item: string): boolean {
  const plain = plainPath(item).replace(/\/+$/, "");
  return path === plain || path.startsWith(`${plain}/`) || matchesGlob(plain, path);
}

/** Programs of other platforms may be named; they are packed with theirs. */
function isOther(otherPrograms: ReadonlySet<string>, item: string): boolean {
  return [...otherPrograms].some((path) => isNamed(path, item));
}

async function walk(folder: string, prefix: string, visit: (path: string, isPlain: boolean) => void): Promise<void> {
  if (prefix.split("/").length > ARCHIVE_LIMITS.pathSteps) {
    throw archiveError("PACKAGE_ARCHIVE_PATH", `the folder ${quote(prefix)} is nested too deep`);
  }
  let entries: Dirent[];
  try {
    entries = await readdir(join(folder, prefix), { withFileTypes: true });
  } catch (error) {
    throw unreadable(join(folder, prefix), error);
  }
  for (const entry of entries) {
    if (entry.name.startsWith(".") || (prefix === "" && OWN_OUTPUT.test(entry.name))) continue;
    const path = `${prefix}${entry.name}`;
    if (entry.isDirectory()) await walk(folder, `${path}/`, visit);
    else visit(path, entry.isFile());
  }
}
