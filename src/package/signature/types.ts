import type { Grants } from "../../protocol/grants.js";
import type { GuestKind } from "../../protocol/guest-kind.js";

/** What a signature is for, all of it bound by the signed statement. */
export interface PackageSubject {
  /** `NAMESPACE/NAME`. */
  readonly name: string;
  readonly version: string;
  readonly kind: GuestKind;
  /** null = any. */
  readonly platform: string | null;
  readonly wantedGrants: Grants;
  /** SHA-256 of the archive's bytes, `sha256:` and 64 hex digits. */
  readonly digest: string;
}

/** Who signed, as verified. */
export type Signer =
  | { readonly type: "identity"; readonly issuer: string; readonly subject: string }
  /** `sha256:` and 64 hex digits: SHA-256 of the public key's DER form (SubjectPublicKeyInfo). */
  | { readonly type: "key"; readonly id: string };

/** An identity that may sign: exactly one of `subject` and `subjectPattern`. */
export interface TrustedIdentity {
  /** The issuer of the identity, exactly, such as `https://token.actions.githubusercontent.com`. */
  readonly issuer: string;
  readonly subject?: string | undefined;
  /** A glob over the whole subject: `*` for any run of characters, `?` for one. */
  readonly subjectPattern?: string | undefined;
}

/** A key that may sign. */
export interface TrustedKey {
  readonly id: string;
  /** PEM, SubjectPublicKeyInfo; ECDSA P-256 or Ed25519. */
  readonly publicKey: string;
}

/** Who has to have signed a package, and with what evidence. */
export interface TrustPolicy {
  readonly identities: readonly TrustedIdentity[];
  readonly keys: readonly TrustedKey[];
  /** Distinct signers that are needed; 1 or more. */
  readonly threshold: number;
  /** `required`: each signature must stand in a transparency log. `none`: a key needs no evidence, an identity a timestamp. */
  readonly transparency: "required" | "none";
  /** Absolute path of a Sigstore trusted root (JSON) of a private instance; absent = the public-good instance, by TUF. */
  readonly trustedRoot?: string | undefined;
}
