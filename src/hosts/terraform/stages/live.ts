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
import type { GuestsHome } from "./run.js";

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
  const reading = readProject(core, args, declared, io);
  if (!isStage(command)) return passThrough(await reading, args, argv, io);
  // Loaded while core is asked which one it is.
  const [project, { perform }] = await Promise.all([reading, import("./perform.js")]);
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
  return perform(command, { project: whole, place, io }, (home) =>
    createRuntime({ ...home, integrations: project.declared.declarations, core: project.identity }),
  );
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
