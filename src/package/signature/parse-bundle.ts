import { bundleFromJSON, bundleToJSON } from "@sigstore/bundle";
import type { Bundle } from "@sigstore/bundle";
import sjson from "secure-json-parse";
import { canonicalJson } from "../../base/canonical-json.js";
import { formatSize } from "../../base/size-text.js";
import { overBounds } from "../../protocol/json.js";
import { checkDer } from "./der.js";
import { malformed } from "./refusals.js";

/** A bundle is a signature, a certificate and a few proofs. */
export const MAX_BUNDLE_BYTES = 1024 * 1024;
const MAX_DEPTH = 32;
const MAX_VALUES = 5_000;
/** Log entries and timestamps, each of which costs a verification. */
const MAX_EVIDENCE = 16;

/** The form of packages: https://docs.sigstore.dev/about/bundle/. */
const V03 = "application/vnd.dev.sigstore.bundle.v0.3+json";
const MEDIA_TYPES: ReadonlySet<string> = new Set([
  "application/vnd.dev.sigstore.bundle+json;version=0.1",
  "application/vnd.dev.sigstore.bundle+json;version=0.2",
  "application/vnd.dev.sigstore.bundle+json;version=0.3",
  V03,
]);

/** Fields of bytes, in whatever message they stand. */
const BYTES: ReadonlySet<string> = new Set([
  ...["rawBytes", "signature", "sig", "payload", "digest", "keyId", "rootHash", "canonicalizedBody"],
  ...["signedEntryTimestamp", "signedTimestamp", "hashes"],
]);
const BASE64 = /^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/;
/** The names of logs and witnesses in a checkpoint are used as patterns by the library, so only plain ones may come there. */
const CHECKPOINT_NAME = /^[A-Za-z0-9._:/@~+-]{1,256}$/;

/**
 * A Sigstore bundle of any version up to 0.3: size first, then nesting, then its form. Throws `SignatureError`
 * SIGNATURE_MALFORMED.
 */
export function parseBundle(bytes: Uint8Array): Bundle {
  const value = parseJson(bytes, "the bundle");
  checkBase64(value);
  let bundle: Bundle;
  try {
    bundle = bundleFromJSON(value);
  } catch (cause) {
    throw malformed("the bytes are no Sigstore bundle", cause);
  }
  if (!MEDIA_TYPES.has(bundle.mediaType)) throw malformed("the bundle is of a version that is not known");
  const { tlogEntries, timestampVerificationData } = bundle.verificationMaterial;
  const timestamps = timestampVerificationData?.rfc3161Timestamps ?? [];
  if (tlogEntries.length > MAX_EVIDENCE || timestamps.length > MAX_EVIDENCE) {
    throw malformed(`the bundle has more than ${MAX_EVIDENCE} log entries or timestamps`);
  }
  for (const { inclusionProof } of tlogEntries) checkCheckpoint(inclusionProof?.checkpoint?.envelope ?? "");
  return bundle;
}

/**
 * A bundle of the one form that packages have: version 0.3, a DSSE envelope, and nothing in it that a reader would pass over,
 * such as unknown keys or a second spelling of a value. Throws `SignatureError` SIGNATURE_MALFORMED.
 */
export function parsePackageBundle(bytes: Uint8Array): Bundle {
  const bundle = parseBundle(bytes);
  if (bundle.mediaType !== V03 || bundle.content.$case !== "dsseEnvelope") {
    throw malformed("the bundle is not of the form of packages: version 0.3, with a DSSE envelope");
  }
  if (canonicalJson(parseJson(bytes, "the bundle")) !== canonicalJson(bundleToJSON(bundle))) {
    throw malformed("the bundle holds something that is not part of its form");
  }
  const { content, timestampVerificationData } = bundle.verificationMaterial;
  if (content.$case === "certificate") checkDer(content.certificate.rawBytes, "certificate");
  for (const { signedTimestamp } of timestampVerificationData?.rfc3161Timestamps ?? []) {
    checkDer(signedTimestamp, "timestamp");
  }
  return bundle;
}

/** JSON of a stranger, with bounds. Throws `SignatureError` SIGNATURE_MALFORMED; `what` names it. */
export function parseJson(bytes: Uint8Array, what: string): unknown {
  if (bytes.length > MAX_BUNDLE_BYTES) throw malformed(`${what} is over ${formatSize(MAX_BUNDLE_BYTES)}`);
  let text: string;
  try {
    text = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch (cause) {
    throw malformed(`${what} is not UTF-8`, cause);
  }
  if (overBounds(text, MAX_DEPTH, MAX_VALUES) !== null)
    throw malformed(`${what} is nested too deep, or holds too much`);
  try {
    return sjson.parse(text, undefined, { protoAction: "error", constructorAction: "error" }) as unknown;
  } catch (cause) {
    throw malformed(`${what} is not JSON`, cause);
  }
}

/** The library decodes what is no base64 as far as it goes. */
function checkBase64(value: unknown, isBytes = false): void {
  if (typeof value === "string") {
    if (isBytes && !BASE64.test(value)) throw malformed("the bundle holds bytes that are not in base64");
  } else if (Array.isArray(value)) {
    for (const item of value) checkBase64(item, isBytes);
  } else if (typeof value === "object" && value !== null) {
    for (const [key, item] of Object.entries(value)) checkBase64(item, BYTES.has(key));
  }
}

function checkCheckpoint(envelope: string): void {
  for (const [, name = ""] of envelope.matchAll(/\u2014 (\S+) /g)) {
    if (!CHECKPOINT_NAME.test(name)) throw malformed("a checkpoint is signed by a name that no log has");
  }
}
