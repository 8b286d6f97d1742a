import type { PackedManifest } from "./types.js";

/**
 * Unpacks an archive into a folder that does not exist yet: under another name beside it first, then renamed, so that the
 * folder is complete or absent. Another process that made the same folder meanwhile is no fault: what it made stays.
 * Rejects with `PackageError`: all of `readArchive`, and PACKAGE_UNPACK_FAILED.
 */
export function unpackArchive(_bytes: Uint8Array, _folder: string): Promise<PackedManifest> {
  throw new Error("not yet");
}
