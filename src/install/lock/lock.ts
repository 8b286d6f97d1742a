import type { GuestKind } from "../../protocol/guest-kind.js";
import type { Grants } from "../../protocol/grants.js";

/** The file beside the root module that pins every integration from elsewhere; meant to be committed. */
export const LOCK_FILE = ".airlock.lock.hcl";

/** Who signed a package, as the lock keeps it. */
export type LockedSigner =
  | { readonly type: "identity"; readonly issuer: string; readonly subject: string }
  | { readonly type: "key"; readonly id: string };

/** What is pinned of one source. */
export interface LockedIntegration {
  /** As `sourceText` gives it. */
  readonly source: string;
  readonly version: string;
  /** What declarations asked for when it was chosen; null = anything. */
  readonly constraints: string | null;
  readonly kind: GuestKind;
  /** The digest of each platform's archive; `any` = one for all. */
  readonly digests: ReadonlyMap<string, string>;
  /** Who signed it; none = it is unsigned, and was declared to be. */
  readonly signers: readonly LockedSigner[];
  /** What its manifest asks for. */
  readonly wantedGrants: Grants;
  /** What declarations give it: by `NAME`, or `PROVIDER/NAME` under a provider. */
  readonly granted: ReadonlyMap<string, Grants>;
}

/** All that is pinned, by source. */
export type Lock = ReadonlyMap<string, LockedIntegration>;
