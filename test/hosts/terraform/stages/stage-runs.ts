import { RunMetadata } from "../../../../src/hosts/terraform/metadata/run-metadata.js";
import { Sidecar } from "../../../../src/hosts/terraform/metadata/sidecar.js";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { Readable } from "node:stream";
import type { ProviderIntegration } from "../../../../src/declare/block.js";
import type {
  ConfiguredProvider,
  ConfiguredResource,
  StaticConfiguration,
} from "../../../../src/hosts/terraform/configuration/types.js";
import { CoreArguments } from "../../../../src/hosts/terraform/core/core-arguments.js";
import { Core } from "../../../../src/hosts/terraform/core/find-core.js";
import { Joined } from "../../../../src/hosts/terraform/interposer/joined.js";
import { Judge } from "../../../../src/hosts/terraform/interposer/judge.js";
import { Halt } from "../../../../src/hosts/terraform/interposer/live-run.js";
import { ProviderBlocks } from "../../../../src/hosts/terraform/interposer/provider-blocks.js";
import type { RunFolder } from "../../../../src/hosts/terraform/providers/run-folder.js";
import { AddressBook } from "../../../../src/hosts/terraform/records/address-book.js";
import { ConfigurationBlocks } from "../../../../src/hosts/terraform/stages/configuration-blocks.js";
import type { LiveIo, ShownDiagnostic } from "../../../../src/hosts/terraform/stages/live-io.js";
import type { CoreStart, StageRun } from "../../../../src/hosts/terraform/stages/run.js";
import { SecretSet } from "../../../../src/hosts/sensitive/secret-set.js";
import { temporaryFolder } from "../../../support/projects.js";
import { FakeRuntime } from "../../fake-runtime.js";
import type { FakeOptions } from "../../fake-runtime.js";
import { configured, SOURCE, under } from "../interposer/sessions.js";
import { planBytes } from "../records/archives.js";
import type { ArchiveParts } from "../records/archives.js";

const LOCATION = { file: "main.tf", line: 1, column: 1 };

/** What a core of a test does: its code, what it prints, and the plan that it writes. */
export interface FakeCore {
  readonly code?: number;
  readonly stdout?: string;
  readonly plan?: ArchiveParts;
}

export interface StageOptions extends FakeOptions {
  readonly argv?: readonly string[];
  readonly configuration?: Partial<StaticConfiguration>;
  readonly providers?: readonly Partial<ConfiguredProvider>[];
  readonly integrations?: readonly Partial<ProviderIntegration>[];
  readonly workspace?: string;
  /** Files of the root module's folder. */
  readonly files?: Readonly<Record<string, string | Uint8Array>>;
  readonly core?: (start: CoreStart) => FakeCore;
  /** What core answers to questions, by what it is asked: `show -json -no-color`, `state pull`. */
  readonly questions?: (command: string) => string;
  /** Lines that the user types; at their end there is no answer. */
  readonly typed?: readonly string[];
  readonly interrupt?: AbortSignal;
}

export function resourceBlock(parts: Partial<ConfiguredResource> = {}): ConfiguredResource {
  return {
    modulePath: [],
    mode: "managed",
    type: "mock_thing",
    name: "one",
    address: "mock_thing.one",
    repeated: false,
    provider: { modulePath: [], localName: "mock", alias: null, source: SOURCE },
    literals: new Map(),
    location: LOCATION,
    ...parts,
  };
}

export function configurationOf(parts: Partial<StaticConfiguration> = {}): StaticConfiguration {
  return {
    incomplete: false,
    resources: [],
    providers: [],
    requiredProviders: new Set(),
    sensitiveVariables: [],
    refactorings: [],
    execution: { kind: "local" },
    localModules: [],
    backend: null,
    ...parts,
  };
}

/** What a run shows, in the order in which it does. */
export class Terminal {
  readonly shown: ShownDiagnostic[] = [];
  readonly notes: string[] = [];
  out = "";
  err = "";
}

