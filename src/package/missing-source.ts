import { readdir } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { nearest } from "../base/nearest.js";
import { PackageError } from "./package-error.js";

/** PACKAGE_NOT_FOUND for a source at which nothing is; the remedy names a near sibling where there is one. */
export async function missingSource(source: string, absolute: string): Promise<PackageError> {
  const meant = await meantPath(absolute);
  return new PackageError("PACKAGE_NOT_FOUND", `the source "${source}" does not exist: nothing is at ${absolute}`, {
    remedy:
      meant === undefined
        ? "Correct the path; a relative one starts from the folder of the file that declares it."
        : `Did you mean ${meant}?`,
  });
}

/** PACKAGE_NOT_FOUND for what a command line names; the remedy names a near sibling where there is one. */
export async function missingFile(path: string, absolute: string): Promise<PackageError> {
  const meant = await meantPath(absolute);
  return new PackageError("PACKAGE_NOT_FOUND", `"${path}" does not exist: nothing is at ${absolute}`, {
    remedy:
      meant === undefined ? "Correct the path; a relative one starts from this folder." : `Did you mean ${meant}?`,
  });
}

/** The path with its first missing part exchanged for the nearest name in that folder. */
async function meantPath(absolute: string): Promise<string | undefined> {
  let missing = absolute;
  let rest = "";
  for (;;) {
    const folder = dirname(missing);
    if (folder === missing) return undefined;
    const names = await namesIn(folder);
    if (names !== undefined) {
      const name = nearest(basename(missing), names);
      return name === undefined ? undefined : join(folder, name, rest);
    }
    rest = join(basename(missing), rest);
    missing = folder;
  }
}

async function namesIn(folder: string): Promise<readonly string[] | undefined> {
  try {
    return await readdir(folder);
  } catch {
    return undefined;
  }
}
