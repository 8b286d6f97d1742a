import { createPrivateKey, createPublicKey, generateKeyPairSync } from "node:crypto";
import type { KeyObject } from "node:crypto";
import { errorCode } from "../../base/error-code.js";
import { digestBytes } from "../regular-file.js";
import { SignatureError } from "./signature-error.js";
import type { TrustedKey } from "./types.js";

/** Kinds of keys that `airlock keygen` makes. */
export const KEY_TYPES = ["ecdsa-p256", "ed25519"] as const;
export type KeyType = (typeof KEY_TYPES)[number];

/** A pair of keys, as files hold them. */
export interface KeyPair {
  /** PEM, PKCS#8; encrypted when there is a passphrase. */
  readonly privateKey: string;
  /** PEM, SubjectPublicKeyInfo. */
  readonly publicKey: string;
  readonly id: string;
}

/** Makes a new pair of keys. A passphrase encrypts the private one (PKCS#8 with PBKDF2 and AES-256). */
export function generateKeys(type: KeyType, passphrase?: string): KeyPair {
  const { privateKey } =
    type === "ed25519" ? generateKeyPairSync("ed25519") : generateKeyPairSync("ec", { namedCurve: "P-256" });
  const encryption = passphrase === undefined ? {} : { cipher: "aes-256-cbc", passphrase };
  const trusted = trustedKey(createPublicKey(privateKey));
  return {
    privateKey: privateKey.export({ type: "pkcs8", format: "pem", ...encryption }).toString(),
    publicKey: trusted.publicKey,
    id: trusted.id,
  };
}

/** The public key of a PEM text, and its id. Throws `SignatureError` SIGNATURE_KEY_MALFORMED; `from` names it. */
export function readPublicKey(pem: string, from: string): TrustedKey {
  if (/-----BEGIN (?:[A-Z]+ )?(?:ENCRYPTED )?PRIVATE KEY-----/.test(pem)) {
    throw keyError(`${from} holds a private key, where a public one belongs`, "Name the .pub file beside it.");
  }
  let key: KeyObject;
  try {
    key = createPublicKey(pem);
  } catch (cause) {
    throw keyError(`${from} holds no public key`, "It is a PEM file such as airlock keygen writes.", cause);
  }
  checkKind(key, from);
  return trustedKey(key);
}

/** The private key of a PEM text. Throws `SignatureError` SIGNATURE_KEY_MALFORMED or SIGNATURE_KEY_PASSPHRASE. */
export function readPrivateKey(pem: string, passphrase?: string): KeyObject {
  const isEncrypted = pem.includes("ENCRYPTED");
  if (isEncrypted && passphrase === undefined) {
    throw new SignatureError("SIGNATURE_KEY_PASSPHRASE", "the private key is encrypted", {
      remedy:
        "Give its passphrase in the environment variable AIRLOCK_KEY_PASSPHRASE, or in a file with --passphrase-file.",
    });
  }
  let key: KeyObject;
  try {
    key = createPrivateKey({ key: pem, format: "pem", ...(passphrase === undefined ? {} : { passphrase }) });
  } catch (cause) {
    // What OpenSSL says of a wrong passphrase differs by version and by chance.
    if (isEncrypted && !/unsupported/i.test(errorCode(cause) ?? "")) {
      const remedy = "Give the right passphrase.";
      throw new SignatureError("SIGNATURE_KEY_PASSPHRASE", "the passphrase does not open the private key", {
        cause,
        remedy,
      });
    }
    throw keyError("the key file holds no private key", "It is a PEM file such as airlock keygen writes.", cause);
  }
  checkKind(key, "the key file");
  return key;
}

/** The key itself. */
export function keyOf({ publicKey }: TrustedKey): KeyObject {
  return createPublicKey(publicKey);
}

/** A key with its id, which is the digest of its DER form. */
export function trustedKey(key: KeyObject): TrustedKey {
  return {
    id: digestBytes(key.export({ type: "spki", format: "der" })),
    publicKey: key.export({ type: "spki", format: "pem" }).toString(),
  };
}

function checkKind(key: KeyObject, from: string): void {
  const { asymmetricKeyType: type, asymmetricKeyDetails: details } = key;
  if (type === "ed25519" || (type === "ec" && /^(?:prime256v1|secp384r1)$/.test(details?.namedCurve ?? ""))) return;
  throw keyError(
    `${from} holds a key of a kind that signs no packages: ${type ?? "unknown"}`,
    "Make one with airlock keygen.",
  );
}

function keyError(message: string, remedy: string, cause?: unknown): SignatureError {
  return new SignatureError("SIGNATURE_KEY_MALFORMED", message, { remedy, ...(cause === undefined ? {} : { cause }) });
}
