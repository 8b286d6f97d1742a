import { InvalidArgumentError, Option } from "commander";
import type { Command } from "commander";
import { MAX_TIMEOUT_MS } from "../../declare/declaration.js";
import { parseDuration } from "../../declare/quantity.js";
import type { BenchArguments } from "../bench.js";
import { examples, FORMATS } from "../command.js";
import type { CommandContext } from "../command.js";

const MAX_CALLS = 1_000_000;

function calls(text: string): number {
  const value = Number(text);
  if (!/^\d+$/.test(text) || value < 1 || value > MAX_CALLS) {
    throw new InvalidArgumentError(`It must be a whole number from 1 to ${MAX_CALLS}.`);
  }
  return value;
}

function duration(text: string): number {
  const parsed = parseDuration(text, MAX_TIMEOUT_MS);
  if ("problem" in parsed) throw new InvalidArgumentError(`${parsed.problem}.`);
  return parsed.value;
}

const HELP = `${examples(
  "airlock bench ./my-integration",
  `airlock bench policy.wasm --config-json '{"required_tags":["owner"]}'`,
  "airlock bench required_tags --config infra --plan plan.json",
  "airlock bench required_tags --plan plan.json --plan-time 45s --format json",
)}
A declared integration has the config, limits and grants of its declaration; a source that is not declared has no grants.
Ends with 1 when calls broke.
`;

/** `airlock bench SOURCE`. */
export function defineBench(program: Command, context: CommandContext): void {
  program
    .command("bench")
    .summary("measure what an integration costs: time, memory, share of a plan")
    .description("Measure what an integration costs: the time of its calls, its memory, and the share of a plan.")
    .argument("<source>", "a folder, a .wasm, .js or .mjs file, a program, or the name of a declared integration")
    .option("--plan <file>", "the JSON of `tofu show -json` or `terraform show -json`; else a small built-in plan")
    .option("--config <dir>", "folder of the root module, whose declarations are used", ".")
    .option("--config-json <json>", "the integration's config, as a JSON object")
    .option("--calls <n>", "the most calls that are measured; ten seconds at most", calls, 2_000)
    .option("--plan-time <duration>", "what the plan takes without integrations, e.g. 45s", duration)
    .addOption(new Option("--format <format>", "form of the output").choices(FORMATS).default("text"))
    .addHelpText("after", HELP)
    .action(async (source: string, options: Omit<BenchArguments, "source">) => {
      const { runBench } = await import("../bench.js");
      context.finish(await runBench({ ...options, source }, context));
    });
}
