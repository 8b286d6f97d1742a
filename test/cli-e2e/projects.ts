import { spawnSync } from "node:child_process";
import { mkdirSync, writeFileSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { change, planJson } from "../hosts/plan-file/plans.js";
import { jsIntegration, temporaryFolder } from "../support/projects.js";

/** The built command line. */
export const MAIN = resolve("dist/src/cli/main.js");

/** A plan of two resources. */
export const PLAN = planJson({
  resource_changes: [
    change("aws_vm.a", ["create"], null, { size: 1 }),
    change("aws_vm.b", ["update"], { size: 1 }, { size: 2 }),
  ],
});

/** The code of a js integration that gives this verdict for every resource. */
export const verdict = (fields: object): string =>
  jsIntegration(`return ${JSON.stringify(fields)};`, { hooks: ["post-plan-resource"] });

/** An `integration` block. */
export const block = (name: string, source: string, more = ""): string =>
  `integration ${JSON.stringify(name)} {\n  source = ${JSON.stringify(source)}\n${more}}\n`;

/** A folder with a plan, its declarations, and whatever else is given. */
export function project(declarations: string, files: Readonly<Record<string, string>> = {}): string {
  const folder = temporaryFolder();
  const all = { "plan.json": PLAN, "airlock.hcl": declarations, ...files };
  for (const [name, content] of Object.entries(all)) {
    mkdirSync(dirname(join(folder, name)), { recursive: true });
    writeFileSync(join(folder, name), content);
  }
  return folder;
}

export interface Ran {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface RunOptions {
  readonly stdin?: string;
  readonly env?: Readonly<Record<string, string>>;
}

/** Runs the real command to its end. */
export function airlock(cwd: string, argv: readonly string[], { stdin = "", env = {} }: RunOptions = {}): Ran {
  const { PATH = "" } = process.env;
  const { status, stdout, stderr } = spawnSync(process.execPath, [MAIN, ...argv], {
    cwd,
    input: stdin,
    env: { PATH, ...env },
    encoding: "utf8",
    timeout: 60_000,
  });
  return { code: status, stdout, stderr };
}
