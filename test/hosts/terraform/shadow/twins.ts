import { join } from "node:path";
import { expect } from "vitest";
import { prepareShadow } from "../../../../src/hosts/terraform/shadow/shadow.js";
import type { ShadowRequest } from "../../../../src/hosts/terraform/shadow/shadow.js";
import type { Outcome, RunOptions } from "../../../support/live/process.js";
import type { Core, ProviderName } from "../../../support/live/tools.js";
import { workspace } from "../../../support/live/workspace.js";
import type { Workspace } from "../../../support/live/workspace.js";
import { entriesOf } from "./folders.js";

/** The block that core rejects. */
const BLOCK = `  integration "x" {\n    source = "./x"\n  }\n`;
/** The first lines of a root module, as the user wrote them and as core may see them. */
export const WITH_BLOCK = `terraform {\n${BLOCK}}\n`;
const WITHOUT_BLOCK = `terraform {\n${BLOCK.replace(/[^\n]/g, " ")}}\n`;

export interface TwinOptions {
  readonly files: Readonly<Record<string, string>>;
  /** The root module's folder in the project. */
  readonly root?: string;
  /** Folders of local modules in the project. */
  readonly modules?: readonly string[];
  readonly providers?: readonly ProviderName[];
  readonly dataDir?: string;
  readonly mayMakeWorkspace?: boolean;
}

/** One project twice: without the block under plain core, and with it under core in a shadow. */
export class Twins {
  readonly plain: Workspace;
  readonly shadowed: Workspace;
  readonly #core: Core;
  readonly #options: TwinOptions;

  private constructor(plain: Workspace, shadowed: Workspace, core: Core, options: TwinOptions) {
    this.plain = plain;
    this.shadowed = shadowed;
    this.#core = core;
    this.#options = options;
  }

  static async of(core: Core, options: TwinOptions): Promise<Twins> {
    const { providers = [], root = "." } = options;
    const name = join(root, "main.tf");
    const main = options.files[name] ?? "";
    const [plain, shadowed] = await Promise.all(
      [WITHOUT_BLOCK, WITH_BLOCK].map((head) =>
        workspace({ files: { ...options.files, [name]: head + main }, providers }),
      ),
    );
    if (plain === undefined || shadowed === undefined) throw new Error("no workspace");
    return new Twins(plain, shadowed, core, options);
  }

  rootOf(space: Workspace): string {
    return join(space.folder, this.#options.root ?? ".");
  }

  /** What a shadow of the second project asks for. */
  request(): ShadowRequest {
    const { modules = [], dataDir, mayMakeWorkspace = false, files, root = "." } = this.#options;
    const content = WITHOUT_BLOCK + (files[join(root, "main.tf")] ?? "");
    const main = join(this.rootOf(this.shadowed), "main.tf");
    return {
      root: this.rootOf(this.shadowed),
      dataDir,
      replaced: new Map([[main, Buffer.from(content)]]),
      localModules: modules.map((module) => join(this.shadowed.folder, module)),
      mayMakeWorkspace,
    };
  }

  /** Runs core in the shadow of the second project, from its root as plain core would be. */
  async inShadow(args: readonly string[], more: RunOptions = {}): Promise<Outcome> {
    const shadow = await prepareShadow(this.request());
    expect(shadow.notices).toEqual([]);
    const outcome = await this.shadowed.run(
      this.#core,
      [`-chdir=${shadow.root}`, ...args],
      this.#how(this.shadowed, more),
    );
    expect(await shadow.finish()).toEqual([]);
    return outcome;
  }

  /** Runs the same in both, and expects the same exit code, the same output and the same files. */
  async run(args: readonly string[], more: RunOptions = {}): Promise<Outcome> {
    const plain = await this.plain.run(this.#core, args, this.#how(this.plain, more));
    const shadowed = await this.inShadow(args, more);
    expect(this.#neutral(shadowed)).toEqual(this.#neutral(plain));
    expect(this.files(this.shadowed)).toEqual(this.files(this.plain));
    return shadowed;
  }

  /** As `run`, and expects exit code 0. */
  async succeed(args: readonly string[], more: RunOptions = {}): Promise<Outcome> {
    const outcome = await this.run(args, more);
    expect(outcome, outcome.stderr).toMatchObject({ code: 0 });
    return outcome;
  }

  /** All files of a project but core's data, without what differs between any two runs. */
  files(space: Workspace): Record<string, string | null> {
    const data = this.#options.dataDir ?? ".terraform";
    const found = Object.entries(entriesOf(space.folder, [".terraform", data]));
    return Object.fromEntries(
      found.map(([name, content]) => [
        name,
        content === null ? null : neutralText(content.replace(WITH_BLOCK, WITHOUT_BLOCK), space),
      ]),
    );
  }

  #how(space: Workspace, more: RunOptions): RunOptions {
    const { dataDir } = this.#options;
    const env = {
      ...more.env,
      ...(dataDir === undefined ? {} : { TF_DATA_DIR: dataDir.replace("$FOLDER", space.folder) }),
    };
    return { cwd: this.rootOf(space), ...more, env };
  }

  #neutral(outcome: Outcome): Outcome {
    const text = (value: string): string => ordered(neutralText(neutralText(value, this.plain), this.shadowed));
    return { ...outcome, stdout: text(outcome.stdout), stderr: text(outcome.stderr) };
  }
}

/** The lines on progress come in any order, with `-parallelism=1` too. */
function ordered(text: string): string {
  const lines = text.split("\n");
  const isProgress = (line: string): boolean => /: (?:Creat|Destr|Refreshing)/.test(line);
  return [...lines.filter((line) => !isProgress(line)), ...lines.filter(isProgress).sort()].join("\n");
}

function neutralText(text: string, space: Workspace): string {
  return text
    .replaceAll(space.folder, "FOLDER")
    .replace(/[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}/g, "UUID")
    .replace(/complete after \d+s/g, "complete after 0s");
}
