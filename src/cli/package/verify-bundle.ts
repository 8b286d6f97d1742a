import { safeLine } from "../../base/neutralise.js";
import { PackageError } from "../../package/package-error.js";
import { MAX_BUNDLE_BYTES } from "../../package/signature/parse-bundle.js";
import { checkIdentity } from "../../package/signature/policy.js";
import { SignatureError } from "../../package/signature/signature-error.js";
import type { Signer, TrustPolicy } from "../../package/signature/types.js";
import { verifyAny } from "../../package/signature/verify-any.js";
import { EXIT_CODES } from "../../report/exit-code.js";
import type { ExitCode } from "../../report/exit-code.js";
import { toJsonText } from "../../report/json.js";
import { CliError } from "../cli-error.js";
import type { CommandContext, Format } from "../command.js";
import { useColor } from "../io.js";
import { renderError } from "../render-error.js";
import { identitiesOf, keysOf, rootOf } from "./policy.js";
import type { SignerOptions } from "./policy.js";
import { readNamed } from "./read-file.js";

const MAX_ARTIFACT_BYTES = 1024 * 1024 * 1024;
const DIGEST = /^sha256:[0-9a-f]{64}$/;

/** What `airlock verify-bundle` was asked for. */
export interface VerifyBundleOptions extends SignerOptions {
  readonly bundle: string;
  readonly artifact?: string | undefined;
  readonly digest?: string | undefined;
  readonly trustedRoot?: string | undefined;
  readonly transparency: TrustPolicy["transparency"];
  readonly format: Format;
}

/** Runs `airlock verify-bundle`: 0 when it holds, 1 with the reason when it does not. Throws `CliError` CLI_USAGE. */
export async function runVerifyBundle(options: VerifyBundleOptions, { io }: CommandContext): Promise<ExitCode> {
  checkUsage(options);
  try {
    return sayVerified(await verify(options, io), options, io);
  } catch (error) {
    return sayRefused(error, options.format, io);
  }
}

async function verify(options: VerifyBundleOptions, io: CommandContext["io"]): Promise<Signer> {
  const { digest, artifact = "", trustedRoot, transparency } = options;
  const [key] = await keysOf(options, io.cwd);
  const signer = await verifyAny({
    bundle: await readNamed(io.cwd, options.bundle, MAX_BUNDLE_BYTES),
    artifact: digest ?? (await readNamed(io.cwd, artifact, MAX_ARTIFACT_BYTES)),
    key,
    transparency,
    root: rootOf(trustedRoot, io),
  });
  checkIdentity(signer, identitiesOf(options));
  return signer;
}

function checkUsage({ artifact, digest, key = [], identity = [], issuer }: VerifyBundleOptions): void {
  const fail = (message: string, remedy: string): never => {
    throw new CliError("CLI_USAGE", message, { remedy });
  };
  if ((artifact === undefined) === (digest === undefined)) {
    fail("one of --artifact and --digest is needed", "Write --artifact FILE or --digest sha256:HEX.");
  }
  if (digest !== undefined && !DIGEST.test(digest))
    fail("--digest is no digest", "Write --digest sha256: and 64 hex digits.");
  if (key.length > 1) fail("one --key at most can verify one bundle", "Name the one that signed it.");
  if (key.length > 0 && identity.length + (issuer ?? "").length > 0) {
    fail("a bundle is signed by a key or by an identity, not by both", "Name the one that you expect.");
  }
  if (key.length + identity.length === 0) {
    fail("nobody is named who may have signed it", "Write --identity SUBJECT --issuer URL, or --key FILE.");
  }
}

/** Says who signed. */
function sayVerified(signer: Signer, { format }: { format: Format }, io: CommandContext["io"]): ExitCode {
  io.stdout.write(
    format === "json" ? toJsonText({ verified: true, signers: [signer] }) : `verified: signed by ${signerLine(signer)}\n`,
  );
  return EXIT_CODES.ok;
}

/** A signer for people. */
export function signerLine(signer: Signer): string {
  return signer.type === "key" ? `the key ${signer.id}` : `${safeLine(signer.subject)} (${safeLine(signer.issuer)})`;
}

/** Says why something was refused, with exit code 1; rethrows what is no refusal. */
export function sayRefused(error: unknown, format: Format, io: CommandContext["io"]): ExitCode {
  if (!(error instanceof SignatureError) && !(error instanceof PackageError)) throw error;
  const { code, message, remedy = null } = error;
  if (format === "json") io.stdout.write(toJsonText({ verified: false, error: { code, message, remedy } }));
  io.stderr.write(renderError(error, { color: useColor(io.stderr, io.env), cwd: io.cwd }));
  return EXIT_CODES.fail;
}
