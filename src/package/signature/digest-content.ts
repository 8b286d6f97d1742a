import { p256, p384 } from "@noble/curves/nist.js";
import type { MessageSignature } from "@sigstore/bundle";
import type { KeyObject } from "node:crypto";
import type { SignedEntity } from "@sigstore/verify";
import { refusal } from "./refusals.js";

type SignedSignature = SignedEntity["signature"];

/**
 * A signature over an artifact of which only the digest is known. Node's own cryptography hashes what it verifies itself, so
 * the elliptic curves come from a library.
 */
export class DigestContent implements SignedSignature {
  readonly signature: Buffer;
  readonly #signed: Buffer;
  readonly #digest: Buffer;

  constructor({ signature, messageDigest }: MessageSignature, digest: string) {
    this.signature = signature;
    this.#signed = messageDigest.digest;
    this.#digest = Buffer.from(digest.replace(/^sha256:/, ""), "hex");
  }

  compareSignature(signature: Buffer): boolean {
    return this.signature.equals(signature);
  }

  compareDigest(digest: Buffer): boolean {
    return this.#signed.equals(digest);
  }

  /** Throws `SignatureError` SIGNATURE_INVALID for a key that signs the artifact itself, such as Ed25519. */
  verifySignature(key: KeyObject): boolean {
    const { x, y, crv } = key.export({ format: "jwk" });
    const curve = crv === "P-256" ? p256 : crv === "P-384" ? p384 : undefined;
    if (curve === undefined || x === undefined || y === undefined) {
      throw refusal(
        "SIGNATURE_INVALID",
        "a signature by this kind of key cannot be verified by a digest alone",
        "Give the artifact itself.",
      );
    }
    const point = Buffer.concat([Buffer.of(4), Buffer.from(x, "base64url"), Buffer.from(y, "base64url")]);
    try {
      return curve.verify(this.signature, this.#digest, point, { prehash: false, format: "der", lowS: false });
    } catch {
      return false;
    }
  }
}
