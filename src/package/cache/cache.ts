/** One package of the cache, verified. */
export interface CachedPackage {
  /** SHA-256 of its archive, `sha256:HEX`. */
  readonly digest: string;
  /** Absolute path of its unpacked folder, to give to `resolvePackage`. Read only: a changed file is CACHE_CORRUPT next time. */
  readonly folder: string;
}

/** The packages that were fetched before, for all projects of a user. Safe for any number of processes at once. */
export interface PackageCache {
  /** Absolute path. */
  readonly folder: string;
  /**
   * The package of a digest, after its archive's bytes gave the digest, and each unpacked file is as it is in the archive; null
   * when it is not there. Needs no right to write. Rejects with `CacheError` CACHE_CORRUPT, CACHE_UNREADABLE.
   */
  find(digest: string): Promise<CachedPackage | null>;
  /**
   * As `find`; what is not there or corrupt is downloaded, held to the digest, and stored. `download` is called by one process at a
   * time per digest; others wait and find. Rejects with what `download` rejects with, `PackageError`, and `CacheError`.
   */
  obtain(digest: string, download: () => Promise<Uint8Array>): Promise<CachedPackage>;
  /** The archive's bytes, verified; null when it is not there. Rejects as `find` does. */
  archive(digest: string): Promise<Uint8Array | null>;
}

/** `AIRLOCK_CACHE_DIR`, else `XDG_CACHE_HOME/airlock`, else `~/.cache/airlock`. Nothing is made before something is stored. */
export function openCache(environment: Readonly<Record<string, string | undefined>>): PackageCache {
  throw new TypeError(`not built yet: ${Object.keys(environment).length}`);
}
