import type { ArchiveContents } from "./types.js";

/**
 * Reads and checks a whole archive in memory; nothing of it runs, and nothing is written. Throws `PackageError`:
 * PACKAGE_ARCHIVE_*, PACKAGE_MANIFEST_INVALID, PACKAGE_ENTRY_MISSING, PACKAGE_NOT_WASM.
 */
export function readArchive(_bytes: Uint8Array): ArchiveContents {
  throw new Error("not yet");
}
