import { randomUUID } from "node:crypto";
import { resolve } from "node:path";
import type { Readable } from "node:stream";
import type { Run } from "../../../protocol/events.js";
import type { Runtime, RuntimeOptions } from "../../../runtime/types.js";
import { keeperOf } from "../../sensitive/keeper.js";
import { SecretSet } from "../../sensitive/secret-set.js";
import { sensitiveVariableValues } from "../configuration/variable-values.js";
import { CoreArguments } from "../core/core-arguments.js";
import { captureCore } from "../core/capture-core.js";
import type { Environment } from "../core/environment.js";
import { CoreError } from "../core/core-error.js";
import { runCore } from "../core/run-core.js";
import type { CoreEnd } from "../core/run-core.js";
import { Claims } from "../interposer/claims.js";
import { RunMetadata } from "../metadata/run-metadata.js";
import { Sidecar } from "../metadata/sidecar.js";
import type { Interposer } from "../interposer/interposer.js";
import { Joined } from "../interposer/joined.js";
import { Judge } from "../interposer/judge.js";
import { Halt } from "../interposer/live-run.js";
import type { LiveRun, Phase } from "../interposer/live-run.js";
import { Guard } from "../providers/guard.js";
import { ProviderLauncher } from "../providers/launcher.js";
import { ProviderLog } from "../providers/provider-log.js";
import { locateProviders } from "../providers/locate.js";
import { REATTACH_VARIABLE, reattachValue } from "../providers/reattach.js";
import { RunFolder } from "../providers/run-folder.js";
import { parseSource } from "../providers/source-address.js";
import { AddressBook } from "../records/address-book.js";
import { ObjectIds } from "../records/object-id.js";
import type { Diagnostic } from "../tfplugin/diagnostics.js";
import { ConfigurationBlocks } from "./configuration-blocks.js";
import { Faults } from "./faults.js";
import { stopIfInterrupted } from "./live-error.js";
import type { LiveIo } from "./live-io.js";
import type { Project, Workplace } from "./project.js";
import { neededOf, reachOf } from "./reach.js";
import { workspaceOf } from "./workspace.js";

/** How one start of core is to be made. */
export interface CoreStart {
  readonly phase: Phase;
  readonly args: CoreArguments;
  readonly book: AddressBook;
  /** Given: core's stdout goes there and not to ours, with its stderr where both of ours are one. */
  readonly stdout?: (stdout: Readable) => void;
}

interface Interposition extends Pick<CoreStart, "phase" | "book" | "args"> {
  readonly launcher: ProviderLauncher;
  readonly served: readonly string[];
  readonly touched: readonly string[];
  readonly optional: readonly string[];
}

/** Where guests live, and who ends them should this process be killed. */
export type GuestsHome = Required<Pick<RuntimeOptions, "temporary" | "processes">>;

/** What one run of ours has from start to end: guests, providers, a folder, and what was said. */
export class StageRun {
  readonly project: Project;
  readonly place: Workplace;
  readonly io: LiveIo;
  readonly run: Run;
  readonly judge: Judge;
  readonly joined: Joined;
  readonly secrets = new SecretSet();
  readonly halt = new Halt();
  readonly folder: RunFolder;
  readonly metadata: RunMetadata;
  /** Addresses whose foreign data under our key was told of. */
  readonly foreign = new Set<string>();
  /** Diagnostics that core will not print. */
  readonly unshown: { readonly diagnostic: Diagnostic; readonly id: string }[] = [];
  /** Provider and type of every object in the state, as far as it was read. */
  held: readonly (readonly [source: string, type: string])[] = [];
  readonly started = performance.now();
  readonly #guard: Guard;
  readonly #ids = new ObjectIds();
  readonly #log: ProviderLog;
  readonly #faults: Faults;
  #launching: Promise<ProviderLauncher> | null = null;

