import { resolve } from "node:path";
import type { ProviderIntegration } from "../declare/block.js";
import { checkPlan } from "../hosts/plan-file/check.js";
import type { CheckResult } from "../hosts/plan-file/check.js";
import { readPlan } from "../hosts/plan-file/read-plan.js";
import type { PlanSource } from "../hosts/plan-file/read-plan.js";
import { checkLock } from "../install/check-lock.js";
import { exitCodeOf } from "../report/exit-code.js";
import type { ExitCode } from "../report/exit-code.js";
import type { ReportFormat } from "../report/format-names.js";
import { renderReport } from "../report/formats.js";
import { safeLine } from "../base/neutralise.js";
import { CliError } from "./cli-error.js";
import type { CommandContext } from "./command.js";
import { CandidateRun } from "./install/candidate.js";
import { useColor } from "./io.js";
import type { CliIo } from "./io.js";
import { noticeLine } from "./notice-line.js";
import { writeOutput } from "./output-file.js";
import { StatusLine } from "./status-line.js";

/** What the command line of `check` says. */
export interface CheckArguments {
  readonly plan: string;
  readonly config: string;
  readonly format: ReportFormat;
  readonly output?: string;
  readonly parallelism?: number;
  /** A candidate that runs beside the integration of its name: `NAME@VERSION`. */
  readonly shadow?: string;
  readonly mirror?: string;
  readonly verbose: boolean;
}

function planSource(plan: string, io: CliIo): PlanSource {
  if (plan !== "-") {
    return { path: resolve(io.cwd, plan) };
  }
  const stream = io.stdin();
  if (stream.isTTY === true) {
    throw new CliError("CLI_USAGE", "a plan is to be read from standard input, but that is a terminal", {
      remedy: "Pipe it in: tofu show -json FILE | airlock check -",
    });
  }
  return { stream };
}

/** What is said of an integration under a provider: only core can evaluate it, and `check` runs no core. */
function leftOut({ name, provider, location: { file, line, column } }: ProviderIntegration): string {
  const what = `integration ${JSON.stringify(name)} under provider ${JSON.stringify(provider)}`;
  return `${file}:${line}:${column}: ${what} takes part in live runs only, not in check`;
}

async function writeReport(result: CheckResult, { format, output }: CheckArguments, io: CliIo): Promise<void> {
  if (output === undefined) {
    io.stdout.write(renderReport(format, result, { color: useColor(io.stdout, io.env) }));
  } else {
    await writeOutput(resolve(io.cwd, output), renderReport(format, result, { color: false }));
    io.stderr.write(`${result.verdict}: the report is in ${safeLine(output)}\n`);
  }
}

/** Runs `airlock check`. Throws an `AirlockError` for what is wrong with the arguments, the declarations or the plan. */
export async function runCheck(args: CheckArguments, context: CommandContext): Promise<ExitCode> {
  const { io, services } = context;
  const status = new StatusLine(io.stderr);
  const directory = resolve(io.cwd, args.config);
  const declared = await services.readDeclarations(directory);
  const { declarations, providerIntegrations } = declared;
  for (const integration of providerIntegrations) {
    status.note(`note: ${safeLine(leftOut(integration))}`);
  }
  if (declarations.length === 0) {
    throw new CliError("CLI_NO_INTEGRATIONS", `no integrations are declared in ${directory}`, {
      remedy: "Name the folder of the root module with --config DIR, or declare one in its airlock.hcl",
    });
  }
  const source = planSource(args.plan, io);
  await checkLock({ ...declared, providerIntegrations: [] }, directory);
  const beside = args.shadow === undefined ? null : new CandidateRun(args.shadow, args.mirror, context);
  await beside?.fetch(declared, directory);
  const runtime = await (beside ?? services).createRuntime({
    integrations: declarations,
    environment: io.env,
    ...(args.parallelism !== undefined && { parallelism: args.parallelism }),
    observer(notice) {
      const line = noticeLine(notice, args.verbose);
      if (line !== null) {
        status.note(line);
      }
    },
  });
  const onProgress = status.progress.bind(status);
  const result = await checkPlan({ plan: readPlan(source), runtime, onProgress, signal: io.interrupt }).finally(() => {
    status.clear();
  });
  for (const notice of result.notices) {
    status.note(`note: ${safeLine(notice)}`);
  }
  if (beside !== null) status.note(beside.render().trimEnd());
  await writeReport(result, args, io);
  return exitCodeOf(result.verdict);
}
