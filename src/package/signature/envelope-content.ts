import { createHash } from "node:crypto";
import type { Bundle } from "@sigstore/bundle";
import { dsse } from "@sigstore/core";
import type { SignedEntity } from "@sigstore/verify";

type SignedSignature = SignedEntity["signature"];

/**
 * A DSSE envelope's signature as log entries may describe it: by the digest of the payload (kinds `dsse` and `intoto`) or of
 * what is really signed, which holds the payload and its type (kind `hashedrekord`).
 */
export function envelopeContent(bundle: Bundle, own: SignedSignature): SignedSignature {
  if (bundle.content.$case !== "dsseEnvelope") return own;
  const { payloadType, payload } = bundle.content.dsseEnvelope;
  const signed = createHash("sha256").update(dsse.preAuthEncoding(payloadType, payload)).digest();
  return {
    signature: own.signature,
    compareSignature: (signature) => own.compareSignature(signature),
    compareDigest: (digest) => own.compareDigest(digest) || signed.equals(digest),
    verifySignature: (key) => own.verifySignature(key),
  };
}
