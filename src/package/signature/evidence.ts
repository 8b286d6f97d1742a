import type { Bundle } from "@sigstore/bundle";
import type { TrustedRoot } from "@sigstore/protobuf-specs";
import { toSignedEntity, toTrustMaterial, VerificationError, Verifier } from "@sigstore/verify";
import type { SignedEntity, TrustMaterial } from "@sigstore/verify";
import { envelopeContent } from "./envelope-content.js";
import { keyOf } from "./keys.js";
import { checkLogEntries } from "./log-entries.js";
import { malformed, refusal } from "./refusals.js";
import { SignatureError } from "./signature-error.js";
import type { SignatureErrorCode } from "./signature-error.js";
import type { Signer, TrustedKey, TrustPolicy } from "./types.js";

/** What a bundle is verified with. */
export interface EvidenceOptions {
  readonly bundle: Bundle;
  /** What was signed, when the bundle does not hold it itself. */
  readonly artifact?: Buffer | undefined;
  /** In place of the signature that the bundle gives, when only the artifact's digest is known. */
  readonly signature?: SignedEntity["signature"] | undefined;
  /** The key for a hint. Throws `SignatureError` SIGNATURE_WRONG_KEY. */
  readonly key: (hint: string) => TrustedKey;
  readonly transparency: TrustPolicy["transparency"];
  /** Asked for only when the bundle has evidence that needs one. */
  readonly root: () => Promise<TrustedRoot>;
  /** In ms since 1970. */
  readonly now: number;
}

/** Clocks differ; a certificate that is used in a future further away than this is refused. */
const CLOCK_SKEW_MS = 5 * 60 * 1_000;

const CODES: Readonly<Record<VerificationError["code"], SignatureErrorCode>> = {
  NOT_IMPLEMENTED_ERROR: "SIGNATURE_MALFORMED",
  TLOG_ERROR: "SIGNATURE_TRANSPARENCY",
  TLOG_INCLUSION_PROOF_ERROR: "SIGNATURE_TRANSPARENCY",
  TLOG_INCLUSION_PROMISE_ERROR: "SIGNATURE_TRANSPARENCY",
  TLOG_MISSING_INCLUSION_ERROR: "SIGNATURE_TRANSPARENCY",
  TLOG_BODY_ERROR: "SIGNATURE_TRANSPARENCY",
  CERTIFICATE_ERROR: "SIGNATURE_UNTRUSTED",
  PUBLIC_KEY_ERROR: "SIGNATURE_WRONG_KEY",
  SIGNATURE_ERROR: "SIGNATURE_INVALID",
  TIMESTAMP_ERROR: "SIGNATURE_TIMESTAMP",
};

/**
 * Who signed: the signature, its certificate or key, every log entry and every timestamp of the bundle hold. What was signed
 * is not looked at, and neither is who may sign. Rejects with `SignatureError`.
 */
export async function verifyEvidence(options: EvidenceOptions): Promise<Signer> {
  const { bundle, key, transparency, now } = options;
  const { content, tlogEntries, timestampVerificationData } = bundle.verificationMaterial;
  const isKey = content.$case === "publicKey";
  const hasEvidence = tlogEntries.length + (timestampVerificationData?.rfc3161Timestamps.length ?? 0) > 0;
  if (transparency === "required" && tlogEntries.length === 0) {
    throw refusal("SIGNATURE_TRANSPARENCY", "the signature stands in no transparency log, which is required");
  }
  const trusted = isKey ? key(content.publicKey.hint) : null;
  const root = isKey && !hasEvidence ? null : await options.root();
  const parsed = parseEntity(options);
  const material = materialOf(root, trusted);
  const thresholds = {
    tlogThreshold: transparency === "required" ? 1 : 0,
    ctlogThreshold: isKey ? 0 : 1,
    timestampThreshold: isKey ? 0 : 1,
  };
  let found: ReturnType<Verifier["verify"]>;
  try {
    found = new Verifier(material, thresholds).verify(parsed);
  } catch (error) {
    throw refusalOf(error, parsed);
  }
  checkLogEntries(bundle, material.tlogs);
  checkTimes(parsed, now);
  if (trusted !== null) return { type: "key", id: trusted.id };
  const { subjectAlternativeName: subject, extensions } = found.identity ?? {};
  const issuer = extensions?.issuer;
  if (subject === undefined || issuer === undefined) {
    throw refusal("SIGNATURE_UNTRUSTED", "the certificate names no identity, or no issuer of it");
  }
  return { type: "identity", issuer, subject };
}

function parseEntity({ bundle, artifact, signature }: EvidenceOptions): SignedEntity {
  try {
    const entity = toSignedEntity(bundle, artifact);
    return { ...entity, signature: signature ?? envelopeContent(bundle, entity.signature) };
  } catch (cause) {
    throw malformed("the bundle holds a certificate or a timestamp that cannot be read", cause);
  }
}

function materialOf(root: TrustedRoot | null, key: TrustedKey | null): TrustMaterial {
  const publicKey = () => {
    if (key === null) throw refusal("SIGNATURE_WRONG_KEY", "the signature is by a key, and none is trusted");
    return { publicKey: keyOf(key), validFor: () => true };
  };
  const none: TrustMaterial = {
    certificateAuthorities: [],
    timestampAuthorities: [],
    tlogs: [],
    ctlogs: [],
    publicKey,
  };
  if (root === null) return none;
  try {
    return { ...toTrustMaterial(root), publicKey };
  } catch (cause) {
    throw new SignatureError(
      "SIGNATURE_TRUSTED_ROOT",
      "the trusted root holds a key or certificate that cannot be read",
      {
        cause,
        remedy: "Give the trusted_root.json of your Sigstore instance.",
      },
    );
  }
}

function refusalOf(error: unknown, entity: SignedEntity): SignatureError {
  if (error instanceof SignatureError) return error;
  if (!(error instanceof VerificationError)) return malformed("the bundle holds something that cannot be read", error);
  const outside = error.code === "CERTIFICATE_ERROR" ? outsideOfValidity(entity) : null;
  if (outside !== null) return refusal("SIGNATURE_EXPIRED", outside, undefined, error);
  return refusal(CODES[error.code], `the signature does not hold: ${error.message}`, undefined, error);
}

/** How a certificate was used outside of its time; null when it was not. */
function outsideOfValidity(entity: SignedEntity): string | null {
  if (entity.key.$case !== "certificate") return null;
  const { certificate } = entity.key;
  const used = timesOf(entity).find((time) => !certificate.validForDate(time));
  if (used === undefined) return null;
  const [from, to] = [certificate.notBefore.toISOString(), certificate.notAfter.toISOString()];
  return `the certificate was used at ${used.toISOString()}, it was valid from ${from} to ${to}`;
}

function timesOf({ timestamps }: SignedEntity): Date[] {
  const times = timestamps.map((timestamp) =>
    timestamp.$case === "timestamp-authority"
      ? timestamp.timestamp.signingTime
      : new Date(Number(timestamp.tlogEntry.integratedTime) * 1_000),
  );
  return times.filter((time) => !Number.isNaN(time.getTime()));
}

function checkTimes(entity: SignedEntity, now: number): void {
  const ahead = timesOf(entity).find((time) => time.getTime() > now + CLOCK_SKEW_MS);
  if (ahead === undefined) return;
  const [then, clock] = [ahead.toISOString(), new Date(now).toISOString()];
  const remedy = "Set the clock of this machine. If it is right, do not use the package.";
  throw refusal("SIGNATURE_TIMESTAMP", `it was signed at ${then}, and the clock of this machine says ${clock}`, remedy);
}
