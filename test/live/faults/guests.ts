import { chmodSync } from "node:fs";
import { join } from "node:path";
import type { Hook } from "../../../src/protocol/hooks.js";
import type { Workspace } from "../../support/live/workspace.js";
import { jsIntegration } from "../../support/projects.js";

/** The hooks of resources that a run of `apply` fires. */
export const RESOURCE_HOOKS: readonly Hook[] = ["post-plan-resource", "pre-apply-resource", "post-apply-resource"];

/** How a guest is written: `on` is the body of a function of `method` and `params` that gives the verdict. */
export interface GuestSource {
  readonly on?: string;
  readonly hooks?: readonly Hook[];
  /** What it does before it says a word. */
  readonly first?: string;
}

const FINE = `return { status: "success" };`;

/** A js integration. */
export function jsGuest({ on = FINE, hooks = RESOURCE_HOOKS, first = "" }: GuestSource = {}): string {
  return jsIntegration(on, { hooks }, first);
}

/** The same as a program under Node. */
export function programGuest({ on = FINE, hooks = RESOURCE_HOOKS, first = "" }: GuestSource = {}): string {
  return `#!/usr/bin/env node
${first}
const said = ${JSON.stringify({ name: "sample", version: "1.0.0", protocol_version: 1, hooks })};
function hook(method, params) { ${on} }
require("node:readline").createInterface({ input: process.stdin }).on("line", (line) => {
  const { id, method, params } = JSON.parse(line);
  const result = method === "initialize" ? said : method === "shutdown" || method === "ping" ? {} : hook(method, params);
  console.log(JSON.stringify({ jsonrpc: "2.0", id, result }));
});
`;
}

/** Makes files of a workspace executable. */
export function mayRun(space: Workspace, ...names: readonly string[]): void {
  for (const name of names) chmodSync(join(space.folder, name), 0o755);
}

/** An `airlock.hcl` with one integration; `more` are further arguments. */
export function declared(source: string, more = ""): string {
  return `integration "guest" {\n  source = "${source}"\n  ${more}\n}\n`;
}
