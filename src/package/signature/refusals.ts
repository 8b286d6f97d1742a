import { quote } from "../../base/quote.js";
import { SignatureError } from "./signature-error.js";
import type { SignatureErrorCode } from "./signature-error.js";
import type { Signer } from "./types.js";

/** What a user does about a signature that does not fit. */
const DO_NOT_USE = "Do not use it. Get package and signature again from a source that you trust.";

/** A refusal that says what is to be done. */
export function refusal(
  code: SignatureErrorCode,
  message: string,
  remedy = DO_NOT_USE,
  cause?: unknown,
): SignatureError {
  return new SignatureError(code, message, { remedy, ...(cause === undefined ? {} : { cause }) });
}

/** SIGNATURE_MALFORMED. */
export function malformed(message: string, cause?: unknown): SignatureError {
  const remedy = "Get the bundle again; it is the .sigstore.json file that airlock sign writes.";
  return refusal("SIGNATURE_MALFORMED", message, remedy, cause);
}

/** A refusal that tells what was expected and what was found. */
export function mismatch(code: SignatureErrorCode, what: string, expected: string, found: string): SignatureError {
  return refusal(code, `the signature is for another ${what}: expected ${quote(expected)}, found ${quote(found)}`);
}

/** A signer in one line. */
export function signerText(signer: Signer): string {
  return signer.type === "key" ? `the key ${signer.id}` : `${quote(signer.subject)} of ${quote(signer.issuer)}`;
}
