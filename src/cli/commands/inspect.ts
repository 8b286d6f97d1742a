import { Option } from "commander";
import type { Command } from "commander";
import { examples, FORMATS } from "../command.js";
import type { CommandContext, Format } from "../command.js";

/** `airlock inspect SOURCE`. */
export function defineInspect(program: Command, context: CommandContext): void {
  program
    .command("inspect")
    .summary("show what an integration is, without running it")
    .description("Show what an integration is: kind, flavour, hooks, imports, digest and manifest. Nothing of it runs.")
    .argument(
      "<source>",
      "a folder, an archive (.tar.gz), a .wasm, .js or .mjs file, a program, or a name to be found on PATH",
    )
    .addOption(new Option("--format <format>", "form of the output").choices(FORMATS).default("text"))
    .addHelpText(
      "after",
      examples("airlock inspect ./integrations/required-tags", "airlock inspect policy.wasm --format json"),
    )
    .action(async (source: string, { format }: { format: Format }) => {
      const { runInspect } = await import("../inspect.js");
      context.finish(await runInspect(source, format, context));
    });
}
