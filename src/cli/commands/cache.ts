import { InvalidArgumentError, Option } from "commander";
import type { Command } from "commander";
import { examples, FORMATS } from "../command.js";
import type { CommandContext, Format } from "../command.js";

const MAX_DAYS = 36_500;

function days(text: string): number {
  const value = Number(text);
  if (!/^\d+$/.test(text) || value > MAX_DAYS) throw new InvalidArgumentError("It must be a whole number of days.");
  return value;
}

function format(): Option {
  return new Option("--format <format>", "form of the output").choices(FORMATS).default("text");
}

/** `airlock cache list|verify|gc`. */
export function defineCache(program: Command, context: CommandContext): void {
  const cache = program
    .command("cache")
    .summary("show, verify and clear the packages that were fetched")
    .description("The packages that were fetched, shared by all projects: AIRLOCK_CACHE_DIR, else ~/.cache/airlock.")
    .addHelpText("after", examples("airlock cache list", "airlock cache verify", "airlock cache gc --unused 30"));
  cache
    .command("list")
    .description("List archives: digest, size, day of the last use.")
    .addOption(format())
    .action(async (options: { format: Format }) => {
      const { runCacheList } = await import("../cache.js");
      context.finish(await runCacheList(options.format, context));
    });
  cache
    .command("verify")
    .description("Verify each archive by its digest, and each unpacked file by its archive. Exit code 1 for a fault.")
    .addOption(format())
    .action(async (options: { format: Format }) => {
      const { runCacheVerify } = await import("../cache.js");
      context.finish(await runCacheVerify(options.format, context));
    });
  cache
    .command("gc")
    .description("Remove packages that no run used for some days, and remnants of commands that were ended.")
    .option("--unused <days>", "0 removes all", days, 30)
    .addOption(format())
    .action(async (options: { unused: number; format: Format }) => {
      const { runCacheGc } = await import("../cache.js");
      context.finish(await runCacheGc(options.unused, options.format, context));
    });
}
