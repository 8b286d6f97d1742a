import { describe, expect, it } from "vitest";
import { HOOKS } from "../../../src/protocol/hooks.js";
import { bundleOf, initialize, request, resource, RUN } from "../../../test/samples/harness.js";
import { runJs } from "../../../test/runtimes/js/harness.js";

async function linesOf(config: unknown, hook: string, params: unknown): Promise<unknown[]> {
  const run = await runJs(await bundleOf("logger"), [initialize(config), request(2, hook, params)]);
  expect(run.error).toBeNull();
  return (run.exchanges[1] ?? []).map((line) => JSON.parse(line) as unknown);
}

const SUCCESS = { jsonrpc: "2.0", id: 2, result: { status: "success", message: "", findings: [] } };

function logged(message: string, level = "info") {
  return { jsonrpc: "2.0", method: "log", params: { level, message } };
}

describe("logger", () => {
  it("takes part in every hook", async () => {
    const run = await runJs(await bundleOf("logger"), [initialize({})]);
    expect(JSON.parse(run.exchanges[0]?.[0] ?? "")).toMatchObject({ result: { hooks: HOOKS, stateless: true } });
  });

  it.each([
    ["post-plan-resource", resource(), "post-plan-resource aws_instance.web create"],
    ["pre-plan-resource", resource({ address: null }), "pre-plan-resource aws_instance (address not known yet) create"],
    [
      "pre-apply-resource",
      resource({ address: null, address_candidates: ["a.b", "a.c"] }),
      "pre-apply-resource a.b or a.c (address not known yet) create",
    ],
    ["plan-stage-start", { run: RUN }, "plan-stage-start"],
    ["plan-stage-complete", { run: RUN, resources: [resource()] }, "plan-stage-complete 1 resources"],
    [
      "pre-configure-provider",
      { run: RUN, provider: { source: "a/b/c", alias: null }, config: null, sensitive: [] },
      "pre-configure-provider a/b/c",
    ],
  ])("writes one line for %s and has no objection", async (hook, params, message) => {
    expect(await linesOf({}, hook, params)).toEqual([logged(message), SUCCESS]);
  });

  it("writes at the configured level", async () => {
    const [line] = await linesOf({ level: "debug" }, "plan-stage-start", { run: RUN });
    expect(line).toEqual(logged("plan-stage-start", "debug"));
  });

  it("never logs a value", async () => {
    const said = await linesOf({}, "post-plan-resource", resource({ after: { password: "hunter2" } }));
    expect(JSON.stringify(said)).not.toContain("hunter2");
  });
});
