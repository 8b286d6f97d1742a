import { join } from "node:path";
import type { TrustedRoot } from "@sigstore/protobuf-specs";
import { safeLine } from "../../base/neutralise.js";
import { cachePlaces } from "../cache/places.js";
import { verifyEvidence } from "./evidence.js";
import { parsePackageBundle } from "./parse-bundle.js";
import { checkIdentity, checkPolicy, keyFor } from "./policy.js";
import { malformed, refusal, signerText } from "./refusals.js";
import { SignatureError } from "./signature-error.js";
import { checkStatement } from "./statement.js";
import { publicTrustedRoot, readTrustedRoot } from "./trusted-root.js";
import type { PackageSubject, Signer, TrustPolicy } from "./types.js";

/** Bundles of one archive; more are none that a package needs. */
const MAX_BUNDLES = 32;
const MAX_SHOWN = 5;

/** What is verified against what. */
export interface VerifyPackageOptions {
  /** All bundles that came with the archive, as bytes of strangers. */
  readonly bundles: readonly Uint8Array[];
  /** Read from the archive by `subjectOf`; the caller compares it to what was asked for. */
  readonly subject: PackageSubject;
  readonly policy: TrustPolicy;
  /** Where the bundles come from, for messages: a URL or a path. */
  readonly from?: string | undefined;
  /** Folder in which the roots of the public-good instance are kept between runs; absent = in the user's cache folder. */
  readonly rootsFolder?: string | undefined;
  /** Told when those roots could not be refreshed; absent = nobody is. */
  readonly warn?: ((message: string) => void) | undefined;
  /** Now, in ms since 1970; absent = the clock. Evidence from the future is refused. */
  readonly now?: number | undefined;
}

/**
 * The distinct signers that the policy names and whose signature over `subject` holds: at least `threshold`. Bundles that
 * are refused count for nothing; when too few are left the error says why each one was. Makes no request unless a bundle needs
 * the roots of the public-good instance. Rejects with `SignatureError`.
 */
export async function verifyPackage(options: VerifyPackageOptions): Promise<readonly Signer[]> {
  const { bundles, subject, policy, from } = options;
  checkPolicy(policy);
  const origin = from === undefined ? "" : `; the signature is from ${safeLine(from)}`;
  const what = `${subject.name} ${subject.version}`;
  if (bundles.length === 0) {
    const remedy =
      "Ask its publisher for a signature. To use it without one, say so by name in its declaration: unsigned = true.";
    throw refusal("SIGNATURE_MISSING", `${what} is not signed${origin}`, remedy);
  }
  if (bundles.length > MAX_BUNDLES) throw malformed(`${what} comes with more than ${MAX_BUNDLES} bundles${origin}`);
  const root = rootOf(options);
  const signers = new Map<string, Signer>();
  const refusals: SignatureError[] = [];
  for (const bundle of bundles) {
    try {
      const signer = await verifyOne(bundle, options, root);
      signers.set(signerText(signer), signer);
    } catch (error) {
      if (!(error instanceof SignatureError) || error.code === "SIGNATURE_TRUSTED_ROOT") throw error;
      refusals.push(error);
    }
  }
  if (signers.size >= policy.threshold) return [...signers.values()];
  const [only, second] = refusals;
  if (only !== undefined && second === undefined && bundles.length === 1) {
    throw refusal(only.code, `${what}: ${only.message}${origin}`, only.remedy, only);
  }
  const held = signers.size === 0 ? "nobody" : [...signers.keys()].join(", ");
  const why = refusals.slice(0, MAX_SHOWN).map((error) => `${error.message} (${error.code})`);
  const refused = why.length === 0 ? "" : `; refused: ${why.join("; ")}`;
  const message = `${what} needs ${policy.threshold} distinct signers, and is signed by ${held}${refused}${origin}`;
  throw refusal("SIGNATURE_THRESHOLD", message, undefined, only);
}

async function verifyOne(
  bytes: Uint8Array,
  options: VerifyPackageOptions,
  root: () => Promise<TrustedRoot>,
): Promise<Signer> {
  const { policy, subject, now = Date.now() } = options;
  const bundle = parsePackageBundle(bytes);
  const { content } = bundle;
  if (content.$case !== "dsseEnvelope") throw malformed("the bundle holds no statement");
  const signer = await verifyEvidence({
    bundle,
    key: (hint) => keyFor(hint, policy.keys),
    transparency: policy.transparency,
    root,
    now,
  });
  checkKeyName(content.dsseEnvelope.signatures[0]?.keyid ?? "", signer);
  checkIdentity(signer, policy.identities);
  checkStatement(content.dsseEnvelope.payloadType, content.dsseEnvelope.payload, subject);
  return signer;
}

/** The envelope's own name for the key is signed by nobody, so it has one value. */
function checkKeyName(keyid: string, signer: Signer): void {
  if (keyid === (signer.type === "key" ? signer.id : "")) return;
  throw malformed("the envelope names another key than the bundle");
}

/** Read or fetched once, by the first bundle that needs it. */
function rootOf({ policy, rootsFolder, warn }: VerifyPackageOptions): () => Promise<TrustedRoot> {
  let root: Promise<TrustedRoot> | null = null;
  return () => {
    root ??=
      policy.trustedRoot === undefined
        ? publicTrustedRoot({ folder: rootsFolder ?? defaultRootsFolder(process.env), warn: warn ?? (() => undefined) })
        : readTrustedRoot(policy.trustedRoot);
    return root;
  };
}

/** Where the roots of the public-good instance are kept: beside what is cached of packages. */
export function defaultRootsFolder(environment: Readonly<Record<string, string | undefined>>): string {
  return join(cachePlaces(environment).folder, "roots");
}
