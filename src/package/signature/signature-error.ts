import { AirlockError } from "../../protocol/airlock-error.js";

/** Why a signature is refused, or cannot be made. */
export const SIGNATURE_ERROR_CODES = [
  /** There is no bundle at all. */
  "SIGNATURE_MISSING",
  /** The bytes are no Sigstore bundle, or not one of the strict form that packages have. */
  "SIGNATURE_MALFORMED",
  /** The signature does not fit what it is said to sign: one of the two was changed. */
  "SIGNATURE_INVALID",
  /** A statement of another type than that of packages. */
  "SIGNATURE_WRONG_STATEMENT",
  /** It is for a package of another name. */
  "SIGNATURE_WRONG_NAME",
  /** It is for another version. */
  "SIGNATURE_WRONG_VERSION",
  /** It is for another archive or artifact. */
  "SIGNATURE_WRONG_DIGEST",
  /** It is for another kind of guest. */
  "SIGNATURE_WRONG_KIND",
  /** It is for another platform. */
  "SIGNATURE_WRONG_PLATFORM",
  /** The package wants other grants than were signed. */
  "SIGNATURE_WRONG_GRANTS",
  /** Signed by an identity that the policy does not name. */
  "SIGNATURE_WRONG_IDENTITY",
  /** Signed by a key that the policy does not name. */
  "SIGNATURE_WRONG_KEY",
  /** The certificate was not valid when it was used. */
  "SIGNATURE_EXPIRED",
  /** The certificate, its log or its timestamp comes from nobody that the trusted root names. */
  "SIGNATURE_UNTRUSTED",
  /** Evidence of a transparency log is missing or does not hold. */
  "SIGNATURE_TRANSPARENCY",
  /** Nothing trustworthy tells when a certificate was used, or what tells it does not hold. */
  "SIGNATURE_TIMESTAMP",
  /** Fewer distinct signers than the policy asks for. */
  "SIGNATURE_THRESHOLD",
  /** The policy names no signer, or cannot be met. */
  "SIGNATURE_POLICY",
  /** The trusted root cannot be read or fetched, or is none. */
  "SIGNATURE_TRUSTED_ROOT",
  /** A key file cannot be read or written. */
  "SIGNATURE_KEY_UNREADABLE",
  /** A key file holds no key of a kind that signs packages. */
  "SIGNATURE_KEY_MALFORMED",
  /** An encrypted key, without its passphrase or with a wrong one. */
  "SIGNATURE_KEY_PASSPHRASE",
  /** No identity token, or one that cannot be used. */
  "SIGNATURE_TOKEN",
  /** A signing service refused, or did not answer. */
  "SIGNATURE_SERVICE",
] as const;

export type SignatureErrorCode = (typeof SIGNATURE_ERROR_CODES)[number];

/** A signature is refused, or cannot be made. */
export class SignatureError extends AirlockError<SignatureErrorCode> {}
