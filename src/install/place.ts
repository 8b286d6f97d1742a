import type { PackageCache } from "../package/cache/cache.js";
import type { PackageOrigin } from "../package/origin/origin.js";
import type { VerifyPackageOptions } from "../package/signature/verify-package.js";
import type { Signer } from "../package/signature/types.js";
import type { RemoteSource } from "../package/source/source.js";
import type { TrustDeclaration } from "../declare/trust.js";

/** What installing works with. */
export interface InstallPlace {
  /** The root module's folder, absolute: the lock is in it. */
  readonly root: string;
  readonly trust: readonly TrustDeclaration[];
  readonly cache: PackageCache;
  readonly origin: (source: RemoteSource) => PackageOrigin;
  readonly verify: (options: VerifyPackageOptions) => Promise<readonly Signer[]>;
  /** Terraform's name of the platform to install for. */
  readonly platform: string;
}

/** What the user asked `init` or `update` to do. */
export interface InstallWish {
  /** Declared names whose sources move to the newest version that is allowed; `all`, or none. */
  readonly upgrade: "all" | ReadonlySet<string>;
  /** Declared names whose changes are approved beforehand. */
  readonly approved: ReadonlySet<string>;
  /** Shows what changes and asks; absent = there is nobody to ask. */
  readonly ask?: ((question: string) => Promise<boolean>) | undefined;
}
