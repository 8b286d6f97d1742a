import { relative, resolve } from "node:path";
import { ARCHIVE_LIMITS } from "../../package/archive/limits.js";
import { readArchive } from "../../package/archive/read.js";
import { signPackage } from "../../package/signature/sign-package.js";
import type { SigningMethod } from "../../package/signature/sign-package.js";
import { SignatureError } from "../../package/signature/signature-error.js";
import { subjectOf } from "../../package/signature/subject.js";
import { writeWhole } from "../../package/write-file.js";
import { EXIT_CODES } from "../../report/exit-code.js";
import type { ExitCode } from "../../report/exit-code.js";
import { toJsonText } from "../../report/json.js";
import { CliError } from "../cli-error.js";
import type { CommandContext, Format } from "../command.js";
import type { CliIo } from "../io.js";
import { outputError } from "../output-file.js";
import { passphraseOf } from "./passphrase.js";
import { MAX_TEXT_BYTES, readNamed } from "./read-file.js";

/** Where the token of keyless signing comes from when no option names one. */
const TOKEN_VARIABLE = "SIGSTORE_ID_TOKEN";

/** What `airlock sign` was asked for. */
export interface SignOptions {
  readonly key?: string | undefined;
  readonly passphraseFile?: string | undefined;
  readonly identityToken?: string | undefined;
  readonly fulcioUrl?: string | undefined;
  readonly rekorUrl?: string | undefined;
  readonly timestampUrl?: string | undefined;
  readonly output?: string | undefined;
  readonly format: Format;
}

/** The file beside an archive in which its bundle is. */
export function bundlePathOf(archive: string): string {
  return `${archive.replace(/\.tar\.gz$/, "")}.sigstore.json`;
}

/** Runs `airlock sign`. Throws `PackageError`, `SignatureError` and `CliError`. */
export async function runSign(archive: string, options: SignOptions, { io }: CommandContext): Promise<ExitCode> {
  const method = await methodOf(options, io);
  const subject = subjectOf(readArchive(await readNamed(io.cwd, archive, ARCHIVE_LIMITS.archiveBytes)));
  const bundle = await signPackage(subject, method);
  const path = resolve(io.cwd, options.output ?? bundlePathOf(archive));
  await writeWhole(path, bundle).catch((cause: unknown) => {
    throw outputError(path, cause instanceof Error ? cause.message : "writing failed", cause);
  });
  const { name, version, digest } = subject;
  io.stdout.write(
    options.format === "json"
      ? toJsonText({ bundle: path, name, version, digest })
      : `signed ${name} ${version}: ${relative(io.cwd, path)}\n`,
  );
  return EXIT_CODES.ok;
}

async function methodOf(options: SignOptions, io: CliIo): Promise<SigningMethod> {
  const { key, fulcioUrl: fulcio, rekorUrl: rekor, timestampUrl: timestamps } = options;
  const services = { fulcio, rekor, timestamps };
  if (key !== undefined) {
    if (options.identityToken !== undefined || fulcio !== undefined) {
      throw new CliError("CLI_USAGE", "a package is signed with a key, or keyless, not both at once", {
        remedy: "Sign it twice, with --output, to have two signatures.",
      });
    }
    const privateKey = (await readNamed(io.cwd, key, MAX_TEXT_BYTES)).toString();
    return { type: "key", privateKey, passphrase: await passphraseOf(options.passphraseFile, io), services };
  }
  const token = options.identityToken ?? io.env[TOKEN_VARIABLE] ?? "";
  if (token !== "") return { type: "identity", token, services };
  throw new SignatureError("SIGNATURE_TOKEN", "there is neither a key nor an identity token", {
    remedy: `Write --key FILE, or give the OIDC token of your CI in the environment variable ${TOKEN_VARIABLE}.`,
  });
}
