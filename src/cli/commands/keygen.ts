import { Option } from "commander";
import type { Command } from "commander";
import { examples, FORMATS } from "../command.js";
import type { CommandContext } from "../command.js";
import type { KeygenOptions } from "../package/keygen.js";

/** `airlock keygen`. */
export function defineKeygen(program: Command, context: CommandContext): void {
  program
    .command("keygen")
    .summary("make a pair of keys to sign packages with")
    .description("Make a pair of keys to sign packages with. The private one is encrypted when there is a passphrase.")
    .addOption(new Option("--type <type>", "kind of key").choices(["ecdsa-p256", "ed25519"]).default("ecdsa-p256"))
    .option("--output <file>", "the private key; the public one gets .pub behind its name", "airlock.key")
    .option("--passphrase-file <file>", "its first line is the passphrase; default: AIRLOCK_KEY_PASSPHRASE")
    .addOption(new Option("--format <format>", "form of the output").choices(FORMATS).default("text"))
    .addHelpText("after", examples("airlock keygen", "airlock keygen --type ed25519 --output release.key"))
    .action(async (options: KeygenOptions) => {
      const { runKeygen } = await import("../package/keygen.js");
      context.finish(await runKeygen(options, context));
    });
}
