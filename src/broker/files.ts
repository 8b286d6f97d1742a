import { realpath } from "node:fs/promises";
import { join, sep } from "node:path";
import { errorCode } from "../base/error-code.js";
import { formatSize } from "../base/size-text.js";
import { PackageError } from "../package/package-error.js";
import { readBounded } from "../package/regular-file.js";
import type { ReadFileParams, ReadFileResult } from "../protocol/host-requests.js";
import { RequestError } from "../protocol/request-error.js";
import { encodeContent } from "./content.js";
import { notGranted } from "./targets.js";

/** The files that one integration may read. */
export interface GrantedFiles {
  readonly paths: readonly string[];
  /** The folder that they are relative to; absolute. */
  readonly directory: string;
  readonly contentBytes: number;
}

/**
 * What is in a granted file. Throws `RequestError` REQUEST_NOT_GRANTED, REQUEST_TOO_LARGE, and REQUEST_FILE for one that
 * is missing, no regular file, outside of the folder by a symlink, not readable, or not of the encoding.
 */
export async function readGranted(
  { path, encoding }: ReadFileParams,
  { paths, directory, contentBytes }: GrantedFiles,
): Promise<ReadFileResult> {
  if (!paths.includes(path)) throw notGranted("files", path);
  const bytes = await readInside(directory, path, contentBytes);
  if (encoding === "base64") return { content: encodeContent(bytes, encoding) };
  try {
    return { content: new TextDecoder("utf-8", { fatal: true }).decode(bytes) };
  } catch {
    throw refused(path, "is not UTF-8", "ask for it in base64");
  }
}

async function readInside(directory: string, path: string, contentBytes: number): Promise<Uint8Array> {
  try {
    const root = await realpath(directory);
    const real = await realpath(join(root, path));
    if (!real.startsWith(root.endsWith(sep) ? root : root + sep)) {
      throw refused(path, "is a symlink out of the folder of the declaration", "grant the file that is meant");
    }
    return await readBounded(real, contentBytes);
  } catch (error) {
    if (error instanceof RequestError) throw error;
    if (error instanceof PackageError && error.code === "PACKAGE_TOO_LARGE") {
      throw new RequestError("REQUEST_TOO_LARGE", `${JSON.stringify(path)} is over ${formatSize(contentBytes)}`);
    }
    if (error instanceof PackageError) throw refused(path, "is no regular file that can be read", undefined, error);
    throw refused(path, `cannot be read: ${errorCode(error) ?? "unknown reason"}`, undefined, error);
  }
}

function refused(path: string, what: string, remedy?: string, cause?: unknown): RequestError {
  const context = { ...(remedy !== undefined && { remedy }), ...(cause !== undefined && { cause }) };
  return new RequestError("REQUEST_FILE", `${JSON.stringify(path)} ${what}`, context);
}
