import { Option } from "commander";
import type { Command } from "commander";
import { collect, examples, FORMATS } from "../command.js";
import type { CommandContext } from "../command.js";
import type { VerifyBundleOptions } from "../package/verify-bundle.js";

/** `airlock verify-bundle`. */
export function defineVerifyBundle(program: Command, context: CommandContext): void {
  program
    .command("verify-bundle")
    .summary("verify any Sigstore bundle against an artifact or its digest")
    .description(
      "Verify a Sigstore bundle (versions 0.1 to 0.3; of a message, or of an in-toto statement) against an artifact or its digest.",
    )
    .requiredOption("--bundle <file>", "the bundle")
    .option("--artifact <file>", "what was signed, or is a subject of the signed statement")
    .option("--digest <digest>", "its digest instead: sha256: and 64 hex digits")
    .option("--trusted-root <file>", "the trusted root of a Sigstore instance; default: the public one, by TUF")
    .option(
      "--identity <subject>",
      "who may have signed; * for any run of characters; may be given more than once",
      collect,
    )
    .option("--issuer <url>", "who vouches for the identity")
    .option("--key <file>", "the public key that may have signed, PEM", collect)
    .addOption(
      new Option("--transparency <evidence>", "whether it must stand in a log")
        .choices(["required", "none"])
        .default("required"),
    )
    .addOption(new Option("--format <format>", "form of the output").choices(FORMATS).default("text"))
    .addHelpText(
      "after",
      `${examples(
        "airlock verify-bundle --bundle a.sigstore.json --artifact a.txt --identity me@example.com --issuer https://accounts.google.com",
        "airlock verify-bundle --bundle a.sigstore.json --digest sha256:… --key cosign.pub --trusted-root trusted_root.json",
      )}\nEnds with 1, and the reason, when the bundle does not hold.\n`,
    )
    .action(async (options: VerifyBundleOptions) => {
      const { runVerifyBundle } = await import("../package/verify-bundle.js");
      context.finish(await runVerifyBundle(options, context));
    });
}
