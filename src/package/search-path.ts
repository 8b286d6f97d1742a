import { delimiter, isAbsolute, join } from "node:path";
import { isExecutable, isFile } from "./regular-file.js";

/** What a look through PATH gave. */
export interface PathSearch {
  /** The absolute path of the first file of the name that may be executed. */
  readonly found: string | undefined;
  /** The first file of the name that may not be executed, when there is one in front of `found`. */
  readonly passedOver: string | undefined;
  /** How many absolute folders the PATH names. */
  readonly folders: number;
}

/**
 * Looks for a program on a PATH. Relative entries are passed over: what they name depends on the folder that Airlock
 * happens to be called in.
 */
export async function searchPath(program: string, path: string | undefined): Promise<PathSearch> {
  const folders = (path ?? "").split(delimiter).filter((folder) => isAbsolute(folder));
  let passedOver: string | undefined;
  for (const folder of folders) {
    const candidate = join(folder, program);
    if (!(await isFile(candidate))) continue;
    if (await isExecutable(candidate)) return { found: candidate, passedOver, folders: folders.length };
    passedOver ??= candidate;
  }
  return { found: undefined, passedOver, folders: folders.length };
}
