import { quote } from "../base/quote.js";
import type { PackageOrigin } from "../package/origin/origin.js";
import { isExact, newest, parseConstraints, satisfies } from "../package/version/constraints.js";
import type { Constraints } from "../package/version/constraints.js";
import { VersionError } from "../package/version/version-error.js";
import { compareVersions, parseVersion } from "../package/version/version.js";
import type { Version } from "../package/version/version.js";
import { InstallError } from "./install-error.js";
import type { WantedSource } from "./wanted.js";

/** Candidates that a message names. */
const MAX_SHOWN = 10;
/** Any release at all. */
const ANYTHING: Constraints = { text: "", conditions: [] };

/** A version that is published. */
export interface Offer extends Version {
  readonly yanked: string | null;
}

/** What is published at a source, the newest first; what is no version is passed over. Rejects with `RegistryError`. */
export async function offersOf(origin: PackageOrigin): Promise<readonly Offer[]> {
  const offers = (await origin.versions()).flatMap(({ version, yanked }) => {
    const parsed = versionOrNull(version);
    return parsed === null ? [] : [{ ...parsed, yanked }];
  });
  return offers.sort((a, b) => compareVersions(b, a));
}

/**
 * The newest version that declarations allow. A withdrawn one is chosen only where it is named by `= VERSION`; one that is
 * older than `locked`, which they allow too, only where `mayRollBack`. Throws `InstallError` INSTALL_NO_MATCH,
 * INSTALL_YANKED, INSTALL_ROLLBACK.
 */
export function chooseVersion(
  wanted: WantedSource,
  offers: readonly Offer[],
  locked: string | null,
  mayRollBack: boolean,
): string {
  const constraints = wanted.constraints ?? ANYTHING;
  const allowed = offers.filter((offer) => satisfies(offer, constraints));
  if (allowed.length === 0) throw noMatch(wanted, offers);
  const chosen = newest(isExact(constraints) ? allowed : allowed.filter(({ yanked }) => yanked === null), constraints);
  if (chosen === undefined) throw allYanked(wanted, allowed);
  const before = locked === null ? null : parseVersion(locked);
  const isBack = before !== null && compareVersions(chosen, before) < 0 && satisfies(before, constraints);
  if (!isBack || mayRollBack) return chosen.text;
  const [{ name, location }] = wanted.uses;
  const message = `${wanted.text} offers ${chosen.text} as the newest version, but ${before.text} is installed: that would be a roll-back`;
  throw new InstallError("INSTALL_ROLLBACK", message, {
    integration: name,
    ...(location !== undefined && { location }),
    remedy: `If that is what you want, declare version = "= ${chosen.text}", or add --approve ${name}.`,
  });
}

/** Whether a version is one that declarations allow. */
export function isAllowed(version: string, constraints: Constraints | string | null): boolean {
  const parsed = typeof constraints === "string" ? parseConstraints(constraints) : (constraints ?? ANYTHING);
  // What is installed was chosen once: a pre-release without constraints, too, where a source offers nothing else.
  return constraints === null || satisfies(parseVersion(version), parsed);
}

function noMatch(
  { text, constraints, uses: [{ name, location }] }: WantedSource,
  offers: readonly Offer[],
): InstallError {
  const there = offers
    .slice(0, MAX_SHOWN)
    .map((offer) => `${offer.text}${offer.yanked === null ? "" : " (withdrawn)"}`);
  const more = offers.length > MAX_SHOWN ? `, and ${offers.length - MAX_SHOWN} older ones` : "";
  const asked = constraints === null ? "is a release" : `meets ${quote(constraints.text)}`;
  const message =
    offers.length === 0
      ? `${text} has no versions`
      : `no version of ${text} ${asked}. There are: ${there.join(", ")}${more}`;
  return new InstallError("INSTALL_NO_MATCH", message, {
    integration: name,
    ...(location !== undefined && { location }),
    remedy: "Change the version constraint. A pre-release is chosen only by its exact version.",
  });
}

function allYanked({ text, uses: [{ name, location }] }: WantedSource, allowed: readonly Offer[]): InstallError {
  const [first] = allowed;
  const why = first?.yanked === null || first?.yanked === "" || first === undefined ? "" : `: ${quote(first.yanked)}`;
  const message = `every version of ${text} that is allowed was withdrawn, such as ${first?.text ?? ""}${why}`;
  return new InstallError("INSTALL_YANKED", message, {
    integration: name,
    ...(location !== undefined && { location }),
    remedy: `Allow another version; if you must have this one, declare version = "= ${first?.text ?? ""}".`,
  });
}

function versionOrNull(text: string): Version | null {
  try {
    return parseVersion(text);
  } catch (error) {
    if (error instanceof VersionError) return null;
    throw error;
  }
}
