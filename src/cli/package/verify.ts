import { ARCHIVE_LIMITS } from "../../package/archive/limits.js";
import { readArchive } from "../../package/archive/read.js";
import { MAX_BUNDLE_BYTES } from "../../package/signature/parse-bundle.js";
import { mismatch } from "../../package/signature/refusals.js";
import { subjectOf } from "../../package/signature/subject.js";
import type { Signer } from "../../package/signature/types.js";
import { defaultRootsFolder, verifyPackage } from "../../package/signature/verify-package.js";
import { EXIT_CODES } from "../../report/exit-code.js";
import type { ExitCode } from "../../report/exit-code.js";
import { toJsonText } from "../../report/json.js";
import type { CommandContext, Format } from "../command.js";
import { policyOf, warner } from "./policy.js";
import type { PolicyOptions } from "./policy.js";
import { readNamed } from "./read-file.js";
import { bundlePathOf } from "./sign.js";
import { sayRefused, signerLine } from "./verify-bundle.js";

/** What `airlock verify` was asked for. */
export interface VerifyOptions extends PolicyOptions {
  /** None = the one beside the archive. */
  readonly bundle: readonly string[];
  /** `NAMESPACE/NAME` and version that are expected; absent = whatever the archive says. */
  readonly name?: string | undefined;
  readonly packageVersion?: string | undefined;
  readonly format: Format;
}

/** Runs `airlock verify`: 0 when enough signatures hold, 1 with the reason when not. Throws `CliError` CLI_USAGE. */
export async function runVerify(archive: string, options: VerifyOptions, context: CommandContext): Promise<ExitCode> {
  const { io } = context;
  try {
    const signers = await verify(archive, options, context);
    io.stdout.write(
      options.format === "json"
        ? toJsonText({ verified: true, signers })
        : signers.map((signer) => `verified: signed by ${signerLine(signer)}\n`).join(""),
    );
    return EXIT_CODES.ok;
  } catch (error) {
    return sayRefused(error, options.format, io);
  }
}

async function verify(archive: string, options: VerifyOptions, { io }: CommandContext): Promise<readonly Signer[]> {
  const policy = await policyOf(options, io.cwd);
  const subject = subjectOf(readArchive(await readNamed(io.cwd, archive, ARCHIVE_LIMITS.archiveBytes)));
  const { name = subject.name, packageVersion: version = subject.version } = options;
  if (name !== subject.name) throw mismatch("SIGNATURE_WRONG_NAME", "package", name, subject.name);
  if (version !== subject.version) throw mismatch("SIGNATURE_WRONG_VERSION", "version", version, subject.version);
  const paths = options.bundle.length > 0 ? options.bundle : [bundlePathOf(archive)];
  const bundles = await Promise.all(paths.map((path) => readNamed(io.cwd, path, MAX_BUNDLE_BYTES)));
  const rootsFolder = defaultRootsFolder(io.env);
  return verifyPackage({ bundles, subject, policy, from: paths.join(", "), rootsFolder, warn: warner(io) });
}
