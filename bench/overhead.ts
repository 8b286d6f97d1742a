import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { AIM_PLAN_RATIO } from "./aims.js";
import { BenchError } from "./bench-error.js";
import { liveProject, liveTools } from "./live-tools.js";
import type { LiveProject } from "./live-tools.js";
import type { Measurement, ScopeOptions, ScopeResult } from "./measurement.js";
import { packageRoot } from "./package-root.js";
import { median, summarize } from "./statistics.js";
import { temporaryFolder } from "./temporary-folder.js";

const RESOURCES = 1_000;
const KEPT_STDERR = 2_000;

/**
 * A policy that looks at every plan call, and one that matches nothing: core then starts its provider itself, and what
 * the run costs more is the start of the guests and the reading of the plan.
 */
const JUDGES = [
  { name: "one js policy on every resource", resources: "*", aim: AIM_PLAN_RATIO },
  { name: "one js policy that matches nothing", resources: "none_*", aim: null },
] as const;

const POLICY = `
export function handle(line) {
  const { id, method, params } = JSON.parse(line);
  const answer = (result) => JSON.stringify({ jsonrpc: "2.0", id, result });
  if (method === "initialize") {
    return answer({ name: "owner", version: "1.0.0", protocol_version: 1, stateless: true, hooks: ["post-plan-resource"] });
  }
  if (method === "shutdown") return answer({});
  return answer({ status: params.after.triggers.owner ? "success" : "fail" });
}
`;

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
    await writeProject(root, resources);
    await run(project, root, project.core, ["init", "-no-color"]);
    const runs = quick ? 1 : 5;
    progress(`overhead: plan of ${RESOURCES} resources, ${judge.name}, ${runs} pairs`);
    measurements.push(...(await measurePairs(project, root, judge, runs)));
  }
  return { measurements, skipped: [] };
}

async function measurePairs(
  project: LiveProject,
  root: string,
  { name, aim }: Pick<(typeof JUDGES)[number], "name" | "aim">,
  runs: number,
): Promise<Measurement[]> {
  const cli = join(packageRoot(), "dist/src/cli/main.js");
  const plan = ["plan", "-no-color", "-input=false"];
  const plain = () => run(project, root, project.core, plan);
  const judged = () => run(project, root, process.execPath, [cli, ...plan, "--core", project.core]);
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
  const value = median(ratios);
  const base = summarize(plains);
  return [
    { ...about, subject: "plain core", ...base, ratio: null, aim: null },
    {
      ...about,
      subject: "with Airlock",
      ...summarize(with_),
      ratio: { value, to: "plain core, median of pairs" },
      aim: aim === null ? null : { atMost: base.median * aim, met: value <= aim },
    },
  ];
}

async function writeProject(root: string, resources: string): Promise<void> {
  await mkdir(root);
  await writeFile(join(root, "policy.mjs"), POLICY);
  const declaration = `integration "owner" {\n  source = "./policy.mjs"\n  resources = ["${resources}"]\n}\n`;
  await writeFile(join(root, "airlock.hcl"), declaration);
  await writeFile(
    join(root, "main.tf"),
    `terraform {
  required_providers {
    time = { source = "hashicorp/time" }
  }
}
resource "time_static" "one" {
  count    = ${RESOURCES}
  triggers = { owner = "team-\${count.index}" }
}
`,
  );
}

/** Runs a program in the project and gives its wall time in ms. Rejects with `BenchError` BENCH_COMMAND_FAILED unless it ends with 0. */
async function run(
  { environment }: LiveProject,
  cwd: string,
  program: string,
  args: readonly string[],
): Promise<number> {
  const before = performance.now();
  const child = spawn(program, args, { cwd, env: environment, stdio: ["ignore", "ignore", "pipe"] });
  let said = "";
  child.stderr.on("data", (chunk: Buffer) => {
    said = (said + chunk.toString("utf8")).slice(-KEPT_STDERR);
  });
  const closed: readonly unknown[] = await once(child, "close");
  if (closed[0] === 0) return performance.now() - before;
  throw new BenchError("BENCH_COMMAND_FAILED", `${args.join(" ")} ended with ${String(closed[0])}: ${said.trim()}`);
}
