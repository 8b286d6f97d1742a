import { mkdirSync, mkdtempSync, readFileSync, realpathSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { arch, platform, tmpdir } from "node:os";
import { dirname, join } from "node:path";
import * as v from "valibot";
import { onTestFinished } from "vitest";
import { mockcloudLog, type ProviderCall } from "./mockcloud-log.js";
import { start, type Outcome, type RunOptions, type Running } from "./process.js";
import { builtTool, PROVIDERS, type Core, type ProviderName } from "./tools.js";

const HOSTS = ["registry.terraform.io", "registry.opentofu.org"];
const ARCHITECTURES: Readonly<Record<string, string>> = { x64: "amd64", ia32: "386" };
/** What a run may take from the environment of the tests. Everything else could change what core does. */
const INHERITED = ["PATH", "LANG", "SYSTEMROOT"];

export interface WorkspaceOptions {
  /** Files of the root module and below it, by path. */
  readonly files: Readonly<Record<string, string>>;
  /** The providers that `init` can find; all of them when left out. */
  readonly providers?: readonly ProviderName[];
}

/** A project in a folder of its own that goes away with the test, together with every process started through it. */
export interface Workspace {
  /** The root module. */
  readonly folder: string;
  /** `TMPDIR` of every run: what is left in it after a run is a leftover of that run. */
  readonly temporary: string;
  /** Where mockcloud keeps its objects and its log. */
  readonly cloud: string;
  /** The whole environment of a run. */
  readonly env: Readonly<Record<string, string>>;
  /** Writes files of the root module, replacing those that are there. */
  write(files: Readonly<Record<string, string>>): void;
  /** Runs a core or a program to its end. Never rejects for an exit code. */
  run(program: Core | string, args: readonly string[], options?: RunOptions): Promise<Outcome>;
  /** Starts a core or a program. */
  start(program: Core | string, args: readonly string[], options?: RunOptions): Running;
  /** As `run`, and rejects with everything that was printed unless the exit code is 0. */
  succeed(program: Core | string, args: readonly string[], options?: RunOptions): Promise<Outcome>;
  /** `init`, without questions. */
  init(core: Core): Promise<Outcome>;
  /** The calls that mockcloud received so far, oldest first. */
  calls(): readonly ProviderCall[];
}

/** A project with its files, and a CLI configuration by which `init` finds our providers and asks no network. */
export async function workspace(options: WorkspaceOptions): Promise<Workspace> {
  // Short, because unix sockets of providers lie under TMPDIR and their paths may have about 100 characters.
  const root = realpathSync(mkdtempSync(join(tmpdir(), "airlock-live-")));
  const running = new Set<Running>();
  onTestFinished(async () => {
    await Promise.all([...running].map((each) => each.kill()));
    rmSync(root, { recursive: true, force: true, maxRetries: 3 });
  });
  const folders = { folder: join(root, "project"), temporary: join(root, "tmp"), cloud: join(root, "cloud") };
  for (const folder of [...Object.values(folders), join(root, "home")]) mkdirSync(folder);
  const env = { ...inherited(), ...environmentOf(root, folders), TF_CLI_CONFIG_FILE: join(root, "cli.tfrc") };
  await writeMirror(join(root, "mirror"), options.providers ?? PROVIDERS);
  writeFileSync(
    env.TF_CLI_CONFIG_FILE,
    `provider_installation {\n  filesystem_mirror {\n    path = ${JSON.stringify(join(root, "mirror"))}\n  }\n}\n`,
  );

  function begin(program: Core | string, args: readonly string[], more: RunOptions = {}): Running {
    const path = typeof program === "string" ? program : program.path;
    const process = start(path, args, { ...more, cwd: more.cwd ?? folders.folder, env: { ...env, ...more.env } });
    running.add(process);
    return process;
  }
  const result: Workspace = {
    ...folders,
    env,
    write: (files) => {
      writeFiles(folders.folder, files);
    },
    start: begin,
    run: (program, args, more) => begin(program, args, more).ended,
    succeed: async (program, args, more) => {
      const outcome = await begin(program, args, more).ended;
      if (outcome.code === 0) return outcome;
      const { code, signal, stdout, stderr } = outcome;
      throw new Error(`${args.join(" ")} ended with ${String(code ?? signal)}\n${stdout}\n${stderr}`);
    },
    init: (core) => result.succeed(core, ["init", "-input=false", "-no-color"]),
    calls: () => mockcloudLog(folders.cloud),
  };
  result.write(options.files);
  return result;
}

function inherited(): Record<string, string> {
  return Object.fromEntries(INHERITED.flatMap((name) => (process.env[name] ? [[name, process.env[name]]] : [])));
}

function environmentOf(root: string, { temporary, cloud }: { temporary: string; cloud: string }) {
  return {
    HOME: join(root, "home"),
    TMPDIR: temporary,
    CHECKPOINT_DISABLE: "1",
    MOCKCLOUD_DIR: cloud,
    MOCKCLOUD_NOW: "2024-01-01T00:00:00Z",
  };
}

function writeFiles(folder: string, files: Readonly<Record<string, string>>): void {
  for (const [name, content] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, name)), { recursive: true });
    writeFileSync(join(folder, name), content);
  }
}

/** The unpacked layout, HOST/NAMESPACE/TYPE/VERSION/OS_ARCH; the last is a link to the folder in the cache. */
async function writeMirror(mirror: string, names: readonly ProviderName[]): Promise<void> {
  const system = `${platform() === "win32" ? "windows" : platform()}_${ARCHITECTURES[arch()] ?? arch()}`;
  mkdirSync(mirror);
  for (const { version, providers } of await Promise.all(names.map((name) => builtTool(name)))) {
    for (const { address, path } of providers) {
      for (const host of HOSTS) {
        const folder = join(mirror, host, address, version);
        mkdirSync(folder, { recursive: true });
        symlinkSync(dirname(path), join(folder, system));
      }
    }
  }
}

const State = v.object({
  serial: v.number(),
  resources: v.array(
    v.object({
      module: v.optional(v.string()),
      mode: v.picklist(["managed", "data"]),
      type: v.string(),
      name: v.string(),
      instances: v.array(
        v.object({
          index_key: v.optional(v.union([v.string(), v.number()])),
          status: v.optional(v.string()),
          attributes: v.record(v.string(), v.unknown()),
          /** Base64 of the provider's private bytes. */
          private: v.optional(v.string()),
        }),
      ),
    }),
  ),
});
export type State = v.InferOutput<typeof State>;

/** What a state file of a workspace says. */
export function readState(space: Workspace, name = "terraform.tfstate"): State {
  return v.parse(State, JSON.parse(readFileSync(join(space.folder, name), "utf8")));
}

/** The attributes of the first instance of a managed resource; undefined when the state has none. */
export function attributesOf(space: Workspace, type: string, name: string): Record<string, unknown> | undefined {
  const { resources } = readState(space);
  const found = resources.find((each) => each.mode === "managed" && each.type === type && each.name === name);
  return found?.instances[0]?.attributes;
}
