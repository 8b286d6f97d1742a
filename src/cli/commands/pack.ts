import { Option } from "commander";
import type { Command } from "commander";
import { collect, examples, FORMATS } from "../command.js";
import type { CommandContext } from "../command.js";
import type { PackCommandOptions } from "../package/pack.js";

/** `airlock pack DIR`. */
export function definePack(program: Command, context: CommandContext): void {
  program
    .command("pack")
    .summary("pack an integration into an archive that can be published")
    .description("Pack a folder with an integration.json into an archive: the same files give the same bytes on every machine.")
    .argument("<folder>", "the folder of the integration")
    .option("--platform <platform>", "only this platform of the manifest, such as linux_amd64; may be given more than once", collect, [])
    .option("--output <folder>", "where the archive is written", ".")
    .addOption(new Option("--format <format>", "form of the output").choices(FORMATS).default("text"))
    .addHelpText("after", examples("airlock pack .", "airlock pack ./my-integration --platform linux_amd64 --output dist"))
    .action(async (folder: string, options: PackCommandOptions) => {
      const { runPack } = await import("../package/pack.js");
      context.finish(await runPack(folder, options, context));
    });
}
