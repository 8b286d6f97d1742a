import { stat } from "node:fs/promises";
import { join, resolve } from "node:path";
import { errorCode } from "../../../base/error-code.js";
import type { PackagedProvider } from "./locate.js";
import { filesUnder, hashPackage, stampOf, stampText } from "./package-hash.js";
import { ProviderError } from "./provider-error.js";
import { programState } from "./unchanged.js";

/** The only schemes that core knows; hashes of others do not count (OpenTofu, `getproviders.PreferredHashes`). */
const KNOWN_SCHEME = /^(?:h1|zh):/;

/** What verification gave. */
export interface Verified {
  /** The `h1:` hash of the package; null where core checks nothing: overrides, and lock entries without hashes. */
  readonly digest: string | null;
  /** The `programState` in which the program was verified; null where nothing was. */
  readonly state: string | null;
}

const UNCHECKED: Verified = { digest: null, state: null };

interface Hashed {
  readonly digest: string;
  readonly state: string;
}

/**
 * Verifies packages against the lock file, as core does before it starts a provider and does not for one that it is
 * told of (OpenTofu, `meta_providers.go` and `getproviders/hash.go`).
 *
 * - A package is allowed when its `h1:` hash is among those of the lock. `zh:` hashes are of archives, so a lock with
 *   these alone allows no package.
 * - A hash holds for one run, as long as the package's folder and every file in it keep device, inode, size and times.
 * - Between this check and the start lies what `ProviderProcess.start` does against it; see there.
 */
export class ProviderVerifier {
  readonly #hashed = new Map<string, Promise<Hashed>>();

  /**
   * Throws `ProviderError`: PROVIDER_LOCK_MISMATCH for a package that the lock does not allow, PROVIDER_UNREADABLE for
   * one that cannot be read or changes meanwhile.
   */
  async verify(provider: PackagedProvider): Promise<Verified> {
    const allowed = (provider.lock?.hashes ?? []).filter((hash) => KNOWN_SCHEME.test(hash));
    if (allowed.length === 0) return UNCHECKED;
    const { digest, state } = await this.#hash(provider);
    if (!allowed.includes(digest)) throw mismatch(provider, allowed, digest);
    return { digest, state };
  }

  async #hash(provider: PackagedProvider): Promise<Hashed> {
    try {
      const key = await packageState(resolve(provider.packageDir));
      let hashing = this.#hashed.get(key);
      if (hashing === undefined) {
        hashing = hashNow(provider);
        this.#hashed.set(key, hashing);
      }
      try {
        return await hashing;
      } catch (error) {
        this.#hashed.delete(key);
        throw error;
      }
    } catch (error) {
      throw unreadable(provider, error);
    }
  }
}

async function hashNow({ packageDir, path }: PackagedProvider): Promise<Hashed> {
  const state = await programState(path);
  const digest = await hashPackage(packageDir);
  if ((await programState(path)) !== state) throw new Error("it changed while it was read");
  return { digest, state };
}

async function packageState(folder: string): Promise<string> {
  const parts = [folder, stampText(stampOf(await stat(folder, { bigint: true })))];
  for (const file of await filesUnder(folder)) {
    parts.push(file, stampText(stampOf(await stat(join(folder, file), { bigint: true }))));
  }
  return parts.join("\n");
}

function mismatch(provider: PackagedProvider, allowed: readonly string[], found: string): ProviderError {
  const { source, version, packageDir } = provider;
  const directory = allowed.filter((hash) => hash.startsWith("h1:"));
  const expected =
    directory.length > 0 ? `one of ${directory.join(", ")}` : "only archives (zh:), which tell nothing of a folder";
  return new ProviderError(
    "PROVIDER_LOCK_MISMATCH",
    `the package of ${source} ${version ?? ""} in ${packageDir} is not one that .terraform.lock.hcl allows: ` +
      `its hash is ${found}, the lock file allows ${expected}`,
    {
      remedy: `Do not run it before you know why it differs. To install it afresh, remove the folder and run: airlock init`,
    },
  );
}

function unreadable(provider: PackagedProvider, cause: unknown): ProviderError {
  const reason = errorCode(cause) ?? (cause instanceof Error ? cause.message : String(cause));
  return new ProviderError(
    "PROVIDER_UNREADABLE",
    `the package of ${provider.source} in ${provider.packageDir} cannot be read: ${reason}`,
    { cause, remedy: "Check its permissions, or remove the folder and run: airlock init" },
  );
}
