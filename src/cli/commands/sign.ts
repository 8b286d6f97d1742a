import { Option } from "commander";
import type { Command } from "commander";
import { examples, FORMATS } from "../command.js";
import type { CommandContext } from "../command.js";
import type { SignOptions } from "../package/sign.js";

/** `airlock sign ARCHIVE`. */
export function defineSign(program: Command, context: CommandContext): void {
  program
    .command("sign")
    .summary("sign a packed integration")
    .description("Sign an archive of airlock pack, with a private key, or keyless with the identity of an OIDC token.")
    .argument("<archive>", "the archive")
    .option("--key <file>", "the private key; without one the package is signed keyless")
    .option("--passphrase-file <file>", "its first line is the passphrase of the key; default: AIRLOCK_KEY_PASSPHRASE")
    .option("--identity-token <token>", "the OIDC token for keyless signing; better: SIGSTORE_ID_TOKEN")
    .option("--fulcio-url <url>", "certificate authority of a private instance")
    .option("--rekor-url <url>", "transparency log; with --key, none is used unless it is named")
    .option("--timestamp-url <url>", "timestamp authority, in addition")
    .option("--output <file>", "the bundle; default: beside the archive, ending in .sigstore.json")
    .addOption(new Option("--format <format>", "form of the output").choices(FORMATS).default("text"))
    .addHelpText("after", examples("airlock sign logger_1.0.0.tar.gz --key airlock.key", "airlock sign logger_1.0.0.tar.gz"))
    .action(async (archive: string, options: SignOptions) => {
      const { runSign } = await import("../package/sign.js");
      context.finish(await runSign(archive, options, context));
    });
}
