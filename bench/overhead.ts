import { join } from "node:path";
import { AIMS } from "./aims.js";
import { liveProject, liveTools } from "./live-tools.js";
import type { LiveProject } from "./live-tools.js";
import type { Measurement, ScopeOptions, ScopeResult } from "./measurement.js";
import { packageRoot } from "./package-root.js";
import { aim, pairedRatio, summarize } from "./statistics.js";
import { temporaryFolder } from "./temporary-folder.js";
import { timedRun, writeTimeProject } from "./time-project.js";

const RESOURCES = 1_000;

/**
 * A policy that looks at every plan call, and one that matches nothing: core then starts its provider itself, and what
 * the run costs more is the start of the guests and the reading of the plan.
 */
const JUDGES = [
  { name: "one js policy on every resource", resources: "*", goal: AIMS.planRatio },
  { name: "one js policy that matches nothing", resources: "none_*", goal: AIMS.idleRatio },
] as const;

/** Wall time of a whole plan with Airlock against the same plan without it, in pairs: plain, Airlock, plain. */
export async function measureOverhead({ quick, progress }: ScopeOptions): Promise<ScopeResult> {
  const tools = liveTools();
  if (typeof tools === "string") {
    return { measurements: [], skipped: [{ scope: "overhead", subject: "plan of a live core", reason: tools }] };
  }
  using folder = temporaryFolder();
  const project = liveProject(folder.path, tools);
  const measurements: Measurement[] = [];
  for (const [index, { resources, ...judge }] of JUDGES.entries()) {
    const root = join(folder.path, `project-${index}`);
    await writeTimeProject(root, { blocks: 1, instances: RESOURCES, types: resources });
    await timedRun(project, root, project.core, ["init", "-no-color"]);
    const runs = quick ? 1 : 5;
    progress(`overhead: plan of ${RESOURCES} resources, ${judge.name}, ${runs} pairs`);
    measurements.push(...(await measurePairs(project, root, judge, runs)));
  }
  return { measurements, skipped: [] };
}

async function measurePairs(
  project: LiveProject,
  root: string,
  { name, goal }: Pick<(typeof JUDGES)[number], "name" | "goal">,
  runs: number,
): Promise<Measurement[]> {
  const cli = join(packageRoot(), "dist/src/cli/main.js");
  const plan = ["plan", "-no-color", "-input=false"];
  const plain = () => timedRun(project, root, project.core, plan);
  const judged = () => timedRun(project, root, process.execPath, [cli, ...plan, "--core", project.core]);
  const plains: number[] = [];
  const with_: number[] = [];
  const ratios: number[] = [];
  await judged();
  let before = await plain();
  for (let at = 0; at < runs; at += 1) {
    const own = await judged();
    const after = await plain();
    ratios.push(own / ((before + after) / 2));
    with_.push(own);
    plains.push(after);
    before = after;
  }
  const about = {
    scope: "overhead",
    question: `Live: tofu ${project.version} plans ${RESOURCES} time_static, wall time of the whole command`,
    condition: name,
    unit: "ms",
  } as const;
  const ratio = pairedRatio(ratios, "plain core, median of pairs");
  return [
    { ...about, subject: "plain core", ...summarize(plains), ratio: null, aim: null },
    {
      ...about,
      subject: "with Airlock",
      ...summarize(with_),
      ratio,
      aim: aim(ratio.value, goal, "ratio"),
    },
  ];
}
