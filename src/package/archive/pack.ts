import type { PackedArchive } from "./types.js";

/** What is packed of a folder. */
export interface PackOptions {
  /** One of the manifest's platforms; needed when it has any, refused when it has none. */
  readonly platform?: string | undefined;
}

/**
 * Packs a folder into an archive: the same files give the same bytes, on every machine. Rejects with `PackageError`:
 * PACKAGE_ARCHIVE_* for what must not be in one, PACKAGE_PLATFORM_MISSING, PACKAGE_MANIFEST_INVALID, PACKAGE_ENTRY_*, PACKAGE_UNREADABLE.
 */
export function packFolder(_folder: string, _options: PackOptions = {}): Promise<PackedArchive> {
  throw new Error("not yet");
}
