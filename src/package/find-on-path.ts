import { delimiter, isAbsolute, join } from "node:path";
import { PackageError } from "./package-error.js";
import { isExecutable, isFile } from "./regular-file.js";

/**
 * The absolute path of the first program `airlock-integration-NAME` on a PATH. Relative entries are passed over: what
 * they name depends on the folder that Airlock happens to be called in. Throws `PackageError`: PACKAGE_NOT_EXECUTABLE
 * when the only file of that name may not be executed, else PACKAGE_NOT_FOUND.
 */
export async function findOnPath(name: string, path: string | undefined): Promise<string> {
  const program = `airlock-integration-${name}`;
  const folders = (path ?? "").split(delimiter).filter((folder) => isAbsolute(folder));
  let passedOver: string | undefined;
  for (const folder of folders) {
    const candidate = join(folder, program);
    if (!(await isFile(candidate))) continue;
    if (await isExecutable(candidate)) return candidate;
    passedOver ??= candidate;
  }
  if (passedOver !== undefined) throw notExecutable(passedOver);
  throw new PackageError(
    "PACKAGE_NOT_FOUND",
    `integration "${name}" has no source, and no program ${program} is in the ${folders.length} absolute folders of PATH`,
    { remedy: `Add a source to the declaration, or install ${program}.` },
  );
}

/** PACKAGE_NOT_EXECUTABLE, with what to do about it. */
export function notExecutable(path: string): PackageError {
  return new PackageError("PACKAGE_NOT_EXECUTABLE", `${path} may not be executed`, {
    remedy: `Make it executable: chmod +x ${path}`,
  });
}
