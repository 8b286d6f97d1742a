import { mkdir, rm, stat, utimes } from "node:fs/promises";
import { errorCode } from "../../base/error-code.js";
import { readArchive } from "../archive/read.js";
import type { ArchiveContents } from "../archive/types.js";
import { unpackArchive } from "../archive/unpack.js";
import { withLock } from "../file-lock.js";
import { MAX_ARCHIVE_BYTES } from "../origin/registry/documents.js";
import { PackageError } from "../package-error.js";
import { digestBytes, readBounded } from "../regular-file.js";
import { writeWhole } from "../write-file.js";
import { CacheError } from "./cache-error.js";
import { corrupt, readFault, writeFault } from "./fault.js";
import { archivePath, cachePlaces, hexOf, packagePath } from "./places.js";
import type { CachePlaces } from "./places.js";
import { verifyFolder } from "./verify-folder.js";
import { join } from "node:path";

/** How exactly the last use is known, in ms: a note for each use would be a write for each run. */
const USE_NOTED_MS = 24 * 60 * 60 * 1000;

/** One package of the cache, verified. */
export interface CachedPackage {
  /** SHA-256 of its archive, `sha256:HEX`. */
  readonly digest: string;
  /** Absolute path of its unpacked folder, to give to `resolvePackage`. Read only: a changed file is CACHE_CORRUPT next time. */
  readonly folder: string;
  /** What the archive holds. */
  readonly contents: ArchiveContents;
}

/**
 * The packages that were fetched before, for all projects of a user: archives by digest, and a folder unpacked from each. What an
 * archive holds is trusted for its digest alone, and a folder for being the same as its archive. Safe for any number of processes at once.
 */
export class PackageCache {
  readonly places: CachePlaces;
  readonly #signal: AbortSignal | undefined;

  constructor(places: CachePlaces, signal?: AbortSignal) {
    this.places = places;
    this.#signal = signal;
  }

  /** Absolute path. */
  get folder(): string {
    return this.places.folder;
  }

  /**
   * The package of a digest, after its archive's bytes gave the digest, and each unpacked file is as it is in the archive; null
   * when it is not there. Needs no right to write. Rejects with `CacheError` CACHE_CORRUPT, CACHE_UNREADABLE.
   */
  async find(digest: string): Promise<CachedPackage | null> {
    const folder = packagePath(this.places, digest);
    const bytes = await this.archive(digest);
    if (bytes === null || !(await isThere(folder))) return null;
    const contents = readArchive(bytes);
    await verifyFolder(folder, contents);
    await this.#noteUse(digest);
    return { digest, folder, contents };
  }

  /**
   * As `find`; what is not there or corrupt is downloaded, held to the digest, and stored. `download` is called by one process at a
   * time per digest; others wait and find. Rejects with what `download` rejects with, `PackageError`, and `CacheError`.
   */
  async obtain(digest: string, download: () => Promise<Uint8Array>): Promise<CachedPackage> {
    const found = await this.#findSound(digest);
    if (found !== null) return found;
    const lock = join(this.places.locks, hexOf(digest));
    return this.#writing(() =>
      withLock(lock, async () => (await this.#findSound(digest)) ?? this.#fill(digest, download), {
        signal: this.#signal,
      }),
    );
  }

  /** The archive's bytes, verified; null when it is not there. Rejects as `find` does. */
  async archive(digest: string): Promise<Uint8Array | null> {
    const path = archivePath(this.places, digest);
    let bytes: Uint8Array;
    try {
      bytes = await readBounded(path, MAX_ARCHIVE_BYTES);
    } catch (error) {
      const code = errorCode(error);
      if (code === "ENOENT") return null;
      if (code === "PACKAGE_TOO_LARGE") throw corrupt(digest, path, error);
      throw readFault(path, error instanceof PackageError ? (error.cause ?? error) : error);
    }
    if (digestBytes(bytes) !== digest) throw corrupt(digest, path);
    return bytes;
  }

  /** Null for a corrupt one, too. */
  async #findSound(digest: string): Promise<CachedPackage | null> {
    try {
      return await this.find(digest);
    } catch (error) {
      if (error instanceof CacheError && error.code === "CACHE_CORRUPT") return null;
      throw error;
    }
  }

  async #fill(digest: string, download: () => Promise<Uint8Array>): Promise<CachedPackage> {
    const folder = packagePath(this.places, digest);
    const kept = await this.archive(digest).catch(() => null);
    const bytes = kept ?? (await download());
    if (digestBytes(bytes) !== digest) throw corrupt(digest, "what was fetched has another digest");
    const contents = readArchive(bytes);
    await mkdir(this.places.archives, { recursive: true });
    await mkdir(this.places.packages, { recursive: true });
    if (kept === null) await writeWhole(archivePath(this.places, digest), bytes);
    await rm(folder, { recursive: true, force: true });
    await unpackArchive(bytes, folder);
    await verifyFolder(folder, contents);
    return { digest, folder, contents };
  }

  async #writing<T>(work: () => Promise<T>): Promise<T> {
    try {
      return await work();
    } catch (error) {
      if (this.#signal?.aborted === true && errorCode(error) === "ABORT_ERR") {
        throw new CacheError("CACHE_CANCELLED", "stopped while another process fetched the same package", {
          cause: error,
        });
      }
      throw writeFault(this.folder, error);
    }
  }

  /** For `gc`. A cache that cannot be written is used all the same. */
  async #noteUse(digest: string): Promise<void> {
    const path = archivePath(this.places, digest);
    try {
      const now = new Date();
      if (now.getTime() - (await stat(path)).mtimeMs > USE_NOTED_MS) await utimes(path, now, now);
    } catch {
      // Somebody else's note will do, or none.
    }
  }
}

/** The cache that the environment names. Nothing is made before something is stored. Throws `CacheError` CACHE_UNREADABLE. */
export function openCache(
  environment: Readonly<Record<string, string | undefined>>,
  signal?: AbortSignal,
): PackageCache {
  return new PackageCache(cachePlaces(environment), signal);
}

async function isThere(path: string): Promise<boolean> {
  try {
    return (await stat(path)).isDirectory();
  } catch {
    return false;
  }
}
