import { Option } from "commander";
import type { Command } from "commander";
import { examples, FORMATS } from "../command.js";
import type { CommandContext, Format } from "../command.js";

/** `airlock doctor`. */
export function defineDoctor(program: Command, context: CommandContext): void {
  program
    .command("doctor")
    .summary("show what this machine offers")
    .description(
      "Show what this machine offers: Node, tofu and terraform, the walls of the sandbox, the limits in force.",
    )
    .addOption(new Option("--format <format>", "form of the output").choices(FORMATS).default("text"))
    .addHelpText(
      "after",
      `${examples("airlock doctor", "airlock doctor --format json")}\nEnds with 2 when something that Airlock needs is missing.\n`,
    )
    .action(async ({ format }: { format: Format }) => {
      const { runDoctor } = await import("../doctor/doctor.js");
      context.finish(await runDoctor(format, context.io));
    });
}
