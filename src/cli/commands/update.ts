import { Option } from "commander";
import type { Command } from "commander";
import { examples, FORMATS } from "../command.js";
import type { CommandContext } from "../command.js";
import type { OutdatedOptions } from "../install/outdated.js";
import type { UpdateOptions } from "../install/update.js";

/** `airlock outdated` and `airlock update NAME…`. */
export function defineUpdate(program: Command, context: CommandContext): void {
  program
    .command("outdated")
    .summary("show which integrations have newer versions")
    .description("Show which integrations from elsewhere have newer versions. Nothing is fetched or changed.")
    .option("--config <dir>", "folder of the root module", ".")
    .option("--mirror <dir>", "ask this mirror and no host")
    .option("--exit-code", "end with 1 when something is outdated or was withdrawn", false)
    .addOption(new Option("--format <format>", "form of the output").choices(FORMATS).default("text"))
    .addHelpText("after", examples("airlock outdated", "airlock outdated --exit-code --format json"))
    .action(async (options: OutdatedOptions) => {
      const { runOutdated } = await import("../install/outdated.js");
      context.finish(await runOutdated(options, context));
    });
  program
    .command("update")
    .summary("move integrations to the newest version that is allowed")
    .description(
      "Move integrations from elsewhere to the newest version that their declarations allow, and change the lock. Nothing of them runs.",
    )
    .argument("<names...>", "declared names")
    .option("--config <dir>", "folder of the root module", ".")
    .option("--mirror <dir>", "take everything from this mirror, and ask no host")
    .option("--approve <name>", "agree to what changes for it; may be given more than once", collect, [])
    .addHelpText("after", examples("airlock update budget", "airlock update budget --approve budget"))
    .action(async (names: string[], options: UpdateOptions) => {
      const { runUpdate } = await import("../install/update.js");
      context.finish(await runUpdate(names, options, context));
    });
}

function collect(value: string, before: readonly string[]): readonly string[] {
  return [...before, value];
}
