import { matchesGlob } from "../../base/glob.js";
import { quote } from "../../base/quote.js";
import { readPublicKey } from "./keys.js";
import { refusal, signerText } from "./refusals.js";
import { SignatureError } from "./signature-error.js";
import type { Signer, TrustedIdentity, TrustedKey, TrustPolicy } from "./types.js";

/** Longer subjects and patterns are none. */
const MAX_LENGTH = 2_048;

/** Throws `SignatureError` SIGNATURE_POLICY for a policy that names nobody, contradicts itself or can never be met. */
export function checkPolicy({ identities, keys, threshold }: TrustPolicy): void {
  if (identities.length + keys.length === 0)
    throw policyError("nobody is named who may sign", "Name an identity or a key.");
  if (!Number.isInteger(threshold) || threshold < 1)
    throw policyError("the threshold is no whole number above 0", "Correct it.");
  for (const { issuer, subject, subjectPattern } of identities) {
    if ((subject === undefined) === (subjectPattern === undefined)) {
      throw policyError("an identity needs either its subject or a pattern for it", "Name one of the two.");
    }
    if (issuer === "" || (subject ?? subjectPattern) === "") throw policyError("an identity is empty", "Correct it.");
    if ((subject ?? subjectPattern ?? "").length > MAX_LENGTH)
      throw policyError("a subject is too long", "Shorten it.");
  }
  for (const { id, publicKey } of keys) {
    const found = readPublicKey(publicKey, "the policy").id;
    if (found !== id) throw policyError(`a key is called ${quote(id)}, and is ${found}`, "Correct its id.");
  }
  const most = identities.some(({ subjectPattern }) => subjectPattern !== undefined)
    ? Infinity
    : identities.length + keys.length;
  if (threshold > most)
    throw policyError(`${threshold} signers are needed, and ${most} named`, "Name more, or need fewer.");
}

/** The key for a hint. Throws `SignatureError` SIGNATURE_WRONG_KEY. */
export function keyFor(hint: string, keys: readonly TrustedKey[]): TrustedKey {
  const key = keys.find(({ id }) => id === hint);
  if (key !== undefined) return key;
  throw refusal("SIGNATURE_WRONG_KEY", `it is signed by the key ${quote(hint)}; expected ${expectedKeys(keys)}`);
}

/** Throws `SignatureError` SIGNATURE_WRONG_IDENTITY when an identity is not one that the policy names. */
export function checkIdentity(signer: Signer, identities: readonly TrustedIdentity[]): void {
  if (signer.type === "key" || identities.some((identity) => isMeant(identity, signer))) return;
  const expected = identities.map(identityText).join(" or ");
  const message = `it is signed by ${signerText(signer)}; expected ${expected === "" ? "a key" : expected}`;
  throw refusal("SIGNATURE_WRONG_IDENTITY", message);
}

function isMeant(
  { issuer, subject, subjectPattern }: TrustedIdentity,
  signer: Extract<Signer, { type: "identity" }>,
): boolean {
  if (issuer !== signer.issuer || signer.subject.length > MAX_LENGTH) return false;
  return subject === undefined ? matchesGlob(subjectPattern ?? "", signer.subject) : subject === signer.subject;
}

function identityText({ issuer, subject, subjectPattern }: TrustedIdentity): string {
  return `${quote(subject ?? subjectPattern ?? "")} of ${quote(issuer)}`;
}

function expectedKeys(keys: readonly TrustedKey[]): string {
  return keys.length === 0 ? "an identity" : keys.map(({ id }) => id).join(" or ");
}

function policyError(message: string, remedy: string): SignatureError {
  return new SignatureError("SIGNATURE_POLICY", message, { remedy });
}
