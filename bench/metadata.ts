import { cp, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { AIM_METADATA_LIST_MS, AIM_METADATA_RATIO } from "./aims.js";
import { liveProject, liveTools } from "./live-tools.js";
import type { LiveProject } from "./live-tools.js";
import type { Measurement, ScopeOptions, ScopeResult } from "./measurement.js";
import { packageRoot } from "./package-root.js";
import { median, summarize } from "./statistics.js";
import { temporaryFolder } from "./temporary-folder.js";
import { timedRun, writeTimeProject } from "./time-project.js";

const RESOURCES = 5_000;
/** Of JSON, for each resource. */
const STORED_BYTES = 1_024;
const PLAN = ["plan", "-no-color", "-input=false"];

/**
 * Wall time of a whole plan with Airlock over a state in which something is stored for every resource, against the same
 * without, in pairs; and of listing it all.
 */
export async function measureMetadata({ quick, progress }: ScopeOptions): Promise<ScopeResult> {
  const tools = liveTools();
  if (typeof tools === "string") {
    return { measurements: [], skipped: [{ scope: "metadata", subject: "state of a live core", reason: tools }] };
  }
  using folder = temporaryFolder();
  const project = liveProject(folder.path, tools);
  const count = quick ? 100 : RESOURCES;
  const [bare, full] = [join(folder.path, "bare"), join(folder.path, "full")];
  progress(`metadata: a state of ${count} resources`);
  await writeTimeProject(bare, count, "*");
  await timedRun(project, bare, project.core, ["init", "-no-color"]);
  await timedRun(project, bare, project.core, ["apply", "-auto-approve", "-no-color"]);
  await cp(bare, full, { recursive: true, verbatimSymlinks: true });
  await store(project, full, count);
  const runs = quick ? 1 : 3;
  progress(`metadata: ${runs} pairs of plans, and as many lists`);
  return { measurements: await measure(project, { bare, full, count, runs }), skipped: [] };
}

async function store(project: LiveProject, root: string, count: number): Promise<void> {
  const text = "x".repeat(STORED_BYTES - '{"text":""}'.length);
  const rows = Array.from({ length: count }, (_, at) => [`time_static.one[${at}]`, { owner: { data: { text } } }]);
  const file = join(root, "export.json");
  await writeFile(file, JSON.stringify({ format: 1, metadata: Object.fromEntries(rows) as unknown }));
  await airlock(project, root, ["metadata", "import", file]);
}

function airlock(project: LiveProject, root: string, args: readonly string[]): Promise<number> {
  const cli = join(packageRoot(), "dist/src/cli/main.js");
  return timedRun(project, root, process.execPath, [cli, ...args, "--core", project.core]);
}

interface Measured {
  readonly bare: string;
  readonly full: string;
  readonly count: number;
  readonly runs: number;
}

async function measure(project: LiveProject, { bare, full, count, runs }: Measured): Promise<Measurement[]> {
  const times = { bare: [] as number[], full: [] as number[], list: [] as number[], pull: [] as number[] };
  const ratios: number[] = [];
  let before = await airlock(project, bare, PLAN);
  for (let at = 0; at < runs; at += 1) {
    const stored = await airlock(project, full, PLAN);
    const after = await airlock(project, bare, PLAN);
    ratios.push(stored / ((before + after) / 2));
    times.full.push(stored);
    times.bare.push(after);
    before = after;
    times.pull.push(await timedRun(project, full, project.core, ["state", "pull"]));
    times.list.push(await airlock(project, full, ["metadata", "list"]));
  }
  const about = { scope: "metadata", unit: "ms" } as const;
  const question = `Live: tofu ${project.version}, ${count} time_static, ${STORED_BYTES} bytes stored for each, wall time of the whole command`;
  const ratio = median(ratios);
  const [plain, list] = [summarize(times.bare), summarize(times.list)];
  const row = { ...about, question, ratio: null, aim: null };
  return [
    { ...row, condition: "plan with one js policy", subject: "nothing stored", ...plain },
    {
      ...row,
      condition: "plan with one js policy",
      subject: "stored for every resource",
      ...summarize(times.full),
      ratio: { value: ratio, to: "nothing stored, median of pairs" },
      aim: { atMost: plain.median * AIM_METADATA_RATIO, met: ratio <= AIM_METADATA_RATIO },
    },
    { ...row, condition: "read it all", subject: "state pull of core", ...summarize(times.pull) },
    {
      ...row,
      condition: "read it all",
      subject: "airlock metadata list",
      ...list,
      aim: { atMost: AIM_METADATA_LIST_MS, met: list.median <= AIM_METADATA_LIST_MS },
    },
  ];
}
