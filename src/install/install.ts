import { AirlockError } from "../protocol/airlock-error.js";
import type { DeclarationsRead } from "../declare/read.js";
import { InstallError } from "./install-error.js";
import { fetchCandidate } from "./candidate.js";
import type { Candidate } from "./candidate.js";
import { chooseVersion, isAllowed, offersOf } from "./choose.js";
import { concerns } from "./compare.js";
import { digestFor } from "./lock/lock.js";
import type { LockedIntegration } from "./lock/lock.js";
import { readLock } from "./lock/read-lock.js";
import { writeLock } from "./lock/write-lock.js";
import type { InstallPlace, InstallWish } from "./place.js";
import { areTrusted, policyOf, trustFor } from "./trust.js";
import { wantedSources } from "./wanted.js";
import type { WantedSource } from "./wanted.js";

/** What became of one source. */
export interface Installed {
  readonly source: string;
  /** Declared names that use it. */
  readonly names: readonly string[];
  readonly version: string;
  /** What was pinned before; null = nothing. */
  readonly before: string | null;
  /** Whether nobody signed it. */
  readonly unsigned: boolean;
}

/** What `install` did. */
export interface InstallResult {
  readonly installed: readonly Installed[];
  /** Whether the lock says something else now. */
  readonly lockChanged: boolean;
}

/**
 * Installs what a root module declares from elsewhere, and pins it: all or nothing, and the lock is written last. What is
 * pinned already and in the cache takes no request. Rejects with `InstallError`, `LockError`, and what fetching and
 * verifying reject with.
 */
export async function install(
  declared: Pick<DeclarationsRead, "declarations" | "providerIntegrations">,
  place: InstallPlace,
  wish: InstallWish,
): Promise<InstallResult> {
  const wanted = wantedSources(declared);
  const before = await readLock(place.root);
  if (wanted.length === 0 && before === null) return { installed: [], lockChanged: false };
  const lock = new Map<string, LockedIntegration>();
  const installed: Installed[] = [];
  // One after the other: a question is about one of them, and a fault names the first.
  for (const one of wanted) {
    const known = before?.get(one.text) ?? null;
    const locked = await named(one, () => installOne(one, known, place, wish));
    lock.set(one.text, locked);
    installed.push({
      source: one.text,
      names: one.uses.map(({ name }) => name),
      version: locked.version,
      before: known?.version ?? null,
      unsigned: locked.signers.length === 0,
    });
  }
  return { installed, lockChanged: await writeLock(place.root, lock) };
}

/** The pins with what declarations say now. */
function withDeclared(locked: LockedIntegration, wanted: WantedSource): LockedIntegration {
  return {
    ...locked,
    constraints: wanted.constraints?.text ?? null,
    granted: new Map(wanted.uses.map(({ key, grants }) => [key, grants])),
  };
}

async function installOne(
  wanted: WantedSource,
  known: LockedIntegration | null,
  place: InstallPlace,
  wish: InstallWish,
): Promise<LockedIntegration> {
  const upgrade = wish.upgrade === "all" || wanted.uses.some(({ name }) => isIn(wish.upgrade, name));
  const isApproved = wanted.uses.some(({ name }) => wish.approved.has(name));
  const stays = known !== null && !upgrade && isAllowed(known.version, wanted.constraints);
  if (stays && (await isComplete(wanted, known, place))) return withDeclared(known, wanted);
  const origin = place.origin(wanted.source);
  const candidate = stays
    ? await fetchPinned(wanted, known, () => fetchCandidate(wanted, origin, versionToAsk(wanted, known), place))
    : await fetchNewest(wanted, known, isApproved, place);
  const changes = known === null ? [] : concerns(known, candidate.locked);
  if (known !== null && changes.length > 0 && !isApproved) await approve(wanted, known, candidate, changes, wish);
  return candidate.locked;
}

