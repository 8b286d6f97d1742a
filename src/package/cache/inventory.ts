import { readdir, rm, stat } from "node:fs/promises";
import { join } from "node:path";
import { errorCode } from "../../base/error-code.js";
import { AirlockError } from "../../protocol/airlock-error.js";
import { PARTIAL } from "../write-file.js";
import type { PackageCache } from "./cache.js";
import { readFault, writeFault } from "./fault.js";
import { archivePath, packagePath } from "./places.js";

const REMNANT_MS = 24 * 60 * 60 * 1000;

/** One archive of the cache; nothing of it is verified. */
export interface CacheEntry {
  readonly digest: string;
  /** Of the archive, in bytes. */
  readonly size: number;
  /** To the day. */
  readonly used: Date;
}

/** All archives, in the order of their digests. Rejects with `CacheError` CACHE_UNREADABLE. */
export async function listCache({ places }: PackageCache): Promise<readonly CacheEntry[]> {
  const digests = (await namesIn(places.archives)).flatMap((name) => {
    const hex = /^([0-9a-f]{64})\.tar\.gz$/.exec(name)?.[1];
    return hex === undefined ? [] : [`sha256:${hex}`];
  });
  const entries: CacheEntry[] = [];
  for (const digest of digests.sort()) {
    const found = await stat(archivePath(places, digest)).catch(() => null);
    if (found !== null) entries.push({ digest, size: found.size, used: found.mtime });
  }
  return entries;
}

/** One package as `verifyCache` found it. */
export interface CacheVerdict {
  readonly digest: string;
  /** `NAMESPACE/NAME VERSION`; null when it cannot be read. */
  readonly name: string | null;
  readonly platform: string | null;
  /** Why it cannot be used; null = it can. One that is not unpacked can: the next `init` does that. */
  readonly fault: AirlockError | null;
}

/** Verifies all that is there, as each use does. Rejects with `CacheError` CACHE_UNREADABLE. */
export async function verifyCache(cache: PackageCache): Promise<readonly CacheVerdict[]> {
  const verdicts: CacheVerdict[] = [];
  for (const { digest } of await listCache(cache)) verdicts.push(await verdictOf(cache, digest));
  return verdicts;
}

async function verdictOf(cache: PackageCache, digest: string): Promise<CacheVerdict> {
  try {
    const found = await cache.find(digest);
    if (found === null) return { digest, name: null, platform: null, fault: null };
    const { manifest, platform } = found.contents;
    return { digest, name: `${manifest.namespace}/${manifest.name} ${manifest.version}`, platform, fault: null };
  } catch (error) {
    if (!(error instanceof AirlockError)) throw error;
    return { digest, name: null, platform: null, fault: error };
  }
}

/** What `collectGarbage` took away. */
export interface CollectedGarbage {
  readonly digests: readonly string[];
  /** Of the archives, in bytes. */
  readonly bytes: number;
}

/**
 * Removes packages that no run used since `unusedSince`, and what ended commands left half-written. A package is
 * removed archive first: without it, its folder counts for nothing. Rejects with `CacheError`.
 */
export async function collectGarbage(cache: PackageCache, unusedSince: Date): Promise<CollectedGarbage> {
  const { places } = cache;
  const entries = await listCache(cache);
  const old = entries.filter(({ used }) => used < unusedSince);
  try {
    for (const { digest } of old) {
      await rm(archivePath(places, digest), { force: true });
      await rm(packagePath(places, digest), { recursive: true, force: true });
    }
    const kept = new Set((await listCache(cache)).map(({ digest }) => digest.slice("sha256:".length)));
    await removeRemnants(places.archives, (name) => name.startsWith(PARTIAL));
    await removeRemnants(places.locks, () => true);
    await removeRemnants(places.packages, (name) => !kept.has(name));
  } catch (error) {
    throw writeFault(cache.folder, error);
  }
  return { digests: old.map(({ digest }) => digest), bytes: old.reduce((sum, { size }) => sum + size, 0) };
}

/** Only what is older than a day: what is newer may be another process's work. */
async function removeRemnants(folder: string, isOurs: (name: string) => boolean): Promise<void> {
  for (const name of await namesIn(folder)) {
    const path = join(folder, name);
    const found = await stat(path).catch(() => null);
    if (found === null || !isOurs(name) || Date.now() - found.mtimeMs < REMNANT_MS) continue;
    await rm(path, { recursive: true, force: true });
  }
}

async function namesIn(folder: string): Promise<readonly string[]> {
  try {
    return await readdir(folder);
  } catch (error) {
    if (errorCode(error) === "ENOENT") return [];
    throw readFault(folder, error);
  }
}
