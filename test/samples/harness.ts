import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import * as v from "valibot";
import { build } from "../../integrations/build.mjs";
import { VerdictSchema } from "../../src/protocol/verdict.js";
import type { Verdict } from "../../src/protocol/verdict.js";
import { runJs } from "../runtimes/js/harness.js";
import { NO_GRANTS } from "../../src/protocol/grants.js";

export const INTEGRATIONS = join(import.meta.dirname, "../../integrations");

/** A request line as the host writes it. */
export function request(id: number | string | null, method: string, params: unknown): string {
  return JSON.stringify({ jsonrpc: "2.0", id, method, params });
}

export function initialize(config: unknown, more: object = {}): string {
  return request(1, "initialize", {
    protocol_version: 1,
    host: { name: "airlock", version: "0.1.0" },
    core: null,
    integration: { name: "sample", scope: "project" },
    config,
    grants: NO_GRANTS,
    ...more,
  });
}

export const RUN = { id: "run-1", command: "check", workspace: "default" };

/** Params of a resource hook: a managed resource that is about to be created, with what the test says. */
export function resource(over: Record<string, unknown> = {}): Record<string, unknown> {
  return {
    run: RUN,
    address: "aws_instance.web",
    mode: "managed",
    type: "aws_instance",
    name: "web",
    index: null,
    module: null,
    provider: { source: "registry.opentofu.org/hashicorp/aws", alias: null },
    action: "create",
    before: null,
    after: {},
    after_unknown: {},
    sensitive: [],
    config: null,
    metadata: {},
    ...over,
  };
}

/** Builds a JavaScript sample and gives its bundle. */
export async function bundleOf(name: string): Promise<Uint8Array> {
  await build([name]);
  return readFileSync(join(INTEGRATIONS, name, "dist/index.js"));
}

/** A sample's verdicts on hooks, from inside the JavaScript engine. Throws when it breaks or refuses its config. */
export async function verdictsOf(
  name: string,
  config: unknown,
  ...events: readonly (readonly [hook: string, params: unknown])[]
): Promise<Verdict[]> {
  const lines = [initialize(config), ...events.map(([hook, params], index) => request(index + 2, hook, params))];
  const run = await runJs(await bundleOf(name), lines);
  if (run.error !== null) throw run.error;
  return run.exchanges.slice(1).map((said) => {
    const answer = v.parse(v.object({ result: VerdictSchema }), JSON.parse(said[said.length - 1] ?? ""));
    return answer.result;
  });
}

/** What a sample says to a configuration: its whole answer to `initialize`. */
export async function initializeAnswer(name: string, config: unknown): Promise<unknown> {
  const run = await runJs(await bundleOf(name), [initialize(config)]);
  if (run.error !== null) throw run.error;
  return JSON.parse(run.exchanges[0]?.[0] ?? "");
}

/** The lines that a program writes when it is given these lines on stdin. */
export function linesOfProgram(path: string, lines: readonly string[]): string[] {
  const ended = spawnSync(path, { input: `${lines.join("\n")}\n`, encoding: "utf8", timeout: 20_000 });
  if (ended.error !== undefined) throw ended.error;
  if (ended.status !== 0) throw new Error(`${path} ended with ${String(ended.status)}: ${ended.stderr}`);
  return ended.stdout.split("\n").slice(0, -1);
}

export function isOnPath(command: string): boolean {
  return spawnSync(command, [command === "go" ? "version" : "--version"], { stdio: "ignore" }).status === 0;
}
