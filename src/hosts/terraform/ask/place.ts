import { resolve } from "node:path";
import type { Readable } from "node:stream";
import { CoreArguments } from "../core/core-arguments.js";
import { captureCore } from "../core/capture-core.js";
import { withoutArgumentVariables } from "../core/environment.js";
import type { Core } from "../core/find-core.js";
import { runCore } from "../core/run-core.js";
import type { StartedCore } from "../core/run-core.js";
import { stopIfInterrupted } from "../stages/live-error.js";
import type { LiveIo } from "../stages/live-io.js";
import { dataDirOf, prepareWorkplace, readDeclared, readProject, rootOf } from "../stages/project.js";
import { workspaceOf } from "../stages/workspace.js";
import type { Shadow } from "../shadow/shadow.js";

/** What core printed, and how it ended. */
export interface Printed {
  readonly code: number;
  readonly stdout: Buffer;
}

export interface RunOptions {
  /** Whether what core says on stderr is in `stdout`, too, and not shown. */
  readonly withStderr: boolean;
  readonly onStart?: (core: StartedCore) => void;
}

/** A root module in which core is asked about its state: no provider is stood in front of. */
export class AskPlace {
  /** The root module's folder, as the user has it. */
  readonly root: string;
  readonly workspace: string;
  /** The names of all integrations that are declared there. */
  readonly declared: ReadonlySet<string>;
  readonly io: LiveIo;
  readonly #core: Core;
  readonly #chdir: string | undefined;
  readonly #shadow: Shadow | null;

  private constructor(
    core: Core,
    io: LiveIo,
    parts: Pick<AskPlace, "root" | "workspace" | "declared"> & { chdir: string | undefined; shadow: Shadow | null },
  ) {
    this.#core = core;
    this.io = io;
    this.root = parts.root;
    this.workspace = parts.workspace;
    this.declared = parts.declared;
    this.#chdir = parts.chdir;
    this.#shadow = parts.shadow;
  }

  /**
   * `chdir` is the value of core's option of that name. Makes a shadow where core would refuse what stands in the
   * configuration. Throws `DeclareError`, and what `readProject` and `prepareWorkplace` throw.
   */
  static async open(core: Core, chdir: string | undefined, io: LiveIo): Promise<AskPlace> {
    const args = CoreArguments.parse(["state", "pull"], {}).withChdir(chdir);
    const root = rootOf(args, io.cwd);
    const read = await readDeclared(args, io);
    const declared = new Set(
      [...(read?.declarations ?? []), ...(read?.providerIntegrations ?? [])].map(({ name }) => name),
    );
    const needsShadow = read !== null && read.projectBlocks.length > 0;
    const place = needsShadow ? await prepareWorkplace(await readProject(core, args, read, io), args, io) : null;
    const dataDir = place?.dataDir ?? resolve(root, dataDirOf(io.env));
    const workspace = await workspaceOf({ dataDir }, io);
    return new AskPlace(core, io, { root, workspace, declared, chdir, shadow: place?.shadow ?? null });
  }

  /** Asks core something that changes nothing. Throws `CoreError`, and LIVE_INTERRUPTED. */
  async capture(...command: readonly string[]): Promise<Buffer> {
    const { io } = this;
    try {
      return await captureCore({ ...this.#line(command), signal: io.interrupt });
    } catch (error) {
      stopIfInterrupted(io.interrupt);
      throw error;
    }
  }

  /** Runs core to its end, whatever that is, and keeps what it prints. It is told of signals and never killed. */
  async run(command: readonly string[], { withStderr, onStart }: RunOptions): Promise<Printed> {
    const { io } = this;
    stopIfInterrupted(io.interrupt);
    const chunks: Buffer[] = [];
    const keep = (stdout: Readable | null): void => {
      stdout?.on("data", (chunk: Buffer) => chunks.push(chunk));
    };
    const { code } = await runCore({
      ...this.#line(command),
      stdio: { stdin: "ignore", stdout: "pipe", stderr: withStderr ? "stdout" : "inherit" },
      terminal: io.terminal,
      signals: io.signals,
      onStart: (core) => {
        keep(core.stdout);
        onStart?.(core);
      },
    });
    return { code, stdout: Buffer.concat(chunks) };
  }

  /** Brings back what core changed in a shadow. */
  async close(): Promise<void> {
    for (const notice of (await this.#shadow?.finish()) ?? []) this.io.note(notice.message);
  }

  #line(command: readonly string[]) {
    const { io } = this;
    const written = CoreArguments.parse(command, io.env).withChdir(this.#chdir);
    const args = this.#shadow === null ? written : written.absolute(this.root).withChdir(this.#shadow.root);
    return { path: this.#core.path, args: args.toArgv(), cwd: io.cwd, env: withoutArgumentVariables(io.env) };
  }
}
