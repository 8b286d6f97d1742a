import { PackageError } from "./package-error.js";
import { searchPath } from "./search-path.js";

/**
 * The absolute path of the first program `airlock-integration-NAME` on a PATH, as `searchPath` looks. Throws
 * `PackageError`: PACKAGE_NOT_EXECUTABLE when the only file of that name may not be executed, else PACKAGE_NOT_FOUND.
 */
export async function findOnPath(name: string, path: string | undefined): Promise<string> {
  const program = `airlock-integration-${name}`;
  const { found, passedOver, folders } = await searchPath(program, path);
  if (found !== undefined) return found;
  if (passedOver !== undefined) throw notExecutable(passedOver);
  throw new PackageError(
    "PACKAGE_NOT_FOUND",
    `integration "${name}" has no source, and no program ${program} is in the ${folders} absolute folders of PATH`,
    { remedy: `Add a source to the declaration, or install ${program}.` },
  );
}

/** PACKAGE_NOT_EXECUTABLE, with what to do about it. */
export function notExecutable(path: string): PackageError {
  return new PackageError("PACKAGE_NOT_EXECUTABLE", `${path} may not be executed`, {
    remedy: `Make it executable: chmod +x ${path}`,
  });
}
