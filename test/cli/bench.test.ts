import { resolve } from "node:path";
import { describe, expect, it } from "vitest";
import * as v from "valibot";
import { builtInPlan } from "../../src/trial/built-in-plan.js";
import { REAL_SERVICES } from "../../src/cli/services.js";
import { TrialReportSchema } from "../../src/report/trial-report.js";
import type { TrialReport } from "../../src/report/trial-report.js";
import { jsIntegration, temporaryFolder } from "../support/projects.js";
import { run } from "./fake-io.js";

const QUICK = ["--calls", "20"];
const GOOD = 'return { status: "success" };';
const SAID = { hooks: ["post-plan-resource"], stateless: true };
const PLUG_IN = resolve("integrations/required-tags-wasm-plugin");
const TAGS = ["--config-json", '{"required_tags":["owner"]}'];

function bench(cwd: string, ...argv: string[]) {
  return run(["bench", ...argv, ...QUICK], { cwd, env: { PATH: process.env["PATH"] ?? "" } }, REAL_SERVICES);
}

async function reportOf(cwd: string, ...argv: string[]): Promise<TrialReport> {
  const { code, stdout, stderr } = await bench(cwd, ...argv, "--format", "json");
  expect([code, stderr]).toEqual([0, ""]);
  return v.parse(v.strictObject(TrialReportSchema.pipe[0].entries), JSON.parse(stdout));
}

function policy(source: string, said: Readonly<Record<string, unknown>> = SAID, others: Record<string, string> = {}) {
  return temporaryFolder({ "policy.js": jsIntegration(source, said), ...others });
}

describe("airlock bench", { timeout: 120_000 }, () => {
  it("measures a script over the built-in plan", async () => {
    const report = await reportOf(policy(GOOD), "policy.js");
    expect(report).toMatchObject({
      integration: { name: "policy", version: "1.0.0", source: "policy.js", kind: "js" },
      plan: { source: null, resources: 60, calls: 60 },
      calls: 20,
      verdicts: { success: 20, warn: 0, fail: 0 },
      broken: [],
      memory: { linear: null, limit: 64 * 1024 ** 2 },
    });
    expect(report.hooks).toEqual([{ hook: "post-plan-resource", in_plan: 60, measured: 20, latency: report.latency }]);
    for (const { p50, p99, max } of [report.latency, report.guest]) {
      expect(p50).toBeGreaterThan(0);
      expect(p99).toBeGreaterThanOrEqual(p50);
      expect(max).toBeGreaterThanOrEqual(p99);
    }
    expect(report.guest.p50).toBeLessThanOrEqual(report.latency.p50);
    expect(report.memory.guest).toBeGreaterThan(0);
  });

  it("says it to people, too", async () => {
    const { code, stdout, stderr } = await bench(policy(GOOD), "policy.js");
    expect([code, stderr]).toEqual([0, ""]);
    for (const label of ["integration", "plan", "machine", "call", "guest", "memory", "share"]) {
      expect(stdout).toMatch(new RegExp(`^${label} +\\S`, "m"));
    }
    expect(stdout).toMatch(/^post-plan-resource +60 +20 /m);
  });

  it("tells what a module says of its own memory", async () => {
    const { memory, integration } = await reportOf(temporaryFolder(), PLUG_IN, ...TAGS);
    expect(integration.kind).toBe("wasm");
    expect(memory.linear?.initial).toBeGreaterThan(0);
  });

  it("measures a program", async () => {
    const report = await reportOf(temporaryFolder(), resolve("integrations/required-tags-node"), ...TAGS);
    expect(report).toMatchObject({ integration: { kind: "executable" }, calls: 20 });
  });

  it("takes config and limits of a declaration, without those it comes after", async () => {
    const declared = `integration "owner" {
  source = "./policy.js"
  config = { wanted = "team" }
  memory = "32MiB"
  after  = ["other"]
}
integration "other" { source = "./none.js" }
`;
    const source = 'return { status: globalThis.config.wanted === "team" ? "warn" : "fail", message: "m" };';
    const folder = policy(source, SAID, { "airlock.hcl": declared });
    const report = await reportOf(folder, "owner");
    expect(report).toMatchObject({ integration: { name: "owner" }, verdicts: { warn: 20 } });
    expect(report.memory.limit).toBe(32 * 1024 ** 2);
    const other = await reportOf(folder, "owner", "--config-json", '{"wanted":"else"}');
    expect(other.verdicts.fail).toBe(20);
  });

  it("measures over a plan, and holds the cost against what it takes", async () => {
    const folder = policy(GOOD, SAID, { "plan.json": builtInPlan() });
    const { plan, share } = await reportOf(folder, "policy.js", "--plan", "plan.json", "--plan-time", "1m");
    expect(plan).toEqual({ source: "plan.json", resources: 60, calls: 60 });
    expect(share).toMatchObject({ plan_ms: 60_000, stated: true });
    expect(share?.ratio).toBeCloseTo((share?.cost_ms ?? 0) / 60_000);
  });

  it("holds it against 4 ms for each resource when nothing is said", async () => {
    const { share, latency } = await reportOf(policy(GOOD), "policy.js");
    expect(share).toMatchObject({ plan_ms: 240, stated: false });
    expect(share?.cost_ms).toBeCloseTo((60 * latency.p50) / 1_000);
  });

  it("makes events of live hooks from the plan, and gives them no share of it", async () => {
    const said = { hooks: ["post-apply-resource", "apply-stage-complete"] };
    const { hooks, share, notes } = await reportOf(policy(GOOD, said), "policy.js");
    expect(hooks.map(({ hook, in_plan }) => [hook, in_plan])).toEqual([
      ["post-apply-resource", 0],
      ["apply-stage-complete", 0],
    ]);
    expect(share).toBeNull();
    expect(notes.join()).toContain("post-apply-resource");
  });

  it("counts calls that broke, and ends with 1", async () => {
    const source = 'if (params.name === "app_0") throw new Error("broken"); return { status: "success" };';
    const { code, stdout } = await bench(policy(source), "policy.js", "--format", "json");
    expect(code).toBe(1);
    const { broken, verdicts } = v.parse(TrialReportSchema, JSON.parse(stdout));
    expect(broken).toMatchObject([{ code: "GUEST_CRASHED", calls: 4 }]);
    expect(verdicts.success).toBe(16);
  });

  it.each([
    ["TRIAL_NOT_STARTED", 'throw new Error("no");', { protocol_version: 99 }],
    ["TRIAL_NO_EVENTS", GOOD, { ...SAID, resource_types: ["none_*"] }],
    ["TRIAL_BROKEN", 'throw new Error("always");', SAID],
  ])("ends with 2 and %s when there is nothing to measure", async (code, source, said) => {
    const { code: exit, stdout, stderr } = await bench(policy(source, said), "policy.js");
    expect([exit, stdout]).toEqual([2, ""]);
    expect(stderr).toContain(`(${code})`);
  });

  it.each([
    ["PACKAGE_NOT_FOUND", ["./nothing.js"]],
    ["PLAN_NOT_READABLE", ["policy.js", "--plan", "nothing.json"]],
  ])("ends with 2 and %s for what is not there", async (code, argv) => {
    const { code: exit, stderr } = await bench(policy(GOOD), ...argv);
    expect(exit).toBe(2);
    expect(stderr).toContain(`(${code})`);
  });

  it("ends with 130 when it is interrupted", async () => {
    const cwd = policy(GOOD);
    const { code } = await run(["bench", "policy.js"], { cwd, interrupt: AbortSignal.abort() }, REAL_SERVICES);
    expect(code).toBe(130);
  });
});
