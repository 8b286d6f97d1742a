import { InvalidArgumentError, Option } from "commander";
import type { Command } from "commander";
import { REPORT_FORMATS } from "../../report/format-names.js";
import { examples } from "../command.js";
import type { CommandContext } from "../command.js";
import type { CheckArguments } from "../check.js";

const MAX_PARALLELISM = 256;

function parallelism(text: string): number {
  const value = Number(text);
  if (!/^\d+$/.test(text) || value < 1 || value > MAX_PARALLELISM) {
    throw new InvalidArgumentError(`It must be a whole number from 1 to ${MAX_PARALLELISM}.`);
  }
  return value;
}

const HELP = `${examples(
  "tofu plan -out tf.plan && tofu show -json tf.plan > plan.json",
  "airlock check plan.json",
  "terraform show -json tf.plan | airlock check - --format json",
  "airlock check plan.json --shadow budget@1.3.0",
  "airlock check plan.json --config infra --format json --output report.json",
)}
Exit codes:
  0    pass, or only warnings
  1    an integration said fail
  2    wrong usage, declaration or plan
  3    an integration broke under on_error = "fail"
  130  interrupted
`;

/** `airlock check PLAN`. */
export function defineCheck(program: Command, context: CommandContext): void {
  program
    .command("check")
    .summary("let the declared integrations judge a plan")
    .description("Let the integrations that a configuration declares judge the JSON of a plan.")
    .argument("<plan>", "the JSON of `tofu show -json` or `terraform show -json`; - reads standard input")
    .option("--config <dir>", "folder of the root module, whose integrations are used", ".")
    .addOption(new Option("--format <format>", "form of the report").choices(REPORT_FORMATS).default("text"))
    .option("--output <file>", "write the report to a file instead of standard output")
    .option("--parallelism <n>", "how many instances of a stateless integration run at once", parallelism)
    .option("--shadow <name@version>", "run this version beside the one that is installed, and tell where it differs")
    .option("--mirror <dir>", "take that version from this mirror, and ask no host")
    .option("--verbose", "show what integrations log, on standard error", false)
    .addHelpText("after", HELP)
    .action(async (plan: string, options: Omit<CheckArguments, "plan">) => {
      const { runCheck } = await import("../check.js");
      context.finish(await runCheck({ ...options, plan }, context));
    });
}
