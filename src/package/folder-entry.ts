import { readdir, realpath } from "node:fs/promises";
import { isAbsolute, join, relative, sep } from "node:path";
import { errorCode } from "../base/error-code.js";
import { nearest } from "../base/nearest.js";
import { notExecutable } from "./find-on-path.js";
import { MANIFEST_FILE } from "./manifest.js";
import { PackageError } from "./package-error.js";
import { isExecutable, isFile, unreadable } from "./regular-file.js";

/**
 * The real absolute path of the entry that a manifest names. It is a regular file inside `folder` (a real path), after
 * every link was followed. Throws `PackageError`: PACKAGE_ENTRY_OUTSIDE, PACKAGE_ENTRY_MISSING, PACKAGE_UNREADABLE.
 */
export async function resolveEntry(folder: string, entry: string): Promise<string> {
  if (isAbsolute(entry) || entry.split(/[\\/]/).includes("..")) throw outside(folder, entry);
  let real: string;
  try {
    real = await realpath(join(folder, entry));
  } catch (error) {
    const code = errorCode(error);
    if (code === "ENOENT" || code === "ENOTDIR") throw missing(folder, `there is no file ${JSON.stringify(entry)}`);
    throw unreadable(join(folder, entry), error);
  }
  const inside = relative(folder, real);
  if (inside === ".." || inside.startsWith(`..${sep}`) || isAbsolute(inside)) throw outside(folder, entry);
  if (!(await isFile(real))) throw missing(folder, `${JSON.stringify(entry)} is not a regular file`);
  return real;
}

/**
 * The program of a folder without a manifest: the one file named NAME or NAME.* that may be executed. Throws
 * `PackageError`: PACKAGE_ENTRY_MISSING, PACKAGE_ENTRY_AMBIGUOUS, PACKAGE_NOT_EXECUTABLE, and as `resolveEntry` does.
 */
export async function findProgram(folder: string, name: string): Promise<string> {
  const files = await readdir(folder).catch((error: unknown) => {
    throw unreadable(folder, error);
  });
  const named: string[] = [];
  const programs: string[] = [];
  for (const file of files.sort()) {
    const path = join(folder, file);
    if ((file !== name && !file.startsWith(`${name}.`)) || !(await isFile(path))) continue;
    named.push(file);
    if (await isExecutable(path)) programs.push(file);
  }
  const [program, second] = programs;
  if (program === undefined) throw noProgram(folder, name, files, named);
  if (second === undefined) return resolveEntry(folder, program);
  throw new PackageError(
    "PACKAGE_ENTRY_AMBIGUOUS",
    `${folder} has no ${MANIFEST_FILE} and several programs for "${name}": ${programs.slice(0, 5).join(", ")}`,
    { remedy: `Name one of them in a ${MANIFEST_FILE}, or let the source be the file itself.` },
  );
}

function noProgram(folder: string, name: string, files: readonly string[], named: readonly string[]): PackageError {
  const misnamed = nearest(MANIFEST_FILE, files);
  const what = `it has neither ${MANIFEST_FILE} nor a program named ${name}`;
  if (misnamed !== undefined) return missing(folder, what, `Is ${misnamed} meant to be ${MANIFEST_FILE}?`);
  const [only, second] = named;
  if (only === undefined) return missing(folder, what, `Add an ${MANIFEST_FILE}, or let the source be a file.`);
  if (second === undefined && !/\.(?:wasm|m?js)$/i.test(only)) return notExecutable(join(folder, only));
  return missing(folder, what, `Let the source be the file itself, such as ${join(folder, only)}.`);
}

function outside(folder: string, entry: string): PackageError {
  return new PackageError("PACKAGE_ENTRY_OUTSIDE", `the entry ${JSON.stringify(entry)} is outside of ${folder}`, {
    remedy: "An entry is a relative path inside the package's folder, without links that lead out of it.",
  });
}

function missing(folder: string, what: string, remedy = `Correct "entry" in its ${MANIFEST_FILE}.`): PackageError {
  return new PackageError("PACKAGE_ENTRY_MISSING", `the package ${folder} has no entry: ${what}`, { remedy });
}