/** The outside of a run, in memory. */
export function fakeLiveIo(options: Pick<StageOptions, "typed" | "interrupt"> & { readonly cwd?: string } = {}) {
  const terminal = new Terminal();
  const typed = [...(options.typed ?? [])];
  const io: LiveIo = {
    cwd: options.cwd ?? "/nowhere",
    env: {},
    terminal: false,
    oneOutput: false,
    signals: { on: () => undefined, off: () => undefined },
    interrupt: options.interrupt ?? new AbortController().signal,
    write: (bytes) => {
      terminal.out += Buffer.from(bytes).toString();
    },
    writeError: (text) => {
      terminal.err += text;
    },
    show: (diagnostics) => {
      terminal.shown.push(...diagnostics);
    },
    note: (line) => {
      terminal.notes.push(line);
    },
    log: () => undefined,
    ask: (question) => {
      terminal.out += question;
      return Promise.resolve(typed.shift() ?? null);
    },
    busy: () => undefined,
  };
  return { io, terminal };
}

/** Prints what core would, and gives its end when all of it is read. */
async function print(text: string, start: CoreStart): Promise<void> {
  const stream = Readable.from([Buffer.from(text)]);
  start.stdout?.(stream);
  if (start.stdout === undefined) stream.resume();
  await new Promise((resolve) => stream.once("end", resolve));
}

/** The folder of a run, which goes with the test. */
function runFolder(path: string): Pick<RunFolder, keyof RunFolder> {
  return {
    path,
    file: (name) => join(path, name),
    socketFolder: () => Promise.reject(new Error("there are no sockets")),
    remove: () => Promise.resolve(true),
  };
}

/** A run without a process of any kind: functions stand for core and for integrations. */
export function fakeStage(options: StageOptions = {}) {
  const root = temporaryFolder(options.files);
  const folder = join(root, ".run");
  mkdirSync(folder);
  const runtime = new FakeRuntime(options);
  const { io, terminal } = fakeLiveIo({ ...options, cwd: root });
  const configuration = configurationOf(options.configuration);
  const args = CoreArguments.parse(options.argv ?? ["plan"], {});
  const starts: CoreStart[] = [];
  const asked: string[] = [];
  const run: Pick<StageRun, keyof StageRun> = {
    project: {
      core: new Core("/nowhere/tofu", {}),
      identity: { name: "tofu", version: "1.12.6" },
      root,
      declared: { declarations: [], providerIntegrations: [], trust: [], projectBlocks: [] },
      configuration,
      providers: new ProviderBlocks(
        (options.providers ?? []).map(configured),
        (options.integrations ?? []).map(under),
        (source) => source,
      ),
    },
    place: { root, dataDir: join(root, ".terraform"), args, written: args, env: {}, shadow: null },
    io,
    run: { id: "run-1", command: args.command, workspace: options.workspace ?? "default" },
    judge: new Judge(runtime),
    metadata: new RunMetadata(Sidecar.empty(root, options.workspace ?? "default")),
    foreign: new Set(),
    joined: new Joined(runtime, root),
    secrets: new SecretSet(),
    halt: new Halt(),
    folder: runFolder(folder) as RunFolder,
    unshown: [],
    held: [],
    started: 0,
    newBook: () => new AddressBook(new ConfigurationBlocks(configuration)),
    core: async (start) => {
      starts.push(start);
      const { code = 0, stdout = "", plan } = options.core?.(start) ?? {};
      if (plan !== undefined) writeFileSync(join(folder, "plan"), planBytes(plan));
      await print(stdout, start);
      return { code, signal: null };
    },
    capture: (...command) => {
      asked.push(command.join(" "));
      return Promise.resolve(Buffer.from(options.questions?.(command.join(" ")) ?? "{}"));
    },
    startProviderIntegrations: () => Promise.resolve(),
    close: () => Promise.resolve(),
  };
  // Only the parts that nobody outside of it can see are missing.
  return { run: run as StageRun, runtime, terminal, starts, asked, root };
}
