import { Option } from "commander";
import type { Command } from "commander";
import { examples, FORMATS } from "../command.js";
import type { CommandContext } from "../command.js";
import type { MirrorOptions } from "../install/mirror.js";

/** `airlock mirror FOLDER`. */
export function defineMirror(program: Command, context: CommandContext): void {
  program
    .command("mirror")
    .summary("copy what is pinned into a folder, for machines without a network")
    .description(
      "Copy all that the lock pins, for all platforms and with signatures, into a folder. With AIRLOCK_MIRROR=FOLDER, nothing else is asked.",
    )
    .argument("<folder>", "the mirror; what is there stays")
    .option("--config <dir>", "folder of the root module", ".")
    .addOption(new Option("--format <format>", "form of the output").choices(FORMATS).default("text"))
    .addHelpText("after", examples("airlock mirror ./mirror", "AIRLOCK_MIRROR=$PWD/mirror airlock init"))
    .action(async (folder: string, options: MirrorOptions) => {
      const { runMirror } = await import("../install/mirror.js");
      context.finish(await runMirror(folder, options, context));
    });
}
