import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { onTestFinished } from "vitest";
import type { AirlockEvent } from "../../src/protocol/events.js";
import type { ResourceHook } from "../../src/protocol/hooks.js";

/** A folder that goes away with the test. */
export function temporaryFolder(files: Readonly<Record<string, string | Uint8Array>> = {}): string {
  const folder = mkdtempSync(join(tmpdir(), "airlock-test-"));
  onTestFinished(() => {
    rmSync(folder, { recursive: true, force: true });
  });
  for (const [name, content] of Object.entries(files)) writeFileSync(join(folder, name), content);
  return folder;
}

/**
 * The source of a js integration: `on` is the body of a function of `method` and `params` that gives the verdict;
 * `said` overrides what `initialize` answers.
 */
export function jsIntegration(on: string, said: Readonly<Record<string, unknown>> = {}, top = ""): string {
  const result = {
    name: "sample",
    version: "1.0.0",
    protocol_version: 1,
    hooks: ["pre-plan-resource", "post-plan-resource", "plan-stage-complete"],
    ...said,
  };
  return `
${top}
const said = ${JSON.stringify(result)};
function hook(method, params) { ${on} }
export function handle(line) {
  const { id, method, params } = JSON.parse(line);
  if (method === "initialize") { globalThis.config = params.config; return JSON.stringify({ jsonrpc: "2.0", id, result: said }); }
  if (method === "shutdown" || method === "ping") return JSON.stringify({ jsonrpc: "2.0", id, result: {} });
  return JSON.stringify({ jsonrpc: "2.0", id, result: hook(method, params) });
}`;
}

/** An event of one resource. */
export function resourceEvent(
  address: string,
  hook: ResourceHook = "post-plan-resource",
  after: unknown = {},
): AirlockEvent {
  const [type = "", name = ""] = address.split(".");
  return {
    hook,
    params: {
      run: { id: "run", command: "check", workspace: "default" },
      address,
      mode: "managed",
      type,
      name,
      index: null,
      module: null,
      provider: { source: "registry.opentofu.org/hashicorp/mock", alias: null },
      action: "create",
      before: null,
      after,
      after_unknown: {},
      config: null,
      sensitive: [],
      metadata: {},
    },
  };
}
