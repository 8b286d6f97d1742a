import { InvalidArgumentError, Option } from "commander";
import type { Command } from "commander";
import { METADATA_FORMATS } from "../../report/metadata-formats.js";
import { examples, FORMATS } from "../command.js";
import type { CommandContext, Format } from "../command.js";
import type { ListOptions } from "../metadata/list.js";
import type { RmOptions } from "../metadata/rm.js";
import type { SetOptions } from "../metadata/set.js";
import type { PlaceOptions } from "../metadata/with-store.js";

const PATTERNS = `
Patterns: an address, a resource with count or for_each, a module, or a glob
with * and ?. Quote them for your shell.
`;

function version(text: string): number {
  const value = Number(text);
  if (!/^\d{1,9}$/.test(text)) throw new InvalidArgumentError("It must be a whole number from 0.");
  return value;
}

/** A subcommand with what all of them have. */
function define(group: Command, name: string, summary: string, help: string): Command {
  return group
    .command(name)
    .summary(summary)
    .description(`${summary.charAt(0).toUpperCase()}${summary.slice(1)}.`)
    .option("--core <path>", "the tofu or terraform to ask; else AIRLOCK_CORE, tofu, terraform")
    .option("--chdir <dir>", "folder of the root module; -chdir=DIR does the same")
    .addHelpText("after", help);
}

function defineReading(group: Command, context: CommandContext): void {
  define(
    group,
    "list",
    "list what integrations stored",
    `${PATTERNS}${examples(
      "airlock metadata list",
      "airlock metadata list module.site --integration cost_tracker --format csv",
      "airlock metadata list --query '[?data.monthly > `100`].address' --format json",
      "airlock metadata list --orphans",
    )}`,
  )
    .argument("[patterns...]", "only of these addresses")
    .option("--integration <name>", "only of this integration")
    .option("--query <jmespath>", "what to find in the list that --format json prints")
    .addOption(new Option("--format <format>", "form of the output").choices(METADATA_FORMATS).default("table"))
    .option("--orphans", "only what nobody reads any more", false)
    .action(async (patterns: string[], options: ListOptions) => {
      const { runList } = await import("../metadata/list.js");
      context.finish(await runList(patterns, options, context));
    });
  define(
    group,
    "get",
    "print what is stored for a resource, as JSON",
    examples("airlock metadata get aws_instance.web", "airlock metadata get 'aws_instance.web[0]' --integration owner"),
  )
    .argument("<address>", "address of the resource")
    .option("--integration <name>", "only what this integration stored")
    .action(async (address: string, options: PlaceOptions & { integration?: string }) => {
      const { runGet } = await import("../metadata/get.js");
      context.finish(await runGet(address, options, context));
    });
}

function defineWriting(group: Command, context: CommandContext): void {
  define(
    group,
    "set",
    "store metadata of an integration for a resource",
    examples(
      `airlock metadata set aws_instance.web --integration owner '{"team":"web"}'`,
      "jq .web owners.json | airlock metadata set aws_instance.web --integration owner -",
    ),
  )
    .argument("<address>", "address of the resource")
    .argument("<json>", "a JSON object; - reads standard input")
    .requiredOption("--integration <name>", "whose it is to be")
    .option("--metadata-version <n>", "the metadata_version that it is of; else as before, or 0", version)
    .action(async (address: string, json: string, options: SetOptions) => {
      const { runSet } = await import("../metadata/set.js");
      context.finish(await runSet(address, json, options, context));
    });
  define(
    group,
    "rm",
    "remove what integrations stored",
    `${PATTERNS}${examples(
      "airlock metadata rm aws_instance.web --integration owner",
      "airlock metadata rm --orphans --dry-run",
    )}`,
  )
    .argument("[patterns...]", "of these addresses")
    .option("--integration <name>", "only of this integration")
    .option("--orphans", "what is stored for resources that are gone, or by integrations not declared", false)
    .option("--damaged", "what stands under Airlock's key and is not Airlock's", false)
    .option("--dry-run", "only say what would be removed", false)
    .action(async (patterns: string[], options: RmOptions) => {
      const { runRm } = await import("../metadata/rm.js");
      context.finish(await runRm(patterns, options, context));
    });
}

function defineTransfer(group: Command, context: CommandContext): void {
  define(
    group,
    "export",
    "write all metadata as JSON, to be imported elsewhere",
    examples("airlock metadata export metadata.json", "airlock -chdir=prod metadata export | jq .metadata"),
  )
    .argument("[file]", "the file; standard output when left out")
    .option("--integration <name>", "only of this integration")
    .action(async (file: string | undefined, options: PlaceOptions & { integration?: string }) => {
      const { runExport } = await import("../metadata/transfer.js");
      context.finish(await runExport(file, options, context));
    });
  define(
    group,
    "import",
    "store what was exported from another state",
    `${examples(
      "airlock metadata import metadata.json --dry-run",
      "airlock metadata import metadata.json",
    )}\nEnds with 1 when addresses of the file are not in the state; the others are stored.\n`,
  )
    .argument("<file>", "an export; - reads standard input")
    .option("--integration <name>", "only of this integration")
    .option("--dry-run", "only say what would be stored", false)
    .action(async (file: string, options: PlaceOptions & { integration?: string; dryRun: boolean }) => {
      const { runImport } = await import("../metadata/transfer.js");
      context.finish(await runImport(file, options, context));
    });
  define(
    group,
    "diff",
    "compare an export with the state, or with another export",
    `${examples("airlock metadata diff yesterday.json", "airlock metadata diff yesterday.json today.json --format json")}
Ends with 0 when they say the same, with 1 when not.\n`,
  )
    .argument("<file>", "an export")
    .argument("[other]", "another one; the state when left out")
    .addOption(new Option("--format <format>", "form of the output").choices(FORMATS).default("text"))
    .action(async (file: string, other: string | undefined, options: PlaceOptions & { format: Format }) => {
      const { runDiff } = await import("../metadata/transfer.js");
      context.finish(await runDiff(file, other, options, context));
    });
}

/** `airlock metadata …`. */
export function defineMetadata(program: Command, context: CommandContext): void {
  const group = program
    .command("metadata")
    .summary("list, change and move what integrations stored")
    .description("List, change and move what integrations stored for resources, in the state and beside it.")
    .addHelpText(
      "after",
      `${examples("airlock metadata list", "airlock metadata get aws_instance.web", "airlock metadata list --help")}
Exit codes: 0, 1 where a command says so, 2 when something was wrong and nothing was changed.\n`,
    );
  defineReading(group, context);
  defineWriting(group, context);
  defineTransfer(group, context);
}
