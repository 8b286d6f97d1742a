import type { IntegrationDeclaration } from "../declare/declaration.js";
import type { CachedPackage, PackageCache } from "../package/cache/cache.js";
import type { IntegrationPackage } from "../package/integration-package.js";
import { resolvePackage } from "../package/resolve.js";
import { digestBytes } from "../package/regular-file.js";
import { parseSource } from "../package/source/parse-source.js";
import { sourceText } from "../package/source/source.js";
import { pinnedFor } from "./check-lock.js";
import type { Pinned } from "./check-lock.js";
import { InstallError, RUN_INIT } from "./install-error.js";
import type { Lock } from "./lock/lock.js";
import { readLock } from "./lock/read-lock.js";
import { useOf } from "./wanted.js";

/** How packages are found when something is to run. */
export interface FindOptions {
  /** The largest module or script, in bytes. */
  readonly moduleBytes: number;
  /** What names the cache, and has PATH. */
  readonly environment: Readonly<Record<string, string | undefined>>;
}

/** The packages of declarations: local ones by their paths, those from elsewhere by lock and cache. Makes no request. */
export class InstalledPackages {
  readonly #options: FindOptions;
  readonly #locks = new Map<string, Promise<Lock | null>>();
  #cache: PackageCache | undefined;

  constructor(options: FindOptions) {
    this.#options = options;
  }

  /**
   * The package of a declaration, as it is pinned. Rejects with `PackageError` for a local one; for one from elsewhere with
   * `InstallError`, `LockError` and `CacheError` in case of any mismatch.
   */
  async find(declaration: IntegrationDeclaration): Promise<IntegrationPackage> {
    const { name, directory, source } = declaration;
    const { moduleBytes, environment } = this.#options;
    const remote = source === undefined ? undefined : parseSource(source);
    if (remote === undefined || remote.kind === "local") {
      const path = environment["PATH"];
      const own = { name, directory, moduleBytes };
      return resolvePackage({ ...own, ...(source !== undefined && { source }), ...(path !== undefined && { path }) });
    }
    const text = sourceText(remote);
    const pinned = pinnedFor(text, useOf(declaration), await this.#lockOf(directory));
    // Who has only local integrations loads no cache.
    this.#cache ??= (await import("../package/cache/cache.js")).openCache(environment);
    const cached = await this.#cache.find(pinned.digest);
    if (cached === null) {
      const message = `${text} ${pinned.locked.version} is pinned, but is not in the cache of this machine`;
      throw fault("INSTALL_NOT_CACHED", declaration, message);
    }
    const found = await resolvePackage({ name, directory, moduleBytes, source: cached.folder });
    checkAgainstLock(declaration, text, pinned, cached, found);
    return { ...found, source: text };
  }

  #lockOf(directory: string): Promise<Lock | null> {
    const known = this.#locks.get(directory) ?? readLock(directory);
    this.#locks.set(directory, known);
    return known;
  }
}

/** Whether a declaration's package comes from elsewhere. */
export function isFromElsewhere({ source }: Pick<IntegrationDeclaration, "source">): boolean {
  return source !== undefined && parseSource(source).kind !== "local";
}

/** The lock may have been changed by hand: what its digest leads to must be what it says beside that. */
function checkAgainstLock(
  declaration: IntegrationDeclaration,
  text: string,
  { locked }: Pinned,
  { contents }: CachedPackage,
  found: IntegrationPackage,
): void {
  const { manifest, entry, files } = contents;
  const bytes = files.find(({ path }) => path === entry)?.bytes;
  const facts: (readonly [string, string, string])[] = [
    ["package", locked.package, `${manifest.namespace}/${manifest.name}`],
    ["version", locked.version, manifest.version],
    ["kind", locked.kind, manifest.kind],
    ["entry", bytes === undefined ? "" : digestBytes(bytes), found.digest],
  ];
  const wrong = facts.find(([, expected, is]) => expected !== is);
  if (wrong === undefined) return;
  const [what, expected, is] = wrong;
  const message = `${text} is pinned with ${what} ${expected}, but its package has ${is}`;
  throw fault("INSTALL_MISMATCH", declaration, message);
}

function fault(code: "INSTALL_NOT_CACHED" | "INSTALL_MISMATCH", declaration: IntegrationDeclaration, message: string) {
  const { name, location } = declaration;
  return new InstallError(code, message, {
    integration: name,
    remedy: RUN_INIT,
    ...(location !== undefined && { location }),
  });
}
