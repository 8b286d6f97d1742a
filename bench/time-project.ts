import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { BenchError } from "./bench-error.js";
import type { LiveProject } from "./live-tools.js";

const KEPT_STDERR = 2_000;

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

/** What `writeTimeProject` writes. */
export interface TimeProject {
  /** So many resource blocks, each with a `count` of so many instances. */
  readonly blocks: number;
  readonly instances: number;
  /** A glob over the types that the policy is asked about. */
  readonly types: string;
}

/** The addresses of the instances. */
export function timeAddresses({ blocks, instances }: Pick<TimeProject, "blocks" | "instances">): string[] {
  return Array.from({ length: blocks * instances }, (_, at) => {
    return `time_static.r${Math.floor(at / instances)}[${at % instances}]`;
  });
}

/** A new folder with a configuration of `time_static`, and one js policy. */
export async function writeTimeProject(root: string, { blocks, instances, types }: TimeProject): Promise<void> {
  await mkdir(root);
  await writeFile(join(root, "policy.mjs"), POLICY);
  const declaration = `integration "owner" {\n  source = "./policy.mjs"\n  resources = ["${types}"]\n}\n`;
  await writeFile(join(root, "airlock.hcl"), declaration);
  await writeFile(
    join(root, "main.tf"),
    `terraform {
  required_providers {
    time = { source = "hashicorp/time" }
  }
}
${Array.from({ length: blocks }, (_, block) => timeBlock(block, instances)).join("")}`,
  );
}

function timeBlock(block: number, instances: number): string {
  return `resource "time_static" "r${block}" {
  count    = ${instances}
  triggers = { owner = "team-${block}-\${count.index}" }
}
`;
}

/** Runs a program in the project and gives its wall time in ms. Rejects with `BenchError` BENCH_COMMAND_FAILED unless it ends with 0. */
export async function timedRun(
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
