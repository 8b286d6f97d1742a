import { readdir, stat } from "node:fs/promises";
import { join, resolve } from "node:path";
import { OWN_PLATFORM } from "../../../base/own-platform.js";
import { readCliConfig } from "./cli-config.js";
import type { Environment } from "./cli-files.js";
import { readLockFile } from "./lock-file.js";
import type { LockFile, ProviderLock } from "./lock-file.js";
import { ProviderError } from "./provider-error.js";
import { parseReattach, REATTACH_VARIABLE } from "./reattach.js";
import type { ReattachEntry } from "./reattach.js";
import { isBuiltIn, parseSource } from "./source-address.js";
import type { CoreName, SourceAddress } from "./source-address.js";

/** A provider whose program lies in a package on disk. */
export interface PackagedProvider {
  readonly kind: "installed" | "dev-override";
  /** `host/namespace/type`. */
  readonly source: string;
  /** Null for an override, which has none. */
  readonly version: string | null;
  /** The folder of the package; it may be a link into a plug-in cache. */
  readonly packageDir: string;
  /** The program in it. */
  readonly path: string;
  /** What the lock file allows; undefined for an override, which core does not check. */
  readonly lock: ProviderLock | undefined;
}

/** A provider that the user runs already. */
export interface ReattachedProvider {
  readonly kind: "reattached";
  readonly source: string;
  readonly version: null;
  readonly reattach: ReattachEntry;
}

export type LocatedProvider = PackagedProvider | ReattachedProvider;

export interface LocateOptions {
  /** The root module, as core sees it. */
  readonly root: string;
  /** Core's data folder: `.terraform`, or what `TF_DATA_DIR` names. */
  readonly dataDir: string;
  readonly core: CoreName;
  readonly env: Environment;
  /** The providers wanted, in any form core takes; all that are locked, overridden or reattached when left out. */
  readonly sources?: Iterable<string>;
  /** `OS_ARCH` as `core version -json` says; that of this process when left out. */
  readonly platform?: string;
}

/**
 * Finds each provider as core would (OpenTofu, `internal/command/meta_providers.go`): one that the user runs already
 * before one overridden for development before the package that the lock file selects. Providers that are part of core
 * are left out. In the order of their addresses. Throws `ProviderError`: PROVIDER_NOT_INSTALLED when a provider or its
 * program is not there, and what reading the lock file, the settings and `TF_REATTACH_PROVIDERS` throws.
 */
export async function locateProviders(options: LocateOptions): Promise<LocatedProvider[]> {
  const { root, core, env } = options;
  const reattached = parseReattach(env[REATTACH_VARIABLE], core);
  const [lock, { devOverrides }] = await Promise.all([readLockFile(root), readCliConfig(env, core)]);
  const wanted = new Set(options.sources ?? [...lock.keys(), ...devOverrides.keys(), ...reattached.keys()]);
  const addresses = [...wanted].map((text) => parseSource(text, core)).filter((address) => !isBuiltIn(address));
  const unique = [...new Map(addresses.map((address) => [address.text, address])).values()];
  unique.sort((one, other) => (one.text < other.text ? -1 : 1));
  return Promise.all(
    unique.map(async (address): Promise<LocatedProvider> => {
      const { text } = address;
      const reattach = reattached.get(text);
      if (reattach !== undefined) return { kind: "reattached", source: text, version: null, reattach };
      const override = devOverrides.get(text);
      return override === undefined ? installed(address, lock, options) : overridden(address, resolve(root, override));
    }),
  );
}

async function overridden(address: SourceAddress, packageDir: string): Promise<PackagedProvider> {
  const path = await findProgram(packageDir, address.type);
  if (path === undefined) {
    throw new ProviderError(
      "PROVIDER_NOT_INSTALLED",
      `the development override of ${address.text} names ${packageDir}, which has no program terraform-provider-${address.type}`,
      { remedy: "Build the provider into this folder, or remove it from dev_overrides." },
    );
  }
  return { kind: "dev-override", source: address.text, version: null, packageDir, path, lock: undefined };
}

async function installed(address: SourceAddress, locks: LockFile, options: LocateOptions): Promise<PackagedProvider> {
  const lock = locks.get(address.text);
  if (lock === undefined) throw notInstalled(address, `no version of it is in the lock file of ${options.root}`);
  const { version } = lock;
  const versionDir = join(resolve(options.root, options.dataDir), "providers", address.text, version);
  const packageDir = join(versionDir, await platformDir(versionDir, options.platform));
  const path = await findProgram(packageDir, address.type);
  if (path === undefined) throw notInstalled(address, `no program of version ${version} is in ${packageDir}`);
  return { kind: "installed", source: address.text, version, packageDir, path, lock };
}

/** Core may be built for another architecture than Node; then it installed packages for its own only. */
async function platformDir(versionDir: string, platform = OWN_PLATFORM): Promise<string> {
  const names = await namesIn(versionDir);
  if (names.includes(platform)) return platform;
  const system = platform.slice(0, platform.indexOf("_") + 1);
  const [only, ...more] = names.filter((name) => name.startsWith(system));
  return only !== undefined && more.length === 0 ? only : platform;
}

/**
 * The first file named `terraform-provider-TYPE`, alone or with `_` or `.` and more behind it
 * (OpenTofu, `internal/providercache/cached_provider.go`, ExecutableFile).
 */
async function findProgram(folder: string, type: string): Promise<string | undefined> {
  const prefix = `terraform-provider-${type}`;
  for (const name of (await namesIn(folder)).sort()) {
    const rest = name.startsWith(prefix) ? name.slice(prefix.length) : undefined;
    if (rest === undefined || !/^(?:$|[_.])/.test(rest)) continue;
    const path = join(folder, name);
    if (await isFile(path)) return path;
  }
  return undefined;
}

async function namesIn(folder: string): Promise<string[]> {
  try {
    return await readdir(folder);
  } catch {
    return [];
  }
}

async function isFile(path: string): Promise<boolean> {
  try {
    return (await stat(path)).isFile();
  } catch {
    return false;
  }
}

function notInstalled(address: SourceAddress, why: string): ProviderError {
  return new ProviderError("PROVIDER_NOT_INSTALLED", `the provider ${address.text} is not installed: ${why}`, {
    remedy: "Run: airlock init",
  });
}
