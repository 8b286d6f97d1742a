import type { Signer } from "../../package/signature/types.js";
import type { Grants } from "../../protocol/grants.js";
import type { GuestKind } from "../../protocol/guest-kind.js";

/** The file beside the root module that pins every integration from elsewhere; meant to be committed. */
export const LOCK_FILE = ".airlock.lock.hcl";

/** The key of an archive that runs on every platform. */
export const ANY_PLATFORM = "any";

/** What is pinned of one source. */
export interface LockedIntegration {
  /** As `sourceText` gives it. */
  readonly source: string;
  /** `NAMESPACE/NAME`, as its manifest says. */
  readonly package: string;
  readonly version: string;
  /** What declarations asked for when it was chosen; null = anything. */
  readonly constraints: string | null;
  readonly kind: GuestKind;
  /** The digest of each platform's archive, or one of `any`. */
  readonly digests: ReadonlyMap<string, string>;
  /** Who signed it; none = nobody has to, for it was declared `unsigned`. */
  readonly signers: readonly Signer[];
  /** What its manifest asks for. */
  readonly wantedGrants: Grants;
  /** What declarations give it: by `NAME`, or `PROVIDER/NAME` under a provider. */
  readonly granted: ReadonlyMap<string, Grants>;
}

/** All that is pinned, by source. */
export type Lock = ReadonlyMap<string, LockedIntegration>;

/** The digest for a platform; undefined where there is none. */
export function digestFor({ digests }: Pick<LockedIntegration, "digests">, platform: string): string | undefined {
  return digests.get(platform) ?? digests.get(ANY_PLATFORM);
}
