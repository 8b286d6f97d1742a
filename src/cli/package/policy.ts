import { resolve } from "node:path";
import { readPublicKey } from "../../package/signature/keys.js";
import { publicTrustedRoot, readTrustedRoot } from "../../package/signature/trusted-root.js";
import type { TrustedIdentity, TrustedKey, TrustPolicy } from "../../package/signature/types.js";
import { defaultRootsFolder } from "../../package/signature/verify-package.js";
import { CliError } from "../cli-error.js";
import type { CliIo } from "../io.js";
import { MAX_TEXT_BYTES, readNamed } from "./read-file.js";

/** Who may sign, as the options of a command line say it. */
export interface SignerOptions {
  readonly key?: readonly string[] | undefined;
  readonly identity?: readonly string[] | undefined;
  readonly issuer?: string | undefined;
}

/** The identities that are named. A `*` makes a pattern. Throws `CliError` CLI_USAGE for half of one. */
export function identitiesOf({ identity = [], issuer }: SignerOptions): TrustedIdentity[] {
  if ((issuer === undefined) !== (identity.length === 0)) {
    throw new CliError("CLI_USAGE", "--identity and --issuer belong together", {
      remedy: 'Write --identity SUBJECT --issuer URL, such as --issuer "https://token.actions.githubusercontent.com".',
    });
  }
  return identity.map((text) =>
    text.includes("*") ? { issuer: issuer ?? "", subjectPattern: text } : { issuer: issuer ?? "", subject: text },
  );
}

/** The public keys that are named by their files. Rejects with `SignatureError` and `PackageError`. */
export async function keysOf({ key = [] }: SignerOptions, cwd: string): Promise<TrustedKey[]> {
  return Promise.all(
    key.map(async (path) => readPublicKey((await readNamed(cwd, path, MAX_TEXT_BYTES)).toString(), path)),
  );
}

/** Options of `airlock verify` that make a policy. */
export interface PolicyOptions extends SignerOptions {
  readonly threshold: number;
  readonly transparency?: TrustPolicy["transparency"] | undefined;
  readonly trustedRoot?: string | undefined;
}

/** The policy of a command line. A log is required where identities are named, unless it is said otherwise. */
export async function policyOf(options: PolicyOptions, cwd: string): Promise<TrustPolicy> {
  const identities = identitiesOf(options);
  const { threshold, transparency = identities.length > 0 ? "required" : "none", trustedRoot } = options;
  return {
    identities,
    keys: await keysOf(options, cwd),
    threshold,
    transparency,
    ...(trustedRoot !== undefined && { trustedRoot: resolve(cwd, trustedRoot) }),
  };
}

/** The trusted root of a file, or that of the public-good instance. */
export function rootOf(trustedRoot: string | undefined, io: CliIo): () => ReturnType<typeof readTrustedRoot> {
  if (trustedRoot !== undefined) return () => readTrustedRoot(resolve(io.cwd, trustedRoot));
  return () => publicTrustedRoot({ folder: defaultRootsFolder(io.env), warn: warner(io) });
}

/** Says a warning on standard error. */
export function warner(io: CliIo): (message: string) => void {
  return (message) => {
    io.stderr.write(`Warning: ${message}\n`);
  };
}