/** Whether what is pinned is here, for this platform, and signed by whom the project trusts now. */
async function isComplete(wanted: WantedSource, known: LockedIntegration, place: InstallPlace): Promise<boolean> {
  const digest = digestFor(known, place.platform);
  if (digest === undefined || !(await isTrusted(wanted, known, place))) return false;
  try {
    return (await place.cache.find(digest)) !== null;
  } catch (error) {
    // A damaged one is fetched anew.
    if (error instanceof AirlockError && error.code === "CACHE_CORRUPT") return false;
    throw error;
  }
}

async function isTrusted(wanted: WantedSource, known: LockedIntegration, place: InstallPlace): Promise<boolean> {
  const trust = trustFor(wanted.text, place.trust);
  if (known.signers.length === 0) return wanted.unsigned;
  return trust === undefined ? wanted.unsigned : areTrusted(known.signers, await policyOf(trust, place.root));
}

async function fetchNewest(
  wanted: WantedSource,
  known: LockedIntegration | null,
  mayRollBack: boolean,
  place: InstallPlace,
): Promise<Candidate> {
  const origin = place.origin(wanted.source);
  if (!hasVersions(wanted)) return fetchCandidate(wanted, origin, null, place);
  const version = chooseVersion(wanted, await offersOf(origin), known?.version ?? null, mayRollBack);
  const candidate = await fetchCandidate(wanted, origin, version, place);
  // The same version with other bytes is no upgrade.
  if (known?.version === version) checkPinned(wanted, known, candidate);
  return candidate;
}

async function fetchPinned(
  wanted: WantedSource,
  known: LockedIntegration,
  fetch: () => Promise<Candidate>,
): Promise<Candidate> {
  const candidate = await fetch();
  checkPinned(wanted, known, candidate);
  return candidate;
}

function checkPinned(wanted: WantedSource, known: LockedIntegration, { locked }: Candidate): void {
  const changed = [...known.digests].find(([platform, digest]) => locked.digests.get(platform) !== digest);
  if (changed === undefined && known.version === locked.version) return;
  const [{ name, location }] = wanted.uses;
  const [platform = "", digest = ""] = changed ?? [];
  const found = locked.digests.get(platform) ?? "nothing";
  throw new InstallError(
    "INSTALL_MISMATCH",
    `${wanted.text} ${known.version} for ${platform} is pinned as ${digest}, but ${found} is published`,
    {
      integration: name,
      ...(location !== undefined && { location }),
      remedy: "A published version must not change: ask its publisher. Nothing was installed.",
    },
  );
}

async function approve(
  wanted: WantedSource,
  known: LockedIntegration,
  { locked }: Candidate,
  changes: readonly string[],
  { ask }: InstallWish,
): Promise<void> {
  const [{ name, location }] = wanted.uses;
  const head = `${wanted.text} ${known.version} -> ${locked.version} changes what you agreed to:`;
  const text = [head, ...changes.map((line) => `  ${line}`)].join("\n");
  if (ask !== undefined && (await ask(text))) return;
  throw new InstallError("INSTALL_NOT_APPROVED", text, {
    integration: name,
    ...(location !== undefined && { location }),
    remedy: `To agree: airlock init -upgrade --approve ${name}. Declarations still decide what is granted.`,
  });
}

function hasVersions({ source }: WantedSource): boolean {
  return source.kind === "registry" || (source.kind === "oci" && source.digest === null);
}

function versionToAsk(wanted: WantedSource, known: LockedIntegration): string | null {
  return hasVersions(wanted) ? known.version : null;
}

function isIn(names: InstallWish["upgrade"], name: string): boolean {
  return names === "all" || names.has(name);
}

/** Errors of the layers below do not know which declaration they are about. */
async function named<T>({ uses: [{ name, location }] }: WantedSource, step: () => Promise<T>): Promise<T> {
  try {
    return await step();
  } catch (error) {
    if (error instanceof AirlockError) {
      const known = error as AirlockError;
      Object.assign(error, {
        integration: known.integration ?? name,
        ...((known.location ?? location) !== undefined && { location: known.location ?? location }),
      });
    }
    throw error;
  }
}
