import { Option } from "commander";
import type { Command } from "commander";
import { examples, FORMATS } from "../command.js";
import type { CommandContext } from "../command.js";
import type { PublishArguments, YankArguments } from "../publish.js";

const HELP = `${examples(
  "airlock publish ./integrations/required-tags --to ./site",
  "airlock publish dist/budget_1.2.0*.tar.gz --to ./site",
  "airlock publish dist/budget_1.2.0.tar.gz --to oci://registry.example.com/acme/budget",
)}
Signatures are taken from beside an archive: FILE.sigstore.json. A folder is packed as it is, without a signature.
Any static web server can serve a folder that was published to; docs/registry-protocol.md says what is in it.
`;

/** `airlock publish PATH... --to PLACE`. */
export function definePublish(program: Command, context: CommandContext): void {
  program
    .command("publish")
    .summary("publish packages to a folder that any web server can serve, or to an OCI registry")
    .description("Publish archives, or folders of packages. A version that is published never changes.")
    .argument("<path...>", "archives of `airlock pack`, or folders of packages")
    .requiredOption("--to <place>", "a folder, or oci://HOST/REPOSITORY")
    .addOption(new Option("--format <format>", "form of the output").choices(FORMATS).default("text"))
    .addHelpText("after", HELP)
    .action(async (paths: string[], options: Omit<PublishArguments, "paths">) => {
      const { runPublish } = await import("../publish.js");
      context.finish(await runPublish({ ...options, paths }, context));
    });
}

/** `airlock yank NAME@VERSION --to FOLDER`. */
export function defineYank(program: Command, context: CommandContext): void {
  program
    .command("yank")
    .summary("withdraw a published version")
    .description("Mark a version in a registry's folder as withdrawn: nobody gets it who does not ask for it.")
    .argument("<version>", "NAMESPACE/NAME@VERSION")
    .requiredOption("--to <folder>", "the folder that it was published to")
    .option("--reason <text>", "what users are told", "")
    .option("--undo", "take the mark away again", false)
    .addHelpText("after", examples('airlock yank acme/budget@1.2.0 --to ./site --reason "wrong prices, use 1.2.1"'))
    .action(async (version: string, options: Omit<YankArguments, "version">) => {
      const { runYank } = await import("../publish.js");
      context.finish(await runYank({ ...options, version }, context));
    });
}
