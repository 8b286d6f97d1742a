import { quote } from "../../base/quote.js";
import { archiveError } from "./archive-error.js";
import { ARCHIVE_LIMITS } from "./limits.js";
import { splitPath } from "./tar-header.js";

/** Names that Windows keeps for devices, whatever extension follows: https://learn.microsoft.com/windows/win32/fileio/naming-a-file. */
const DEVICE = /^(?:con|prn|aux|nul|conin\$|conout\$|(?:com|lpt)[0-9¹²³])(?:\s*\..*)?$/i;
/** What Windows has no names with, and what shows as something else than it is. */
const FORBIDDEN = /[<>:"|?*\\\p{Cc}\p{Cf}\p{Cs}\p{Co}\p{Zl}\p{Zp}]/u;

/** What is wrong with the path of a file in an archive; null when it is one that every system can have. */
export function pathProblem(path: string): string | null {
  if (path === "") return "is empty";
  if (path.startsWith("/")) return "is absolute";
  if (FORBIDDEN.test(path)) return "holds a character that not every system can have in a name";
  if (path !== path.normalize("NFC")) return "is not in Unicode form NFC";
  const steps = path.split("/");
  if (steps.length > ARCHIVE_LIMITS.pathSteps) return `has more than ${ARCHIVE_LIMITS.pathSteps} steps`;
  for (const step of steps) {
    if (step === "..") return "leads out of the package";
    if (step === "" || step === ".") return "has an empty step";
    if (/[. ]$/.test(step)) return "has a step that ends in a dot or a space";
    if (DEVICE.test(step)) return `has a step that is a device on Windows: ${quote(step)}`;
  }
  return splitPath(path) === null ? `is over ${ARCHIVE_LIMITS.pathBytes} bytes, or has a step over 100` : null;
}

/** What upper and lower case, and forms of Unicode, leave of a path. More is taken for the same than any file system does. */
function folded(path: string): string {
  return path.normalize("NFKD").toUpperCase().toLowerCase().normalize("NFKD");
}

/**
 * Throws `PackageError` PACKAGE_ARCHIVE_PATH for the first path that not every system can have, and
 * PACKAGE_ARCHIVE_COLLISION for two that one system or another takes for the same, folders included.
 */
export function checkPaths(paths: readonly string[]): void {
  /** Folded path to the path itself, and whether it is a file's. */
  const seen = new Map<string, { readonly path: string; readonly isFile: boolean }>();
  for (const path of paths) {
    const problem = pathProblem(path);
    if (problem !== null) throw archiveError("PACKAGE_ARCHIVE_PATH", `the path ${quote(path)} ${problem}`);
    const steps = path.split("/");
    for (let count = 1; count <= steps.length; count += 1) {
      const part = steps.slice(0, count).join("/");
      const isFile = count === steps.length;
      const other = seen.get(folded(part));
      if (other !== undefined && (isFile || other.isFile || other.path !== part)) {
        const both = `${quote(other.path)} and ${quote(part)}`;
        throw archiveError("PACKAGE_ARCHIVE_COLLISION", `two paths are one on some systems: ${both}`);
      }
      if (other === undefined) seen.set(folded(part), { path: part, isFile });
    }
  }
}

/** The order of archives: by the bytes of the paths. */
export function comparePaths(one: string, other: string): number {
  return Buffer.compare(Buffer.from(one), Buffer.from(other));
}
