import { Option } from "commander";
import type { Command } from "commander";
import { collect, examples, FORMATS } from "../command.js";
import type { CommandContext, Format } from "../command.js";

/** `airlock attest`. */
export function defineAttest(program: Command, context: CommandContext): void {
  program
    .command("attest")
    .summary("attack the sandbox on this machine, and show that it holds")
    .description(
      "Attack the sandbox on this machine, and show that it holds. Hostile integrations are run inside it, and again without it, where their attacks must work.",
    )
    .option("--class <name>", "only this class of attacks; may be given more than once", collect, [])
    .addOption(new Option("--format <format>", "form of the output").choices(FORMATS).default("text"))
    .addHelpText(
      "after",
      `${examples("airlock attest", "airlock attest --class file --class network", "airlock attest --format json")}\nEnds with 1 when an attack got through.\n`,
    )
    .action(async ({ format, class: classes }: { format: Format; class: readonly string[] }) => {
      const { runAttest } = await import("../attest.js");
      context.finish(await runAttest({ format, classes }, context.io));
    });
}
