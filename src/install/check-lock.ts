import type { DeclarationsRead } from "../declare/read.js";
import { OWN_PLATFORM } from "../base/own-platform.js";
import { isAllowed } from "./choose.js";
import { grantsBeyond } from "./grant-texts.js";
import { InstallError, RUN_INIT } from "./install-error.js";
import type { InstallErrorCode } from "./install-error.js";
import { digestFor, LOCK_FILE } from "./lock/lock.js";
import type { Lock, LockedIntegration } from "./lock/lock.js";
import { readLock } from "./lock/read-lock.js";
import { areTrusted, policyOf, trustFor } from "./trust.js";
import { wantedSources } from "./wanted.js";
import type { Use } from "./wanted.js";

/** What the lock pins for one declaration. */
export interface Pinned {
  readonly locked: LockedIntegration;
  /** Of the archive for this platform. */
  readonly digest: string;
}

/**
 * What the lock pins for a declaration of this source; no request is made. Throws `InstallError`: INSTALL_NOT_LOCKED,
 * INSTALL_CONSTRAINTS, INSTALL_UNSIGNED, INSTALL_GRANTS, INSTALL_PLATFORM.
 */
export function pinnedFor(text: string, use: Use, lock: Lock | null, platform: string = OWN_PLATFORM): Pinned {
  const locked = lock?.get(text);
  if (locked === undefined) {
    const what = lock === null ? `there is no ${LOCK_FILE}` : `${LOCK_FILE} does not pin ${text}`;
    throw fault("INSTALL_NOT_LOCKED", use, what);
  }
  if (use.version !== undefined && !isAllowed(locked.version, use.version)) {
    const message = `${LOCK_FILE} pins ${text} ${locked.version}, which is not ${JSON.stringify(use.version)}`;
    throw fault("INSTALL_CONSTRAINTS", use, message, `${RUN_INIT} -upgrade`);
  }
  if (locked.signers.length === 0 && !use.unsigned) {
    const message = `${text} ${locked.version} is not signed, and the declaration does not allow that`;
    throw fault("INSTALL_UNSIGNED", use, message, "Add unsigned = true to the declaration, or use a signed version.");
  }
  const granted = locked.granted.get(use.key);
  if (granted === undefined) throw fault("INSTALL_NOT_LOCKED", use, `${LOCK_FILE} does not pin ${use.key} of ${text}`);
  const [more] = grantsBeyond(use.grants, granted);
  if (more !== undefined) {
    throw fault("INSTALL_GRANTS", use, `it is granted ${more}, which ${LOCK_FILE} does not have as approved`);
  }
  const digest = digestFor(locked, platform);
  if (digest === undefined) {
    const message = `${LOCK_FILE} pins ${text} for ${[...locked.digests.keys()].join(", ")}, not for ${platform}`;
    throw fault("INSTALL_PLATFORM", use, message, "There is no package of this version for this platform.");
  }
  return { locked, digest };
}

/**
 * Holds everything that is declared from elsewhere to the lock, and what the lock says of signers to the `trust` blocks.
 * No request is made. Rejects as `pinnedFor` throws, the first with the others in it; with INSTALL_UNTRUSTED, `LockError`,
 * and `SignatureError` for keys.
 */
export async function checkLock(
  declared: Pick<DeclarationsRead, "declarations" | "providerIntegrations" | "trust">,
  root: string,
): Promise<void> {
  const wanted = wantedSources(declared);
  if (wanted.length === 0) return;
  const lock = await readLock(root);
  const errors: InstallError[] = [];
  for (const { text, uses } of wanted) {
    for (const use of uses) {
      try {
        const { locked } = pinnedFor(text, use, lock);
        await checkSigners(text, use, locked, declared, root);
      } catch (error) {
        if (!(error instanceof InstallError)) throw error;
        errors.push(error);
      }
    }
  }
  throwFirst(errors);
}

/** Throws the first error with the rest in its `others`; does nothing without one. */
export function throwFirst(errors: readonly InstallError[]): void {
  const [first, ...others] = errors;
  if (first === undefined) return;
  const { code, message, remedy, integration, location, cause } = first;
  throw new InstallError(
    code,
    message,
    {
      ...(remedy !== undefined && { remedy }),
      ...(integration !== undefined && { integration }),
      ...(location !== undefined && { location }),
      ...(cause !== undefined && { cause }),
    },
    others,
  );
}

async function checkSigners(
  text: string,
  use: Use,
  locked: LockedIntegration,
  { trust }: Pick<DeclarationsRead, "trust">,
  root: string,
): Promise<void> {
  if (locked.signers.length === 0) return;
  const declared = trustFor(text, trust);
  if (declared === undefined ? use.unsigned : areTrusted(locked.signers, await policyOf(declared, root))) return;
  const what = declared === undefined ? "no trust block is for it" : "the trust block for it does not name its signers";
  throw fault("INSTALL_UNTRUSTED", use, `${text} ${locked.version} is pinned, but ${what}`);
}

function fault(code: InstallErrorCode, { name, location }: Use, what: string, remedy = RUN_INIT): InstallError {
  return new InstallError(code, what, { integration: name, remedy, ...(location !== undefined && { location }) });
}
