import { createHash } from "node:crypto";
import type { TrustedRoot } from "@sigstore/protobuf-specs";
import { DigestContent } from "./digest-content.js";
import { verifyEvidence } from "./evidence.js";
import type { EvidenceOptions } from "./evidence.js";
import { parseBundle } from "./parse-bundle.js";
import { mismatch } from "./refusals.js";
import { checkSubjectDigest } from "./statement.js";
import type { Signer, TrustedKey } from "./types.js";

/** A bundle of any kind, and what it is said to be for. */
export interface VerifyAnyOptions {
  readonly bundle: Uint8Array;
  /** The artifact itself, or its digest (`sha256:` and 64 hex digits). */
  readonly artifact: Uint8Array | string;
  /** The key, whatever the bundle calls it; absent = only identities are taken. */
  readonly key?: TrustedKey | undefined;
  readonly transparency: EvidenceOptions["transparency"];
  readonly root: () => Promise<TrustedRoot>;
  readonly now?: number | undefined;
}

/**
 * Verifies any Sigstore bundle, of a message or of an in-toto statement; gives who signed, and leaves it to the caller who may.
 * Rejects with `SignatureError`.
 */
export async function verifyAny(options: VerifyAnyOptions): Promise<Signer> {
  const bundle = parseBundle(options.bundle);
  const artifact = typeof options.artifact === "string" ? null : Buffer.from(options.artifact);
  const digest = artifact === null ? String(options.artifact) : `sha256:${sha256(artifact).toString("hex")}`;
  const message = bundle.content.$case === "messageSignature" ? bundle.content.messageSignature : null;
  if (message !== null) checkMessageDigest(message.messageDigest.digest, digest);
  const signer = await verifyEvidence({
    bundle,
    ...(artifact === null ? {} : { artifact }),
    ...(artifact === null && message !== null ? { signature: new DigestContent(message, digest) } : {}),
    key: () => {
      if (options.key !== undefined) return options.key;
      throw mismatch("SIGNATURE_WRONG_KEY", "signer", "an identity", "a key");
    },
    transparency: options.transparency,
    root: options.root,
    now: options.now ?? Date.now(),
  });
  if (bundle.content.$case === "dsseEnvelope") {
    const { payloadType, payload } = bundle.content.dsseEnvelope;
    checkSubjectDigest(payloadType, payload, digest);
  }
  return signer;
}

function checkMessageDigest(signed: Buffer, digest: string): void {
  const found = `sha256:${signed.toString("hex")}`;
  if (found !== digest) throw mismatch("SIGNATURE_WRONG_DIGEST", "artifact", digest, found);
}

function sha256(bytes: Buffer): Buffer {
  return createHash("sha256").update(bytes).digest();
}
