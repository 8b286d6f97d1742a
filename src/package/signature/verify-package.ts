import type { PackageSubject, Signer, TrustPolicy } from "./types.js";

/** What is verified against what. */
export interface VerifyPackageOptions {
  /** All bundles that came with the archive, as bytes of strangers. */
  readonly bundles: readonly Uint8Array[];
  /** Read from the archive by `subjectOf`; the caller compares it to what was asked for. */
  readonly subject: PackageSubject;
  readonly policy: TrustPolicy;
  /** Where the bundles come from, for messages: a URL or a path. */
  readonly from?: string | undefined;
  /** Folder in which the roots of the public-good instance are kept between runs; absent = in the user's cache folder. */
  readonly rootsFolder?: string | undefined;
  /** Now, in ms since 1970; absent = the clock. Evidence from the future is refused. */
  readonly now?: number | undefined;
}

/**
 * The distinct signers that the policy names and whose signature over `subject` holds: at least `threshold`. Bundles that
 * are refused count for nothing; when too few are left the error says why each one was. Makes no request unless a bundle needs
 * the roots of the public-good instance. Rejects with `SignatureError`.
 */
export function verifyPackage(_options: VerifyPackageOptions): Promise<readonly Signer[]> {
  throw new Error("not yet");
}
