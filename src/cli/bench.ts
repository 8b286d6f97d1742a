import { basename, resolve } from "node:path";
import { parseJson } from "../protocol/json.js";
import { NAME_PATTERN } from "../declare/declaration.js";
import type { IntegrationDeclarationInput } from "../declare/declaration.js";
import { readPlan } from "../hosts/plan-file/read-plan.js";
import { DEFAULT_LIMITS } from "../protocol/limits.js";
import { EXIT_CODES } from "../report/exit-code.js";
import type { ExitCode } from "../report/exit-code.js";
import { renderTrialJson, renderTrialText } from "../report/trial-report.js";
import type { TrialReport } from "../report/trial-report.js";
import { builtInPlan } from "../trial/built-in-plan.js";
import { runTrial } from "../trial/trial.js";
import { CliError } from "./cli-error.js";
import type { CommandContext, Format } from "./command.js";
import { useColor } from "./io.js";
import { StatusLine } from "./status-line.js";

/** What the command line of `bench` says. */
export interface BenchArguments {
  readonly source: string;
  readonly plan?: string;
  readonly config: string;
  readonly configJson?: string;
  readonly calls: number;
  /** In ms. */
  readonly planTime?: number;
  readonly format: Format;
}

/** The declared integration of this name; for anything else a declaration of that source, without any grant. */
async function declarationOf(
  args: BenchArguments,
  { io, services }: CommandContext,
): Promise<IntegrationDeclarationInput> {
  const { source, configJson } = args;
  const config = configJson === undefined ? {} : { config: configOf(configJson) };
  if (NAME_PATTERN.test(source)) {
    const { declarations } = await services.readDeclarations(resolve(io.cwd, args.config));
    const declared = declarations.find(({ name }) => name === source);
    // It is measured alone, so there is nobody to come after.
    if (declared !== undefined) return { ...declared, after: [], ...config };
  }
  const named = basename(resolve(io.cwd, source))
    .replace(/\.\w+$/, "")
    .replaceAll(/[^A-Za-z0-9_-]/g, "_");
  return { name: NAME_PATTERN.test(named) ? named : "integration", source, directory: io.cwd, ...config };
}

function configOf(text: string): Record<string, unknown> {
  const remedy = `Write a JSON object, e.g. --config-json '{"required_tags":["owner"]}'`;
  try {
    const value = parseJson(text, DEFAULT_LIMITS.messageBytes);
    if (typeof value === "object" && value !== null && !Array.isArray(value)) return { ...value };
  } catch (cause) {
    throw new CliError("CLI_USAGE", "--config-json is not JSON", { remedy, cause });
  }
  throw new CliError("CLI_USAGE", "--config-json is no JSON object", { remedy });
}

/** What a module says of its own memory; null for other kinds. Throws an `AirlockError` for a source that is no integration. */
async function linearMemory(
  { name, source, directory }: IntegrationDeclarationInput,
  { io, services }: CommandContext,
): Promise<TrialReport["memory"]["linear"]> {
  const moduleBytes = DEFAULT_LIMITS.moduleBytes;
  const path = source === undefined ? { path: io.env["PATH"] } : {};
  const found = await services.resolvePackage({ name, source, directory, moduleBytes, ...path });
  if (found.kind !== "wasm" || found.code === null) return null;
  const { initialBytes, maximumBytes } = (await services.describeModule(found.code)).memory;
  return { initial: initialBytes, maximum: maximumBytes };
}

/**
 * Runs `airlock bench`. Throws an `AirlockError` for what is wrong with the arguments, the declaration, the plan or the
 * integration. Ends with 1 when calls broke.
 */
export async function runBench(args: BenchArguments, context: CommandContext): Promise<ExitCode> {
  const { io, services } = context;
  const declaration = await declarationOf(args, context);
  const linear = await linearMemory(declaration, context);
  const status = new StatusLine(io.stderr, undefined, "calls");
  const document = readPlan(
    args.plan === undefined ? { stream: inMemory(builtInPlan()) } : { path: resolve(io.cwd, args.plan) },
  );
  // Told by the trial; until it asks, nobody waits for it.
  document.catch(() => undefined);
  const report = await runTrial({
    declaration,
    linear,
    createRuntime: (options) => services.createRuntime(options),
    environment: io.env,
    plan: { document, source: args.plan ?? null },
    calls: args.calls,
    planMs: args.planTime ?? null,
    signal: io.interrupt,
    onProgress: status.progress.bind(status),
  }).finally(() => {
    status.clear();
  });
  if (io.interrupt.aborted) throw new CliError("CLI_INTERRUPTED", "interrupted");
  const columns = io.stdout.isTTY ? io.stdout.columns : null;
  io.stdout.write(
    args.format === "json"
      ? renderTrialJson(report)
      : renderTrialText(report, { color: useColor(io.stdout, io.env), columns }),
  );
  return report.broken.length === 0 ? EXIT_CODES.ok : EXIT_CODES.fail;
}

async function* inMemory(text: string): AsyncGenerator<string> {
  yield await Promise.resolve(text);
}
