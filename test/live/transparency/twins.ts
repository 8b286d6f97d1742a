import { readdirSync, readFileSync } from "node:fs";
import { join, relative } from "node:path";
import { expect } from "vitest";
import { airlock } from "../../support/live/airlock.js";
import type { Outcome, RunOptions } from "../../support/live/process.js";
import type { Core } from "../../support/live/tools.js";
import { workspace, type Workspace, type WorkspaceOptions } from "../../support/live/workspace.js";
import { OBSERVED } from "./guests.js";
import { normalState } from "./normal-state.js";
import { normalJsonText, normalText } from "./normal-text.js";

/** The one thing that Airlock adds to what a run prints. */
const SUMMARY =
  /airlock: (PASS|WARN|FAIL|ERROR) {2}(\d+) integrations?, (\d+) calls?(?:, slowest [^\n;]*)?(?:; core failed \(\d+\))?\n$/;
/** Core's own question, with its answer. */
const QUESTION = /(?:\u001b\[0m\u001b\[1m)?\n(?:Do you|Would you)[^?]*\?[^]*?Enter a value:.*\n/;
/** Only these have integrations in them. */
const STAGES = ["init", "validate", "plan", "apply", "destroy", "refresh", "import"];
/** What Airlock keeps in core's data folder: what it knows of providers, and a shadow where it needs one. */
const OURS = /(?:^|\/)airlock\/(?:protocols\.json$|shadow\/)/;
/** Binaries and links to them; core's own index of modules and its choice of workspace are compared. */
const PROVIDERS = /(?:^|\/)providers\//;
const STATE = /\.tfstate(?:\.backup|\.\d+\.backup)?$/;
const PLAN = /\.tfplan$/;

export interface TwinOptions extends WorkspaceOptions {
  /** What the twin with Airlock has on top or instead: the project-level observer when left out. */
  readonly ours?: Readonly<Record<string, string>>;
  /** Added to the environment of every run; made for each twin. */
  readonly env?: (space: Workspace) => Readonly<Record<string, string>>;
  /** Core's own index of modules is in the shadow of Airlock's twin, and not compared. */
  readonly dataIsShadowed?: boolean;
  /** For what differs between any two runs of core in this configuration. */
  readonly mask?: (text: string) => string;
}

export interface StepOptions extends Omit<RunOptions, "cwd"> {
  /** The exit code that both must end with; 0 when left out. */
  readonly code?: number;
  /** The working directory, from the root module. */
  readonly below?: string;
  /** Whether integrations take part; by the command when left out. */
  readonly judged?: boolean;
  /**
   * Airlock runs with -auto-approve, plain core without it, and what it asks is taken out. Warnings of planning come
   * behind the plan then, as in front of a question: core in one run keeps them for its end, with those of applying.
   */
  readonly unasked?: boolean;
}

/** What a step printed with plain core, as it was compared; and how many calls the integrations of the other twin had. */
export interface Step {
  readonly stdout: string;
  readonly stderr: string;
  readonly calls: number;
}

/** One configuration in two folders: in one plain core runs, in the other Airlock runs the same core. */
export class Twins {
  readonly #lineages = new Map<string, string>();

  /** Files that differ, and are not compared. */
  readonly #differing: Set<string>;

  private constructor(
    readonly core: Core,
    readonly plain: Workspace,
    readonly airlock: Workspace,
    private readonly options: TwinOptions,
  ) {
    const index = options.dataIsShadowed === true ? [".terraform/modules/modules.json"] : [];
    this.#differing = new Set([...Object.keys(options.ours ?? OBSERVED), ...index]);
  }

  /** Makes both, with different files only where `ours` says so. */
  static async make(core: Core, options: TwinOptions): Promise<Twins> {
    const [plain, other] = [await workspace(options), await workspace(options)];
    other.write(options.ours ?? OBSERVED);
    return new Twins(core, plain, other, options);
  }

  /** Writes the same files into both, but for those that the twin with Airlock has instead. */
  write(files: Readonly<Record<string, string>>, ours: Readonly<Record<string, string>> = {}): void {
    this.plain.write(files);
    this.airlock.write({ ...files, ...ours });
  }

  init(): Promise<Step> {
    return this.run(["init", "-input=false"]);
  }

  /**
   * Runs the same command in both and holds all that can be seen of it to be the same: exit code, stdout, stderr, every
   * file of the project, what happened to objects in the cloud, and that nothing is left in the temporary folder.
   */
  async run(args: readonly string[], options: StepOptions = {}): Promise<Step> {
    const { code = 0, below = ".", unasked = false } = options;
    const input = unasked ? "yes\n" : options.input;
    const { mask = (text: string) => text } = this.options;
    const judged = options.judged ?? args.some((argument) => STAGES.includes(argument));
    const each = (space: Workspace): RunOptions => ({
      cwd: join(space.folder, below),
      env: { ...this.options.env?.(space), ...options.env },
      ...(input !== undefined && { input }),
      ...(options.oneOutput === true && { oneOutput: true }),
    });
    const [plain, other] = await Promise.all([
      this.plain.run(this.core, args, each(this.plain)),
      airlock(this.airlock, this.core, unasked ? [...args, "-auto-approve"] : args, each(this.airlock)),
    ]);
    const what = `${args.join(" ")} of ${this.core.name} ${this.core.version}`;
    const { rest, calls } = takeSummary(other, judged, what);
    const normal = args.includes("-json") ? normalJsonText : normalText;
    const asked = unasked ? QUESTION : /(?!)/;
    const seen = ({ stdout, stderr }: Pick<Outcome, "stdout" | "stderr">, space: Workspace) => {
      const root = join(space.folder, "..");
      return { stdout: mask(normal(stdout.replace(asked, ""), root)), stderr: mask(normal(stderr, root)) };
    };
    const expected = seen(plain, this.plain);
    expect(plain.code, `plain core, ${what}:\n${plain.stdout}${plain.stderr}`).toBe(code);
    expect.soft({ ...seen(rest, this.airlock), code: other.code, signal: other.signal }, what).toEqual({
      ...expected,
      code,
      signal: null,
    });
    this.#compareFiles(mask, what);
    this.#compareCloud(what);
    return { ...expected, calls };
  }

  #compareFiles(mask: (text: string) => string, what: string): void {
    const [plain, other] = [filesOf(this.plain, mask), filesOf(this.airlock, mask)];
    const compared = (files: Readonly<Record<string, string>>) =>
      Object.fromEntries(Object.entries(files).filter(([name]) => !this.#differing.has(name)));
    expect.soft(compared(other.files), `files after ${what}`).toEqual(compared(plain.files));
    expect.soft(readdirSync(this.airlock.temporary), `leftovers of ${what}`).toEqual(readdirSync(this.plain.temporary));
    // Each state goes on in its own lineage: nothing was begun anew.
    for (const [name, lineage] of other.lineages) {
      expect.soft(this.#lineages.get(name) ?? lineage, `the lineage of ${name} after ${what}`).toBe(lineage);
      this.#lineages.set(name, lineage);
    }
  }

  /** What was done to objects; in which order is up to core. */
  #compareCloud(what: string): void {
    const changes = (space: Workspace) =>
      space
        .calls()
        .filter(({ method }) => ["create", "update", "delete", "import"].includes(method))
        .map(({ method, type, id, name, region }) => [method, type, id, name, region].join(" "))
        .sort();
    expect.soft(changes(this.airlock), `what the provider did in ${what}`).toEqual(changes(this.plain));
  }
}

/** Takes the summary out of stderr: it is there exactly once and last where integrations took part, and nowhere else. */
function takeSummary(outcome: Outcome, judged: boolean, what: string) {
  const match = SUMMARY.exec(outcome.stderr) ?? SUMMARY.exec(outcome.stdout);
  expect.soft(match !== null, `a summary after ${what}:\n${outcome.stdout}${outcome.stderr}`).toBe(judged);
  const rest = { ...outcome, stdout: outcome.stdout.replace(SUMMARY, ""), stderr: outcome.stderr.replace(SUMMARY, "") };
  if (match === null) return { rest, calls: 0 };
  expect(match[1], what).toBe("PASS");
  return { rest, calls: Number(match[3]) };
}

function namesOf({ folder }: Workspace): string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => !entry.isDirectory())
    .map((entry) => relative(folder, join(entry.parentPath, entry.name)))
    .filter((name) => !OURS.test(name) && !PROVIDERS.test(name))
    .sort();
}

function filesOf(space: Workspace, mask: (text: string) => string) {
  const files: Record<string, string> = {};
  const lineages = new Map<string, string>();
  for (const name of namesOf(space)) {
    const path = join(space.folder, name);
    const shown = name.replace(/\.\d+(?=\.backup$)/, ".TIME");
    const text = readFileSync(path, "utf8");
    if (PLAN.test(name)) {
      // An archive with times and lineages in it; what it holds is compared by showing and applying it.
      files[shown] = "a plan";
    } else if (STATE.test(name) && text !== "") {
      const state = normalState(text);
      lineages.set(shown, state.lineage);
      files[shown] = mask(state.text);
    } else {
      files[shown] = mask(text.replaceAll(join(space.folder, ".."), "ROOT"));
    }
  }
  return { files, lineages };
}
