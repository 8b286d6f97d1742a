import { spawnSync } from "node:child_process";
import { existsSync, renameSync, rmSync, writeFileSync, mkdirSync } from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";
import * as v from "valibot";
import { packageRoot } from "./package-root.js";
import { REQUIRED_TAGS, RESOURCE_TYPE } from "./resources.js";

const CHECKOV = "3.3.30";

/** Another program that judges the JSON of a plan, with the rule that is measured here. */
export interface Peer {
  readonly name: string;
  readonly program: string;
  /** Arguments that let it judge one plan. It ends with 1, since something is wrong with every plan here. */
  arguments(plan: string): readonly string[];
}

const ToolsSchema = v.array(v.object({ version: v.string(), path: v.string() }));

/** Conftest with the rule in Rego, built where it is missing; a sentence where it cannot be. */
export function findConftest(folder: string): Peer | string {
  const script = join(packageRoot(), "test/tools/build.mjs");
  const built = spawnSync(process.execPath, [script, "--json", "conftest"], {
    encoding: "utf8",
    stdio: ["ignore", "pipe", "inherit"],
  });
  const [tool] = built.status === 0 ? v.parse(ToolsSchema, JSON.parse(built.stdout)) : [];
  if (tool === undefined) return "Conftest could not be built: it takes Go 1.21 or newer";
  const policy = join(folder, "conftest");
  mkdirSync(policy, { recursive: true });
  writeFileSync(join(policy, "tags.rego"), REGO);
  return {
    name: `Conftest ${tool.version}`,
    program: tool.path,
    arguments: (plan) => ["test", plan, "--policy", policy, "--output", "json"],
  };
}

const REGO = `package main

import rego.v1

required := {${REQUIRED_TAGS.map((tag) => JSON.stringify(tag)).join(", ")}}

deny contains message if {
	some resource in input.resource_changes
	some action in resource.change.actions
	action in {"create", "update"}
	"tags" in object.keys(resource.change.after)
	missing := required - object.keys(object.get(resource.change.after, "tags", {}))
	count(missing) > 0
	message := sprintf("%s lacks %v", [resource.address, missing])
}
`;

/** Checkov with the rule as one of its own policies, in a virtual environment of its own that is kept; a sentence where there is none. */
export function findCheckov(folder: string): Peer | string {
  const environment = join(
    process.env["XDG_CACHE_HOME"] ?? join(homedir(), ".cache"),
    "airlock-bench",
    `checkov-${CHECKOV}`,
  );
  if (!existsSync(environment) && !install(environment)) {
    return `Checkov ${CHECKOV} could not be installed: it takes Python 3 and pip`;
  }
  const policy = join(folder, "checkov");
  mkdirSync(policy, { recursive: true });
  writeFileSync(join(policy, "tags.yaml"), YAML);
  const only = ["--external-checks-dir", policy, "--check", "CKV2_AIRLOCK_1", "--skip-download"];
  const form = ["--framework", "terraform_plan", "--compact", "--quiet", "--output", "json"];
  return {
    name: `Checkov ${CHECKOV}`,
    program: join(environment, "bin/python"),
    arguments: (plan) => ["-m", "checkov.main", "--file", plan, ...form, ...only],
  };
}

const YAML = `metadata:
  id: CKV2_AIRLOCK_1
  name: required tags
  category: CONVENTION
definition:
  and:
${REQUIRED_TAGS.map((tag) => `    - { cond_type: attribute, resource_types: [${RESOURCE_TYPE}], attribute: tags.${tag}, operator: exists }\n`).join("")}`;

/** It gets its name only when it is whole. (Its scripts then name a folder that is gone, so none of them is used.) */
function install(environment: string): boolean {
  const folder = `${environment}.${process.pid}`;
  const steps: readonly (readonly [string, readonly string[]])[] = [
    ["python3", ["-m", "venv", folder]],
    [join(folder, "bin/pip"), ["install", "--quiet", `checkov==${CHECKOV}`]],
  ];
  mkdirSync(join(environment, ".."), { recursive: true });
  const isDone = steps.every(
    ([program, args]) => spawnSync(program, args, { stdio: ["ignore", "ignore", "inherit"] }).status === 0,
  );
  if (!isDone) {
    rmSync(folder, { recursive: true, force: true });
    return false;
  }
  renameSync(folder, environment);
  return true;
}