  private constructor(
    parts: Pick<StageRun, "project" | "place" | "io" | "run" | "metadata">,
    runtime: Runtime,
    folder: RunFolder,
    guard: Guard,
  ) {
    this.project = parts.project;
    this.place = parts.place;
    this.io = parts.io;
    this.run = parts.run;
    runtime.keep(keeperOf(this.secrets));
    this.judge = new Judge(runtime);
    this.joined = new Joined(runtime, parts.project.root);
    this.folder = folder;
    this.metadata = parts.metadata;
    this.#guard = guard;
    this.#faults = new Faults((text) => {
      parts.io.note(text);
    });
    this.#log = ProviderLog.fromEnvironment(parts.io.env, {
      write: (text) => {
        parts.io.log(text);
      },
    });
  }

  /**
   * Makes the run's folder and its guard, and starts the integrations of the project. Throws `ProviderError`,
   * `MetadataError`, and what `createRuntime` throws.
   */
  static async open(
    { project, place, io }: Pick<StageRun, "project" | "place" | "io">,
    createRuntime: (home: GuestsHome) => Runtime | Promise<Runtime>,
  ): Promise<StageRun> {
    const workspace = await workspaceOf(place, io);
    const metadata = new RunMetadata(await Sidecar.read(project.root, workspace));
    const folder = await RunFolder.create();
    let guard: Guard | null = null;
    try {
      guard = await Guard.start(folder, { ...(io.env["PATH"] !== undefined && { searchPath: io.env["PATH"] }) });
      const runtime = await createRuntime({ temporary: folder.path, processes: guard.groups });
      const run = { id: randomUUID(), command: place.args.command, workspace };
      const stageRun = new StageRun({ project, place, io, run, metadata }, runtime, folder, guard);
      for (const value of await secretsOf(project, place, io)) stageRun.secrets.add(value);
      io.busy(() => stageRun.judge.busy);
      stopIfInterrupted(io.interrupt);
      // Whoever waits for an answer then gets one at once.
      io.interrupt.addEventListener("abort", () => void runtime.stop(), { once: true });
      const starting = runtime.start();
      stageRun.#prepare();
      stageRun.judge.keep(await starting);
      return stageRun;
    } catch (error) {
      await folder.remove();
      await guard?.done();
      throw error;
    }
  }

  /** Ends guests, then the folder and its guard. */
  async close(): Promise<void> {
    try {
      this.judge.keep(await this.judge.runtime.stop());
      await (await this.#launching?.catch(() => null))?.close();
      for (const notice of (await this.place.shadow?.finish()) ?? []) this.io.note(notice.message);
    } finally {
      await this.#log.close();
      await this.folder.remove();
      await this.#guard.done();
    }
  }

  /** An address book that knows the configuration, and nothing of state or plan yet. */
  newBook(): AddressBook {
    return new AddressBook(new ConfigurationBlocks(this.project.configuration));
  }

  /** Runs core with its providers behind us; into the calls of those that integrations can touch we look. */
  async core({ phase, args, book, stdout }: CoreStart): Promise<CoreEnd> {
    const { project, place, io } = this;
    const launcher = await this.#launch();
    const sources = [...launcher.providers.keys()];
    const touched = reachOf(this, sources);
    // In a shadow core stands elsewhere, so every provider must be started by us to stand in the user's folder.
    const optional = place.shadow === null ? sources.filter((source) => !touched.includes(source)) : [];
    const needed = neededOf(this, sources);
    // Behind us a provider needs no TLS and writes no logs, so it is quicker there, looked into or not.
    const passed = optional.filter((source) => needed.includes(source) && launcher.isPackaged(source));
    const served = sources.filter((source) => passed.includes(source) || !optional.includes(source));
    for (const source of needed) if (served.includes(source)) launcher.warm(source);
    const interposer = await this.#interpose({ phase, book, args, launcher, served, touched, optional });
    try {
      stopIfInterrupted(io.interrupt);
      return await runCore({
        path: project.core.path,
        args: args.toArgv(),
        cwd: io.cwd,
        env: this.#envWith(interposer),
        stdio: {
          stdin: "inherit",
          stdout: stdout === undefined ? "inherit" : "pipe",
          // What core says on both is read in one place: it must not overtake what is on its way through us.
          stderr: stdout !== undefined && io.oneOutput ? "stdout" : "inherit",
        },
        terminal: io.terminal,
        signals: io.signals,
        onStart: (core) => {
          this.#guard.coreStarted(core.pid);
          if (core.stdout !== null) stdout?.(core.stdout);
        },
      });
    } finally {
      await interposer.close();
    }
  }

  /** Asks core something that changes nothing, e.g. `show -json`. Throws `CoreError`. */
  capture(...command: readonly string[]): Promise<Buffer> {
    return this.#ask("show", command);
  }

  /**
   * Lets core validate the configuration, unseen, so that integrations under providers start whose settings are known
   * without any variable. What core itself finds wrong is not told: `validate` is there for that.
   */
  async startProviderIntegrations(): Promise<void> {
    if (this.project.providers.declaredSources.length === 0) return;
    try {
      await this.#ask("init", ["validate", "-json", "-no-color"]);
    } catch (error) {
      if (!(error instanceof CoreError)) throw error;
    }
  }

  async #ask(phase: Phase, command: readonly string[]): Promise<Buffer> {
    const { core, providers } = this.project;
    const { place, io } = this;
    const chdir = place.args.chdir === undefined ? [] : [`-chdir=${place.args.chdir}`];
    const args = CoreArguments.parse([...chdir, ...command], {});
    const launcher = await this.#launch();
    // Core reads the configuration of these providers, which is legal only with our schema.
    const served = providers.declaredSources.filter((source) => launcher.providers.has(source));
    const parts = { phase, book: this.newBook(), args, launcher, served, touched: served, optional: [] };
    const interposer = await this.#interpose(parts);
    try {
      return await captureCore({
        path: core.path,
        args: args.toArgv(),
        cwd: io.cwd,
        env: this.#envWith(interposer),
        signal: io.interrupt,
        groups: this.#guard.groups,
      });
    } catch (error) {
      stopIfInterrupted(io.interrupt);
      throw error;
    } finally {
      await interposer.close();
    }
  }

  async #interpose(parts: Interposition): Promise<Interposer> {
    const { Interposer } = await import("../interposer/interposer.js");
    const { launcher, served, touched, optional } = parts;
    return Interposer.start({
      run: this.#liveRun(parts),
      launcher,
      folder: this.folder.path,
      sources: served,
      untouched: served.filter((source) => !touched.includes(source)),
      optional,
    });
  }

  /** Core's environment, with the sockets that it is to take for providers. */
  #envWith({ entries }: Interposer): Environment {
    const { place, io, project } = this;
    if (entries.size === 0) return place.env;
    return {
      ...place.env,
      [REATTACH_VARIABLE]: reattachValue(entries, io.env[REATTACH_VARIABLE], project.identity.name),
    };
  }

  /**
   * While guests start: loads what stands between core and providers, and starts the providers that core will ask first.
   * What goes wrong shows where the outcome is needed.
   */
  #prepare(): void {
    if (this.run.command === "init") return;
    const preparing = Promise.all([import("../interposer/interposer.js"), this.#launch()]);
    preparing
      .then(([, launcher]) => {
        for (const source of neededOf(this, [...launcher.providers.keys()])) launcher.warm(source);
      })
      .catch(() => undefined);
  }

  /** Finds the providers, once. Throws what `locateProviders` throws. */
  #launch(): Promise<ProviderLauncher> {
    return (this.#launching ??= this.#locate());
  }

  async #locate(): Promise<ProviderLauncher> {
    const { project, place, io } = this;
    const core = project.identity.name;
    const options = { root: place.root, dataDir: place.dataDir, core, env: io.env };
    const required = [...project.configuration.requiredProviders].map((source) => parseSource(source, core).text);
    const known = await locateProviders(options);
    const providers = await locateProviders({
      ...options,
      sources: [...known.map(({ source }) => source), ...required],
    });
    return new ProviderLauncher(providers, {
      cwd: project.root,
      env: place.env,
      folder: this.folder,
      watch: this.#guard,
      log: this.#log,
      signal: io.interrupt,
      dataDir: place.dataDir,
    });
  }

  #liveRun({ phase, book, args }: Interposition): LiveRun {
    const forced = new Set(args.flags("replace"));
    return {
      run: this.run,
      phase,
      judge: this.judge,
      book,
      secrets: this.secrets,
      ids: this.#ids,
      metadata: this.metadata,
      providers: this.project.providers,
      joined: this.joined,
      claims: new Claims(),
      directory: this.project.root,
      environment: this.io.env,
      halt: this.halt,
      isForced: (address) => forced.has(address),
      fault: (error, where) => {
        this.#faults.tell(error, where);
      },
      unshown: (diagnostics, id) => {
        this.unshown.push(...diagnostics.map((diagnostic) => ({ diagnostic, id })));
      },
    };
  }
}

/** What sensitive variables can hold is secret wherever it turns up, also before any plan marks it. */
function secretsOf({ root, configuration }: Project, { args }: Workplace, { env }: LiveIo) {
  const varFiles = args.flags("var-file").map((file) => resolve(root, file));
  return sensitiveVariableValues(root, configuration, { vars: args.flags("var"), varFiles }, env);
}
