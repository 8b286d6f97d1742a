import { resolve } from "node:path";
import { errorCode } from "../../base/error-code.js";
import { missingFile } from "../../package/missing-source.js";
import { readBounded } from "../../package/regular-file.js";

/** Reads a file that the command line names. Rejects with `PackageError` PACKAGE_NOT_FOUND, _UNREADABLE or _TOO_LARGE. */
export async function readNamed(cwd: string, path: string, maxBytes: number): Promise<Buffer> {
  const absolute = resolve(cwd, path);
  try {
    return Buffer.from(await readBounded(absolute, maxBytes));
  } catch (error) {
    throw errorCode(error) === "ENOENT" ? await missingFile(path, absolute) : error;
  }
}

/** A key or another small text. */
export const MAX_TEXT_BYTES = 64 * 1024;
