import { cp, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { AIMS } from "./aims.js";
import { liveProject, liveTools } from "./live-tools.js";
import type { LiveProject } from "./live-tools.js";
import type { Measurement, ScopeOptions, ScopeResult } from "./measurement.js";
import { packageRoot } from "./package-root.js";
import { aim, pairedRatio, summarize } from "./statistics.js";
import { temporaryFolder } from "./temporary-folder.js";
import { timeAddresses, timedRun, writeTimeProject } from "./time-project.js";

/** Core copies a block with all its instances whenever it looks at one of them: with all in one block it is that which is timed. */
const INSTANCES = 10;
const BLOCKS = 500;
/** Of JSON, for each resource. */
const STORED_BYTES = 1_024;
const PLAN = ["plan", "-no-color", "-input=false"];

/**
 * Wall time of a whole plan over a state in which something is stored for every resource, against the same without, with
 * Airlock and by plain core, which copies what it keeps, too; and of listing it all.
 */
export async function measureMetadata({ quick, progress }: ScopeOptions): Promise<ScopeResult> {
  const tools = liveTools();
  if (typeof tools === "string") {
    return { measurements: [], skipped: [{ scope: "metadata", subject: "state of a live core", reason: tools }] };
  }
  using folder = temporaryFolder();
  const project = liveProject(folder.path, tools);
  const size = { blocks: quick ? 10 : BLOCKS, instances: INSTANCES };
  const [bare, full] = [join(folder.path, "bare"), join(folder.path, "full")];
  progress(`metadata: a state of ${size.blocks * size.instances} resources`);
  await writeTimeProject(bare, { ...size, types: "*" });
  await timedRun(project, bare, project.core, ["init", "-no-color"]);
  await timedRun(project, bare, project.core, ["apply", "-auto-approve", "-no-color"]);
  await cp(bare, full, { recursive: true, verbatimSymlinks: true });
  await store(project, full, timeAddresses(size));
  const runs = quick ? 1 : 5;
  progress(`metadata: ${runs} rounds of four plans and two lists`);
  const times = await rounds(project, { bare, full, runs });
  return { measurements: report(project, times, size.blocks * size.instances), skipped: [] };
}

async function store(project: LiveProject, root: string, addresses: readonly string[]): Promise<void> {
  const text = "x".repeat(STORED_BYTES - '{"text":""}'.length);
  const rows = addresses.map((address) => [address, { owner: { data: { text } } }]);
  const file = join(root, "export.json");
  await writeFile(file, JSON.stringify({ format: 1, metadata: Object.fromEntries(rows) as unknown }));
  await airlock(project, root, ["metadata", "import", file]);
}

function airlock(project: LiveProject, root: string, args: readonly string[]): Promise<number> {
  const cli = join(packageRoot(), "dist/src/cli/main.js");
  return timedRun(project, root, process.execPath, [cli, ...args, "--core", project.core]);
}

interface Rounds {
  readonly bare: string;
  readonly full: string;
  readonly runs: number;
}

/** What one round took, in ms. */
interface Round {
  readonly bare: number;
  readonly full: number;
  readonly plainBare: number;
  readonly plainFull: number;
  readonly list: number;
  readonly pull: number;
}

async function rounds(project: LiveProject, { bare, full, runs }: Rounds): Promise<readonly Round[]> {
  const all: Round[] = [];
  for (let at = 0; at < runs; at += 1) {
    all.push({
      bare: await airlock(project, bare, PLAN),
      full: await airlock(project, full, PLAN),
      plainBare: await timedRun(project, bare, project.core, PLAN),
      plainFull: await timedRun(project, full, project.core, PLAN),
      pull: await timedRun(project, full, project.core, ["state", "pull"]),
      list: await airlock(project, full, ["metadata", "list"]),
    });
  }
  return all;
}

function report({ version }: LiveProject, all: readonly Round[], count: number): Measurement[] {
  const of = (name: keyof Round) => summarize(all.map((round) => round[name]));
  const question = `Live: tofu ${version}, ${count} time_static, ${STORED_BYTES} bytes stored for each, wall time of the whole command`;
  const row = { scope: "metadata", unit: "ms", question, ratio: null, aim: null } as const;
  const [bare, list] = [of("bare"), of("list")];
  const planned = { ...row, condition: "plan with one js policy" };
  const plain = { ...row, condition: "plan by plain core" };
  const read = { ...row, condition: "read it all" };
  const ratios = (full: keyof Round, base: keyof Round) =>
    pairedRatio(
      all.map((round) => round[full] / round[base]),
      "nothing stored, median of rounds",
    );
  const ratio = ratios("full", "bare");
  return [
    { ...planned, subject: "nothing stored", ...bare },
    {
      ...planned,
      subject: "stored for every resource",
      ...of("full"),
      ratio,
      aim: aim(ratio.value, AIMS.metadataRatio, "ratio"),
    },
    { ...plain, subject: "nothing stored", ...of("plainBare") },
    { ...plain, subject: "stored for every resource", ...of("plainFull"), ratio: ratios("plainFull", "plainBare") },
    { ...read, subject: "state pull of core", ...of("pull") },
    {
      ...read,
      subject: "airlock metadata list",
      ...list,
      aim: aim(list.median, AIMS.metadataListMs),
    },
  ];
}
