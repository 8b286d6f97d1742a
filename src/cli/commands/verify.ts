import { InvalidArgumentError, Option } from "commander";
import type { Command } from "commander";
import { collect, examples, FORMATS } from "../command.js";
import type { CommandContext } from "../command.js";
import type { VerifyOptions } from "../package/verify.js";

/** `airlock verify ARCHIVE`. */
export function defineVerify(program: Command, context: CommandContext): void {
  program
    .command("verify")
    .summary("verify who signed a packed integration")
    .description("Verify that an archive is what its signatures say, and that those who may sign have signed it.")
    .argument("<archive>", "the archive")
    .option("--bundle <file>", "a signature; default: the one beside the archive; may be given more than once", collect, [])
    .option("--key <file>", "a public key that may sign, PEM; may be given more than once", collect)
    .option("--identity <subject>", "who may sign; * for any run of characters; may be given more than once", collect)
    .option("--issuer <url>", "who vouches for the identities")
    .option("--threshold <count>", "distinct signers that are needed", count, 1)
    .option("--trusted-root <file>", "the trusted root of a Sigstore instance; default: the public one, by TUF")
    .addOption(
      new Option("--transparency <evidence>", "whether signatures must stand in a log; default: those of identities must").choices(
        ["required", "none"],
      ),
    )
    .option("--name <name>", "the NAMESPACE/NAME that it must be")
    .option("--package-version <version>", "the version that it must be")
    .addOption(new Option("--format <format>", "form of the output").choices(FORMATS).default("text"))
    .addHelpText(
      "after",
      `${examples(
        "airlock verify logger_1.0.0.tar.gz --key airlock.key.pub",
        'airlock verify logger_1.0.0.tar.gz --identity "https://github.com/acme/*" --issuer https://token.actions.githubusercontent.com',
      )}\nEnds with 1, and the reason, when it does not hold.\n`,
    )
    .action(async (archive: string, options: VerifyOptions) => {
      const { runVerify } = await import("../package/verify.js");
      context.finish(await runVerify(archive, options, context));
    });
}

function count(text: string): number {
  if (/^[1-9]\d?$/.test(text)) return Number(text);
  throw new InvalidArgumentError("It is a whole number from 1 to 99.");
}
