import type {
  Runtime,
  RunVerdict,
  IntegrationReport,
  IntegrationResult,
  RuntimeOptions,
} from "../../../runtime/types.js";
import type { DeclarationsRead } from "../../../declare/read.js";
import { checkLock } from "../../../install/check-lock.js";
import { CoreArguments } from "../core/core-arguments.js";
import { withoutArgumentVariables } from "../core/environment.js";
import { runCore } from "../core/run-core.js";
import type { Core } from "../core/find-core.js";
import { applyCommand, importCommand, planCommand, refreshCommand, validateCommand } from "./commands.js";
import { stopIfInterrupted } from "./live-error.js";
import type { LiveIo } from "./live-io.js";
import {
  prepareWorkplace,
  readDeclared,
  readProject,
  refuseInModules,
  refuseRemote,
  withModulesOf,
} from "./project.js";
import type { Project, Workplace } from "./project.js";
import { StageRun } from "./run.js";
import type { GuestsHome } from "./run.js";
import { isGood, showResults, stageHook } from "./stage-hooks.js";

/** The subcommands of core in which integrations take part. */
export const STAGES = ["init", "validate", "plan", "apply", "destroy", "refresh", "import"] as const;
export type Stage = (typeof STAGES)[number];

/** What a live run came to. */
export interface LiveResult {
  readonly verdict: RunVerdict;
  readonly integrations: readonly IntegrationReport[];
  readonly results: readonly IntegrationResult[];
  /** Different addresses in the results. */
  readonly resources: number;
  readonly durationMs: number;
}

/** How a command of core ended. */
export interface LiveEnd {
  /** Core's exit code; 1 where integrations stopped what core found good. */
  readonly code: number;
  /** null where no integration took part. */
  readonly result: LiveResult | null;
}

/** What `init` wants installed. */
export interface InstallForInit {
  readonly declared: DeclarationsRead;
  /** The root module's folder, absolute. */
  readonly root: string;
  /** Core's own `-upgrade`. */
  readonly upgrade: boolean;
  /** Whether core itself may ask: `-input=false` says no. */
  readonly mayAsk: boolean;
}

/** What a live command needs. */
export interface LiveOptions {
  readonly core: Core;
  /** The command line of core, without what is ours. */
  readonly argv: readonly string[];
  readonly io: LiveIo;
  /** Installs what is declared from elsewhere, in front of core's `init`; absent = nothing is installed. */
  readonly install?: (request: InstallForInit) => Promise<void>;
  /** Called once for a stage but `init`, before anything of it starts. */
  readonly prepare?: (declared: DeclarationsRead, root: string) => Promise<void>;
  readonly createRuntime: (
    options: Pick<RuntimeOptions, "integrations" | "core"> & GuestsHome,
  ) => Runtime | Promise<Runtime>;
}

const COMMANDS: Readonly<Record<Exclude<Stage, "init">, (run: StageRun) => Promise<number>>> = {
  validate: validateCommand,
  plan: planCommand,
  apply: applyCommand,
  destroy: applyCommand,
  refresh: refreshCommand,
  import: importCommand,
};

function isStage(command: string): command is Stage {
  return (STAGES as readonly string[]).includes(command);
}

/** Whether core will do nothing with the configuration but show or format its text. */
function isInformation(args: CoreArguments): boolean {
  return args.isHelp || args.isVersion || args.command === "fmt";
}

/** Runs core with nothing of ours around it. */
async function plainCore(core: Core, argv: readonly string[], io: LiveIo, env = io.env): Promise<LiveEnd> {
  const stdio = { stdin: "inherit", stdout: "inherit", stderr: "inherit" } as const;
  const { cwd, terminal, signals, interrupt } = io;
  stopIfInterrupted(interrupt);
  const { code } = await runCore({ path: core.path, args: argv, cwd, env, stdio, terminal, signals });
  return { code, result: null };
}

