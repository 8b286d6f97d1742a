import { createHash, createPublicKey } from "node:crypto";
import { resolve } from "node:path";
import { quote } from "../base/quote.js";
import type { DeclaredIdentity, TrustDeclaration } from "../declare/trust.js";
import { readBounded } from "../package/regular-file.js";
import { SignatureError } from "../package/signature/signature-error.js";
import type { Signer, TrustedKey, TrustPolicy } from "../package/signature/types.js";

const MAX_KEY_BYTES = 16 * 1024;

/** The `trust` block that holds for a source: that of its very text, else the longest pattern. */
export function trustFor(text: string, trust: readonly TrustDeclaration[]): TrustDeclaration | undefined {
  return trust
    .filter(({ pattern }) => matchesGlob(text, pattern))
    .sort((a, b) => Number(b.pattern === text) - Number(a.pattern === text) || b.pattern.length - a.pattern.length)[0];
}

/** What verification holds a package to. Paths start from `root`. Rejects with `SignatureError` SIGNATURE_KEY_*. */
export async function policyOf(declared: TrustDeclaration, root: string): Promise<TrustPolicy> {
  const { identities, threshold, transparency, trustedRoot } = declared;
  const keys = await Promise.all(declared.keys.map((path) => readKey(resolve(root, path), declared)));
  return {
    identities,
    keys,
    threshold,
    transparency,
    ...(trustedRoot !== null && { trustedRoot: resolve(root, trustedRoot) }),
  };
}

/** Whether signers that were verified once are enough for what a policy asks for now. */
export function areTrusted(signers: readonly Signer[], { identities, keys, threshold }: TrustPolicy): boolean {
  const trusted = signers.filter((signer) =>
    signer.type === "key"
      ? keys.some(({ id }) => id === signer.id)
      : identities.some((identity) => isMeant(identity, signer.issuer, signer.subject)),
  );
  return trusted.length >= threshold;
}

/** A signer, for people. */
export function signerText(signer: Signer): string {
  return signer.type === "key" ? `key ${signer.id}` : `${signer.subject} (${signer.issuer})`;
}

function isMeant(identity: DeclaredIdentity | TrustPolicy["identities"][number], issuer: string, subject: string) {
  if (identity.issuer !== issuer) return false;
  return identity.subjectPattern === undefined
    ? identity.subject === subject
    : matchesGlob(subject, identity.subjectPattern);
}

/** `*` stands for any run of characters, `?` for one; looks at each character a bounded number of times. */
function matchesGlob(text: string, glob: string): boolean {
  let [at, place] = [0, 0];
  let star = -1;
  let from = 0;
  while (at < text.length) {
    if (place < glob.length && (glob[place] === "?" || glob[place] === text[at]) && glob[place] !== "*") {
      at += 1;
      place += 1;
    } else if (glob[place] === "*") {
      star = place;
      from = at;
      place += 1;
    } else if (star >= 0) {
      from += 1;
      at = from;
      place = star + 1;
    } else return false;
  }
  return /^\**$/.test(glob.slice(place));
}

async function readKey(path: string, { location }: TrustDeclaration): Promise<TrustedKey> {
  let publicKey: string;
  try {
    publicKey = Buffer.from(await readBounded(path, MAX_KEY_BYTES)).toString("utf8");
  } catch (cause) {
    throw new SignatureError("SIGNATURE_KEY_UNREADABLE", `the key ${quote(path)} cannot be read`, {
      cause,
      location,
      remedy: "Correct the path in the trust block; it starts from the folder of airlock.hcl.",
    });
  }
  try {
    const der = createPublicKey(publicKey).export({ type: "spki", format: "der" });
    if (publicKey.includes("PRIVATE KEY")) throw new Error("it is a private key");
    return { id: `sha256:${createHash("sha256").update(der).digest("hex")}`, publicKey };
  } catch (cause) {
    throw new SignatureError("SIGNATURE_KEY_MALFORMED", `${quote(path)} holds no public key in PEM form`, {
      cause,
      location,
      remedy: "Name the .pub file that `airlock keygen` wrote.",
    });
  }
}
