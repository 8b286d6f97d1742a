import { rm } from "node:fs/promises";
import { join } from "node:path";
import type { LiveProject } from "./live-tools.js";
import { packageRoot } from "./package-root.js";
import { timedRun } from "./time-project.js";

/** A command of core in a project, to be run as it is and with Airlock in it. */
export interface LiveCommand {
  readonly project: LiveProject;
  readonly root: string;
  readonly args: readonly string[];
  /** Each run begins without a state. */
  readonly fresh: boolean;
}

/** What pairs of runs took, in ms, and the ratio of each pair. */
export interface Pairs {
  readonly plain: readonly number[];
  readonly judged: readonly number[];
  readonly ratios: readonly number[];
}

/**
 * Runs a command in pairs: plain, with Airlock, plain, with Airlock, … plain. Each run with Airlock is held against the
 * mean of the plain ones before and after it. The first of each kind is not measured. Rejects with what `timedRun` does.
 */
export async function runPairs(command: LiveCommand, count: number): Promise<Pairs> {
  const judged: number[] = [];
  const plain: number[] = [];
  const ratios: number[] = [];
  await runJudged(command);
  await runPlain(command);
  let before = await runPlain(command);
  for (let at = 0; at < count; at += 1) {
    const own = await runJudged(command);
    const after = await runPlain(command);
    ratios.push(own / ((before + after) / 2));
    judged.push(own);
    plain.push(after);
    before = after;
  }
  return { plain, judged, ratios };
}

/** The command as core alone runs it. */
export async function runPlain({ project, root, args, fresh }: LiveCommand): Promise<number> {
  if (fresh) await forget(root);
  return timedRun(project, root, project.core, args);
}

async function runJudged({ project, root, args, fresh }: LiveCommand): Promise<number> {
  if (fresh) await forget(root);
  const cli = join(packageRoot(), "dist/src/cli/main.js");
  return timedRun(project, root, process.execPath, [cli, ...args, "--core", project.core]);
}

async function forget(root: string): Promise<void> {
  for (const name of ["terraform.tfstate", "terraform.tfstate.backup"]) await rm(join(root, name), { force: true });
}
