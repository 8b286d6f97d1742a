import { readFile, stat } from "node:fs/promises";
import { resolve } from "node:path";
import { errorCode } from "../../../base/error-code.js";
import { withoutIntegrations } from "../../../declare/hide.js";
import { readDeclarations } from "../../../declare/read.js";
import type { DeclarationsRead } from "../../../declare/read.js";
import { readConfiguration } from "../configuration/read-configuration.js";
import type { StaticConfiguration } from "../configuration/types.js";
import type { CoreArguments } from "../core/core-arguments.js";
import { withoutArgumentVariables } from "../core/environment.js";
import type { Environment } from "../core/environment.js";
import type { Core } from "../core/find-core.js";
import type { CoreIdentity } from "../core/identity.js";
import { ProviderBlocks } from "../interposer/provider-blocks.js";
import { parseSource } from "../providers/source-address.js";
import { prepareShadow } from "../shadow/shadow.js";
import type { Shadow } from "../shadow/shadow.js";
import { LiveError, stopIfInterrupted } from "./live-error.js";
import type { LiveIo } from "./live-io.js";

/** What is known of a root module and of core before anything runs. */
export interface Project {
  readonly core: Core;
  readonly identity: CoreIdentity;
  /** The root module's folder, as the user has it. */
  readonly root: string;
  readonly declared: DeclarationsRead;
  readonly configuration: StaticConfiguration;
  readonly providers: ProviderBlocks;
}

/** Where core runs: in the root module, or in its shadow. */
export interface Workplace {
  /** What core takes for the root module. */
  readonly root: string;
  /** Where core keeps providers, modules and the workspace. */
  readonly dataDir: string;
  /** The command line, changed so that it means the same there. */
  readonly args: CoreArguments;
  /** As the user wrote it. */
  readonly written: CoreArguments;
  readonly env: Environment;
  readonly shadow: Shadow | null;
}

/** The folder of the root module: the working directory, or what `-chdir` names. */
export function rootOf(args: CoreArguments, cwd: string): string {
  return resolve(cwd, args.chdir ?? ".");
}

/** What a root module declares; null where that is nothing, or where core will find no folder. Throws `DeclareError`. */
export async function readDeclared(args: CoreArguments, io: LiveIo): Promise<DeclarationsRead | null> {
  const root = rootOf(args, io.cwd);
  const isThere = await stat(root).then(
    (found) => found.isDirectory(),
    (error: unknown) => !["ENOENT", "ENOTDIR"].includes(errorCode(error) ?? ""),
  );
  if (!isThere) return null;
  const declared = await readDeclarations(root);
  return declared.declarations.length === 0 && declared.providerIntegrations.length === 0 ? null : declared;
}

/** Reads what a root module says beside that. Throws `ConfigurationError`, `CoreError`, `ProviderError`. */
export async function readProject(
  core: Core,
  args: CoreArguments,
  declared: DeclarationsRead,
  io: LiveIo,
): Promise<Project> {
  const root = rootOf(args, io.cwd);
  const identity = await core.identity(io.interrupt).catch((error: unknown) => {
    stopIfInterrupted(io.interrupt);
    throw error;
  });
  const basis = { core, identity, root, declared };
  return { ...basis, ...(await configured(basis, io, { dataDir: dataDirOf(io.env), workingDirectory: root })) };
}

/** Throws `ConfigurationError` CONFIGURATION_MODULE_INTEGRATION when a module has an integration block. */
export async function refuseInModules(args: CoreArguments, io: LiveIo): Promise<void> {
  await readConfiguration(rootOf(args, io.cwd), { dataDir: dataDirOf(io.env), environment: io.env });
}

/** The project with the modules that could not be read before: core keeps those from elsewhere in its own place. */
export async function withModulesOf(project: Project, place: Workplace, io: LiveIo): Promise<Project> {
  if (!project.configuration.incomplete) return project;
  return { ...project, ...(await configured(project, io, { dataDir: place.dataDir, workingDirectory: place.root })) };
}

/** What the files say. Throws `ConfigurationError`, and `ProviderError` for a source that none can have. */
async function configured(
  { root, identity, declared }: Pick<Project, "root" | "identity" | "declared">,
  io: LiveIo,
  folders: { readonly dataDir: string; readonly workingDirectory: string },
): Promise<Pick<Project, "configuration" | "providers">> {
  const core = identity.name === "tofu" ? "opentofu" : "terraform";
  const configuration = await readConfiguration(root, { ...folders, environment: io.env, core });
  const sourceOf = (source: string): string => parseSource(source, identity.name).text;
  return {
    configuration,
    providers: new ProviderBlocks(configuration.providers, declared.providerIntegrations, sourceOf),
  };
}

/** Core's data folder, as core is told of it. */
export function dataDirOf(env: Environment): string {
  const value = env["TF_DATA_DIR"] ?? "";
  return value === "" ? ".terraform" : value;
}

/**
 * Makes the place in which core can run this configuration: the root itself, or a shadow of it when core would refuse
 * what stands in a `terraform` block. Throws `ShadowError`.
 */
export async function prepareWorkplace(project: Project, args: CoreArguments, io: LiveIo): Promise<Workplace> {
  const { root, declared, configuration } = project;
  const env = withoutArgumentVariables(io.env);
  if (declared.projectBlocks.length === 0) {
    return { root, dataDir: resolve(root, dataDirOf(io.env)), args, written: args, env, shadow: null };
  }
  const replaced = new Map<string, Uint8Array>();
  for (const file of new Set(declared.projectBlocks.map((block) => resolve(block.file)))) {
    replaced.set(file, await withoutIntegrations(file, await readFile(file)));
  }
  const shadow = await prepareShadow({
    root,
    dataDir: io.env["TF_DATA_DIR"],
    replaced,
    localModules: configuration.localModules,
    // Where state is not kept in files, there are none to link.
    ...(configuration.backend !== null && configuration.backend !== "local" && { stateFiles: [] }),
    mayMakeWorkspace: io.env["TF_WORKSPACE"] !== undefined || args.command.startsWith("workspace"),
  });
  for (const notice of shadow.notices) io.note(notice.message);
  return {
    root: shadow.root,
    dataDir: shadow.dataDir,
    args: args.absolute(root).withChdir(shadow.root),
    written: args,
    env,
    shadow,
  };
}

/** Throws LIVE_REMOTE_EXECUTION where core would hand its work to a service. */
export function refuseRemote({ configuration }: Project, command: string): void {
  const { execution } = configuration;
  if (execution.kind === "local") return;
  const what = execution.block === "cloud" ? "a cloud block" : 'the backend "remote"';
  throw new LiveError(
    "LIVE_REMOTE_EXECUTION",
    `${command} would run elsewhere: the configuration has ${what}, and nothing can stand between core and its providers there`,
    {
      location: execution.location,
      remedy:
        "Judge the plan instead: save it with -out, then run: airlock check on its `show -json`. If the workspace runs locally, set TF_FORCE_LOCAL_BACKEND=1.",
    },
  );
}