/**
 * Runs a command of core, with the declared integrations in it where it is one of `STAGES`. Where nothing is declared,
 * and for every other command, core runs as if we were not there. Throws an `AirlockError` for what is wrong before
 * core could start.
 */
export async function runLive({ core, argv, io, install, prepare, createRuntime }: LiveOptions): Promise<LiveEnd> {
  // What is wrong with the variables of arguments is core's to say where nothing is declared.
  const written = CoreArguments.parse(argv, {});
  const { command } = written;
  if (command === "" || isInformation(written)) return plainCore(core, argv, io);
  const declared = await readDeclared(written, io);
  if (declared === null) {
    const end = await plainCore(core, argv, io);
    // Core refuses a block that it does not know; where it stands in a module, we can say what it takes.
    if (end.code !== 0 && isStage(command)) await refuseInModules(written, io);
    return end;
  }
  const args = CoreArguments.parse(argv, io.env);
  if (isInformation(args)) return plainCore(core, argv, io);
  const project = await readProject(core, args, declared, io);
  if (!isStage(command)) return passThrough(project, args, argv, io);
  if (command === "init") {
    const mayAsk = args.flag("input") !== "false";
    await install?.({ declared, root: project.root, upgrade: args.bool("upgrade"), mayAsk });
  } else {
    await checkLock(declared, project.root);
    await prepare?.(declared, project.root);
  }
  if (command !== "init" && command !== "validate") refuseRemote(project, command);
  const place = await prepareWorkplace(project, args, io);
  if (command === "init") {
    const { code } = await plainCore(core, place.args.toArgv(), io, place.env);
    if (code !== 0) {
      await place.shadow?.finish();
      return { code, result: null };
    }
  }
  const whole = await withModulesOf(project, place, io);
  const run = await StageRun.open(whole, place, io, (home) =>
    createRuntime({ ...home, integrations: project.declared.declarations, core: project.identity }),
  );
  return perform(run, command === "init" ? initHooks : COMMANDS[command]);
}

/** `init` has run: all that could be wrong with integrations shows now, and not in the first plan. */
async function initHooks(run: StageRun): Promise<number> {
  await run.startProviderIntegrations();
  const said = run.unshown.splice(0).map(({ diagnostic }) => ({ ...diagnostic, address: null }));
  run.io.show(said);
  if (said.some(({ severity }) => severity === "error")) return 1;
  const good = (await stageHook(run, "init-stage-start")) && (await stageHook(run, "init-stage-complete"));
  return good ? 0 : 1;
}

async function perform(run: StageRun, command: (run: StageRun) => Promise<number>): Promise<LiveEnd> {
  let code = 1;
  try {
    const broken = run.judge.results;
    showResults(run, broken);
    if (isGood(broken)) code = await command(run);
  } finally {
    await run.close();
  }
  const { verdict, results } = run.judge;
  const isStopped = verdict === "fail" || verdict === "error";
  return {
    code: isStopped && (code === 0 || code === 2) ? 1 : code,
    result: {
      verdict,
      integrations: run.judge.runtime.report(),
      results,
      resources: new Set(results.flatMap(({ address }) => (address === null ? [] : [address]))).size,
      durationMs: performance.now() - run.started,
    },
  };
}

/** A command that integrations have no part in, on a configuration that core alone would refuse. */
async function passThrough(
  project: Project,
  args: CoreArguments,
  argv: readonly string[],
  io: LiveIo,
): Promise<LiveEnd> {
  const needsShadow = project.declared.projectBlocks.length > 0;
  if (!needsShadow) return plainCore(project.core, argv, io);
  const place: Workplace = await prepareWorkplace(project, args, io);
  try {
    return await plainCore(project.core, place.args.toArgv(), io, withoutArgumentVariables(io.env));
  } finally {
    for (const notice of (await place.shadow?.finish()) ?? []) io.note(notice.message);
  }
}
