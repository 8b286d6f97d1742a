import type { PackageSubject } from "./types.js";

/** How a package is signed. */
export type SigningMethod =
  /** A private key, PEM (PKCS#8); no request is made. */
  | { readonly type: "key"; readonly privateKey: string; readonly passphrase?: string | undefined }
  /** Keyless: a certificate for the identity of an OIDC token, and an entry in a transparency log. */
  | { readonly type: "identity"; readonly token: string; readonly services?: SigningServices | undefined };

/** The services of keyless signing; absent = those of the public-good instance. */
export interface SigningServices {
  readonly fulcio?: string | undefined;
  readonly rekor?: string | undefined;
  readonly timestamps?: string | undefined;
}

/** Signs a package; gives the bytes of a Sigstore bundle, JSON. Rejects with `SignatureError`. */
export function signPackage(_subject: PackageSubject, _method: SigningMethod): Promise<Uint8Array> {
  throw new Error("not yet");
}
