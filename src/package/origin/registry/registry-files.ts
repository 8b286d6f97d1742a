import type { ReleaseArchive } from "../origin.js";

/** Where the documents and archives of one package are: behind HTTP, or in the folder of a mirror. */
export interface RegistryFiles {
  /** A document by its path beneath the package, and where it was found; null when there is none. */
  document(path: string): Promise<{ readonly bytes: Uint8Array; readonly place: string } | null>;
  /** The absolute place of what the document at `path` calls `url`. */
  locate(url: string, path: string): Promise<string>;
  /** The bytes at a place that `locate` gave, not yet held to their digest. */
  archive(archive: Pick<ReleaseArchive, "url" | "size">): Promise<Uint8Array>;
}
