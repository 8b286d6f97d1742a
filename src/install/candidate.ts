import { NO_GRANTS } from "../protocol/grants.js";
import type { CachedPackage } from "../package/cache/cache.js";
import type { PackageOrigin, Release, ReleaseArchive } from "../package/origin/origin.js";
import { subjectOf } from "../package/signature/subject.js";
import type { PackageSubject, Signer } from "../package/signature/types.js";
import { InstallError } from "./install-error.js";
import type { InstallErrorCode } from "./install-error.js";
import { ANY_PLATFORM } from "./lock/lock.js";
import type { LockedIntegration } from "./lock/lock.js";
import type { InstallPlace } from "./place.js";
import { policyOf, trustFor } from "./trust.js";
import type { WantedSource } from "./wanted.js";

/** A package that is in the cache, of which all is known that a lock keeps. */
export interface Candidate {
  readonly locked: LockedIntegration;
  readonly package: CachedPackage;
}

/**
 * Fetches one version and verifies it: that it is what was asked for, and that every archive of it is signed as the
 * project's `trust` blocks want. Nothing of it runs. Rejects with `InstallError`, `RegistryError`, `SignatureError`,
 * `PackageError`, `CacheError`.
 */
export async function fetchCandidate(
  wanted: WantedSource,
  origin: PackageOrigin,
  version: string | null,
  place: InstallPlace,
): Promise<Candidate> {
  const release = await origin.release(version);
  const archive = archiveFor(wanted, release, place.platform);
  const cached = await place.cache.obtain(archive.digest, () => origin.fetch(archive));
  const subject = subjectOf(cached.contents);
  checkIdentity(wanted, release, version, archive, subject);
  const signers = await verifyAll(wanted, release, archive, subject, place);
  return {
    package: cached,
    locked: {
      source: wanted.text,
      package: subject.name,
      version: subject.version,
      constraints: wanted.constraints?.text ?? null,
      kind: subject.kind,
      digests: new Map(release.archives.map(({ platform, digest }) => [platform ?? ANY_PLATFORM, digest])),
      signers,
      wantedGrants: cached.contents.manifest.wanted_grants ?? NO_GRANTS,
      granted: new Map(wanted.uses.map(({ key, grants }) => [key, grants])),
    },
  };
}

function archiveFor(wanted: WantedSource, { archives }: Release, platform: string): ReleaseArchive {
  const found = archives.find((one) => one.platform === platform) ?? archives.find((one) => one.platform === null);
  if (found !== undefined) return found;
  const there = archives.map((one) => one.platform ?? ANY_PLATFORM).join(", ");
  throw fault("INSTALL_PLATFORM", wanted, `${wanted.text} has no package for ${platform}, but for: ${there}`, {
    remedy: "Ask its publisher for a package for this platform.",
  });
}

/** What was published is told by its own manifest; origin and source only claim. */
function checkIdentity(
  wanted: WantedSource,
  release: Release,
  version: string | null,
  archive: ReleaseArchive,
  subject: PackageSubject,
): void {
  const { source } = wanted;
  const asked: (readonly [string, string | null, string | null])[] = [
    ["package", source.kind === "registry" ? `${source.namespace}/${source.name}` : null, subject.name],
    ["version", version ?? release.version, subject.version],
    ["kind", release.kind, subject.kind],
    ["platform", archive.platform ?? ANY_PLATFORM, subject.platform ?? ANY_PLATFORM],
  ];
  const wrong = asked.find(([, expected, found]) => expected !== null && expected !== found);
  // An archive at an address does not tell its platform; that it runs here is seen from itself.
  if (wrong === undefined || (wrong[0] === "platform" && source.kind === "archive" && runsHere(subject, archive)))
    return;
  const [what, expected, found] = wrong;
  const message = `${archive.url} was to be ${what} ${expected ?? ""}, but its manifest says ${found ?? ""}`;
  throw fault("INSTALL_WRONG_PACKAGE", wanted, message, { remedy: "Tell its publisher; nothing was installed." });
}

function runsHere({ platform }: PackageSubject, archive: ReleaseArchive): boolean {
  return platform === null || archive.platform === null;
}

async function verifyAll(
  wanted: WantedSource,
  release: Release,
  own: ReleaseArchive,
  subject: PackageSubject,
  place: InstallPlace,
): Promise<readonly Signer[]> {
  const trust = trustFor(wanted.text, place.trust);
  const isSigned = release.archives.some(({ bundles }) => bundles.length > 0);
  if (wanted.unsigned && (trust === undefined || !isSigned)) return [];
  if (!isSigned) {
    throw fault("INSTALL_UNSIGNED", wanted, `${wanted.text} ${subject.version} is not signed`, {
      remedy: "Ask its publisher to sign it. To run it all the same, add unsigned = true to the declaration.",
    });
  }
  if (trust === undefined) {
    throw fault("INSTALL_UNTRUSTED", wanted, `no trust block says who may sign ${wanted.text}`, {
      remedy: `Add to airlock.hcl: trust ${JSON.stringify(wanted.text)} { keys = ["publisher.pub"] }`,
    });
  }
  const policy = await policyOf(trust, place.root);
  const verify = ({ platform, digest, bundles, url }: ReleaseArchive) =>
    place.verify({
      bundles,
      // What an origin does not tell of its one archive is what the archive says.
      subject: digest === own.digest ? subject : { ...subject, platform, digest },
      policy,
      from: url,
    });
  const signers = await verify(own);
  // Those of other platforms are not fetched, but what the lock pins is signed, too.
  for (const other of release.archives) if (other !== own) await verify(other);
  return signers;
}

function fault(code: InstallErrorCode, wanted: WantedSource, message: string, more: { readonly remedy: string }) {
  const [{ name, location }] = wanted.uses;
  return new InstallError(code, message, { integration: name, ...(location !== undefined && { location }), ...more });
}
