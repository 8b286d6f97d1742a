import { homedir } from "node:os";
import { isAbsolute, join } from "node:path";
import { CacheError } from "./cache-error.js";

/** The form of what lies in the folder; another form gets another folder. */
const FORM = "v1";
const DIGEST = /^sha256:([0-9a-f]{64})$/;

/** Where the parts of a cache are. */
export interface CachePlaces {
  /** Absolute path. */
  readonly folder: string;
  /** Archives: `HEX.tar.gz`. */
  readonly archives: string;
  /** Unpacked folders: `HEX`. */
  readonly packages: string;
  /** Who works on what: `HEX`. */
  readonly locks: string;
}

/** `AIRLOCK_CACHE_DIR`, else `XDG_CACHE_HOME/airlock`, else `~/.cache/airlock`; relative ones are passed over, as XDG wants it. */
export function cachePlaces(environment: Readonly<Record<string, string | undefined>>): CachePlaces {
  const own = environment["AIRLOCK_CACHE_DIR"] ?? "";
  const shared = environment["XDG_CACHE_HOME"] ?? "";
  if (own !== "" && !isAbsolute(own)) {
    throw new CacheError("CACHE_UNREADABLE", `AIRLOCK_CACHE_DIR is "${own}", which is no absolute path`, {
      remedy: "Set it to an absolute path, or not at all.",
    });
  }
  const home = environment["HOME"] ?? "";
  const base = isAbsolute(shared) ? shared : join(isAbsolute(home) ? home : homedir(), ".cache");
  const folder = join(own === "" ? join(base, "airlock") : own, FORM);
  return {
    folder,
    archives: join(folder, "archives"),
    packages: join(folder, "packages"),
    locks: join(folder, "locks"),
  };
}

/** The 64 hex digits of a digest. Throws a TypeError for what is none: digests are checked where they come from. */
export function hexOf(digest: string): string {
  const hex = DIGEST.exec(digest)?.[1];
  if (hex === undefined) throw new TypeError(`no digest: ${digest.slice(0, 80)}`);
  return hex;
}

/** The path of a digest's archive. */
export function archivePath({ archives }: CachePlaces, digest: string): string {
  return join(archives, `${hexOf(digest)}.tar.gz`);
}

/** The path of a digest's unpacked folder. */
export function packagePath({ packages }: CachePlaces, digest: string): string {
  return join(packages, hexOf(digest));
}
