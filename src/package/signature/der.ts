import { ASN1Obj } from "@sigstore/core";
import { malformed } from "./refusals.js";

const SEQUENCE = 0x30;
const BIT_STRING = 0x03;

/**
 * Whether DER bytes are in the one encoding that they have: the library verifies what it encodes anew of a certificate, and
 * looks neither at the frame around what is signed nor at what a second name of the algorithm says. Throws
 * `SignatureError` SIGNATURE_MALFORMED.
 */
export function checkDer(der: Buffer, what: "certificate" | "timestamp"): void {
  let isCanonical: boolean;
  try {
    const root = ASN1Obj.parseBuffer(Buffer.from(der));
    isCanonical = root.toDER().equals(der) && (what === "timestamp" || hasCertificateFrame(root));
  } catch (cause) {
    throw malformed(`the bundle holds a ${what} that cannot be read`, cause);
  }
  if (!isCanonical) throw malformed(`a ${what} is not in the one encoding that it has`);
}

/** https://www.rfc-editor.org/rfc/rfc5280#section-4.1: the algorithm stands twice, and must be the same. */
function hasCertificateFrame(root: ASN1Obj): boolean {
  const [signed, algorithm, signature, more] = root.subs;
  const named = signed?.subs[2];
  if (named === undefined || algorithm === undefined || signature === undefined || more !== undefined) return false;
  return (
    root.toDER()[0] === SEQUENCE &&
    algorithm.toDER().equals(named.toDER()) &&
    signature.toDER()[0] === BIT_STRING &&
    signature.value[0] === 0
  );
}
