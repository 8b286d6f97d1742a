import type { DeclarationsRead } from "../declare/read.js";
import { newest } from "../package/version/constraints.js";
import { compareVersions, parseVersion } from "../package/version/version.js";
import { offersOf } from "./choose.js";
import { readLock } from "./lock/read-lock.js";
import type { InstallPlace } from "./place.js";
import { wantedSources } from "./wanted.js";

/** How one source stands. */
export interface Standing {
  readonly source: string;
  readonly names: readonly string[];
  /** What the lock pins; null = nothing yet. */
  readonly installed: string | null;
  /** Why what is installed was withdrawn, maybe ""; null = it was not, or nobody says. */
  readonly yanked: string | null;
  /** The newest version that declarations allow; null = none. */
  readonly allowed: string | null;
  /** The newest release of all; null = none. */
  readonly newest: string | null;
  /** Whether `airlock update` would move it. */
  readonly outdated: boolean;
}

/** How what is declared from elsewhere stands against what is published. Rejects with `LockError` and `RegistryError`. */
export async function standings(
  declared: Pick<DeclarationsRead, "declarations" | "providerIntegrations">,
  place: Pick<InstallPlace, "root" | "origin">,
): Promise<readonly Standing[]> {
  const lock = await readLock(place.root);
  const found: Standing[] = [];
  for (const { text, source, constraints, uses } of wantedSources(declared)) {
    const offers = await offersOf(place.origin(source));
    const standing = offers.filter(({ yanked }) => yanked === null);
    const installed = lock?.get(text)?.version ?? null;
    const anything = { text: "", conditions: [] };
    const allowed = newest(standing, constraints ?? anything) ?? null;
    found.push({
      source: text,
      names: uses.map(({ name }) => name),
      installed,
      yanked: offers.find((offer) => offer.text === installed)?.yanked ?? null,
      allowed: allowed?.text ?? null,
      newest: newest(standing, anything)?.text ?? null,
      outdated: allowed !== null && (installed === null || compareVersions(allowed, parseVersion(installed)) > 0),
    });
  }
  return found;
}
