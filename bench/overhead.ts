import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { AIMS } from "./aims.js";
import { fivePolicies, onePolicy, OWNER_POLICY } from "./judges.js";
import { liveProject, liveTools } from "./live-tools.js";
import type { LiveProject } from "./live-tools.js";
import { runPairs, runPlain } from "./live-runs.js";
import type { LiveCommand, Pairs } from "./live-runs.js";
import type { Goal, Measurement, ScopeOptions, ScopeResult } from "./measurement.js";
import { CLOUD_OF_LATENCY, TIME } from "./resource-kinds.js";
import type { ResourceKind } from "./resource-kinds.js";
import { aim, pairedRatio, summarize } from "./statistics.js";
import { temporaryFolder } from "./temporary-folder.js";
import { timedRun } from "./time-project.js";

const RESOURCES = 1_000;
const QUIET = ["-no-color", "-input=false"] as const;

/** One question: what a command costs more, or less, with these integrations in it. */
interface Case {
  readonly name: string;
  readonly command: "plan" | "apply" | "refresh";
  readonly kind: ResourceKind;
  readonly judges: string;
  readonly goal: Goal;
}

const CASES: readonly Case[] = [
  {
    name: "five sandboxed integrations",
    command: "plan",
    kind: TIME,
    judges: fivePolicies(TIME),
    goal: AIMS.planRatio,
  },
  {
    name: "five sandboxed integrations",
    command: "apply",
    kind: TIME,
    judges: fivePolicies(TIME),
    goal: AIMS.applyRatio,
  },
  {
    name: "five sandboxed integrations",
    command: "refresh",
    kind: TIME,
    judges: fivePolicies(TIME),
    goal: AIMS.refreshRatio,
  },
  {
    name: "five sandboxed integrations",
    command: "plan",
    kind: CLOUD_OF_LATENCY,
    judges: fivePolicies(CLOUD_OF_LATENCY),
    goal: AIMS.slowProviderRatio,
  },
  {
    name: "one js policy on every resource",
    command: "plan",
    kind: TIME,
    judges: onePolicy("*"),
    goal: AIMS.planRatio,
  },
  {
    name: "one js policy that matches nothing",
    command: "plan",
    kind: TIME,
    judges: onePolicy("none_*"),
    goal: AIMS.idleRatio,
  },
];

/** Wall time of whole commands with Airlock against the same commands without it, in pairs: plain, Airlock, plain. */
export async function measureOverhead({ quick, progress }: ScopeOptions): Promise<ScopeResult> {
  const tools = liveTools(["tofu", "time", "mockcloud"]);
  if (typeof tools === "string") {
    return { measurements: [], skipped: [{ scope: "overhead", subject: "commands of a live core", reason: tools }] };
  }
  using folder = temporaryFolder();
  const project = liveProject(folder.path, tools);
  const runs = quick ? 1 : 7;
  const measurements: Measurement[] = [];
  for (const [index, one] of CASES.entries()) {
    progress(`overhead: ${questionOf(one)}, ${one.name}, ${runs} pairs`);
    const command = await prepare(project, join(folder.path, `project-${index}`), one);
    measurements.push(...rows(project, one, await runPairs(command, runs)));
  }
  return { measurements, skipped: [] };
}

/** Writes the project of a case and brings it to where its command begins. */
async function prepare(project: LiveProject, root: string, { command, kind, judges }: Case): Promise<LiveCommand> {
  await mkdir(root);
  await writeFile(join(root, "policy.mjs"), OWNER_POLICY);
  await writeFile(join(root, "airlock.hcl"), judges);
  await writeFile(join(root, "main.tf"), kind.configuration(RESOURCES));
  await timedRun(project, root, project.core, ["init", ...QUIET]);
  const args = [command, ...QUIET, ...(command === "apply" ? ["-auto-approve"] : [])];
  const made = { project, root, fresh: command === "apply" };
  if (command === "refresh") await runPlain({ ...made, args: ["apply", ...QUIET, "-auto-approve"] });
  return { ...made, args };
}

function questionOf({ command, kind }: Case): string {
  return `${command} of ${RESOURCES} ${kind.type}${kind.remark}`;
}

function rows({ version }: LiveProject, one: Case, { plain, judged, ratios }: Pairs): Measurement[] {
  const about = {
    scope: "overhead",
    question: `Live: tofu ${version}, ${questionOf(one)}, wall time of the whole command`,
    condition: one.name,
    unit: "ms",
  } as const;
  const ratio = pairedRatio(ratios, "plain core, median of pairs");
  return [
    { ...about, subject: "plain core", ...summarize(plain), ratio: null, aim: null },
    {
      ...about,
      subject: "with Airlock",
      ...summarize(judged),
      ratio,
      aim: aim(ratio.value, one.goal, "ratio"),
    },
  ];
}
