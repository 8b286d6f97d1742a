import { createPublicKey, sign } from "node:crypto";
import { bundleToJSON } from "@sigstore/bundle";
import type { FulcioSignerOptions, Signer, Witness } from "@sigstore/sign";
import { errorCode } from "../../base/error-code.js";
import { canonicalJson } from "../../base/canonical-json.js";
import { readPrivateKey, trustedKey } from "./keys.js";
import { SignatureError } from "./signature-error.js";
import { PAYLOAD_TYPE, statementOf } from "./statement.js";
import { checkToken } from "./token.js";
import type { PackageSubject } from "./types.js";

const TIMEOUT_MS = 30_000;
const RETRIES = 2;

/** How a package is signed. */
export type SigningMethod =
  /** A private key, PEM (PKCS#8); no request is made, unless a log or a timestamp is asked for by its URL. */
  | {
      readonly type: "key";
      readonly privateKey: string;
      readonly passphrase?: string | undefined;
      readonly services?: Omit<SigningServices, "fulcio"> | undefined;
    }
  /** Keyless: a certificate for the identity of an OIDC token, and an entry in a transparency log. */
  | { readonly type: "identity"; readonly token: string; readonly services?: SigningServices | undefined };

/** The services of signing, by URL; absent = for identities those of the public-good instance, for keys none. */
export interface SigningServices {
  readonly fulcio?: string | undefined;
  readonly rekor?: string | undefined;
  readonly timestamps?: string | undefined;
}

/** Signs a package; gives the bytes of a Sigstore bundle, JSON. Rejects with `SignatureError`. */
export async function signPackage(subject: PackageSubject, method: SigningMethod): Promise<Uint8Array> {
  const { DSSEBundleBuilder } = await import("@sigstore/sign");
  const signer = method.type === "key" ? keySigner(method.privateKey, method.passphrase) : await identitySigner(method);
  const builder = new DSSEBundleBuilder({ signer, witnesses: await witnesses(method) });
  try {
    const bundle = await builder.create({ data: statementOf(subject), type: PAYLOAD_TYPE });
    return Buffer.from(`${canonicalJson(bundleToJSON(bundle))}\n`);
  } catch (cause) {
    throw serviceError(cause);
  }
}

function keySigner(pem: string, passphrase: string | undefined): Signer {
  const privateKey = readPrivateKey(pem, passphrase);
  const { id: hint, publicKey } = trustedKey(createPublicKey(privateKey));
  // Ed25519 hashes by itself; with elliptic curves SHA-256 is what all of Sigstore takes.
  const algorithm = privateKey.asymmetricKeyType === "ed25519" ? null : "sha256";
  const key = { $case: "publicKey", publicKey, hint } as const;
  return { sign: (data) => Promise.resolve({ signature: sign(algorithm, data, privateKey), key }) };
}

async function identitySigner({ token, services }: Extract<SigningMethod, { type: "identity" }>): Promise<Signer> {
  checkToken(token);
  const { DEFAULT_FULCIO_URL, FulcioSigner } = await import("@sigstore/sign");
  const options: FulcioSignerOptions = {
    fulcioBaseURL: services?.fulcio ?? DEFAULT_FULCIO_URL,
    identityProvider: { getToken: () => Promise.resolve(token) },
    timeout: TIMEOUT_MS,
    retry: RETRIES,
  };
  return new FulcioSigner(options);
}

async function witnesses({ type, services }: SigningMethod): Promise<Witness[]> {
  const { DEFAULT_REKOR_URL, RekorWitness, TSAWitness } = await import("@sigstore/sign");
  const limits = { timeout: TIMEOUT_MS, retry: RETRIES };
  const rekor = services?.rekor ?? (type === "identity" ? DEFAULT_REKOR_URL : undefined);
  const all: Witness[] = [];
  if (rekor !== undefined) all.push(new RekorWitness({ rekorBaseURL: rekor, entryType: "dsse", ...limits }));
  if (services?.timestamps !== undefined) all.push(new TSAWitness({ tsaBaseURL: services.timestamps, ...limits }));
  return all;
}

/** What the library says of a token holds the token itself, so nothing of it is passed on where one was used. */
function serviceError(cause: unknown): SignatureError {
  const code = errorCode(cause);
  if (code?.startsWith("IDENTITY_TOKEN") === true) {
    return new SignatureError("SIGNATURE_TOKEN", "the identity token cannot be used", {
      remedy: "Get a fresh one: it must be an OIDC token whose audience is sigstore.",
    });
  }
  const inner = cause instanceof Error && cause.cause instanceof Error ? `: ${cause.cause.message.slice(0, 200)}` : "";
  const what = cause instanceof Error ? `${cause.message.slice(0, 200)}${inner}` : "it did not answer";
  return new SignatureError("SIGNATURE_SERVICE", `a signing service refused, or did not answer: ${what}`, {
    cause,
    remedy: "Check the network and the URLs of the services; the token may be over its time.",
  });
}
