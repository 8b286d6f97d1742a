import { expect, it } from "vitest";
import { airlock, airlockReport } from "../../support/live/airlock.js";
import { describeLive } from "../../support/live/describe.js";
import { withMockcloud } from "../../support/live/mockcloud.js";
import { recorder, type Rule } from "../../support/live/recorder.js";
import { attributesOf, readState, workspace } from "../../support/live/workspace.js";
import { jsIntegration } from "../../support/projects.js";

const PROJECT = withMockcloud(
  5,
  `
resource "mockcloud_instance" "web" {
  name = "web"
}
`,
);

const BUSY = `integration "busy" {
  source  = "./busy.js"
  timeout = "250ms"
  hooks   = ["post-plan-resource"]
}
`;

function breaks(rule: Pick<Rule, "hook" | "does">): Rule[] {
  return [rule];
}

await describeLive("an integration that breaks", (core) => {
  it("names itself, the hook, the limit and a remedy, in core's error", async () => {
    const busy = jsIntegration("while (true) {}", { hooks: ["post-plan-resource"] });
    const space = await workspace({ files: { "main.tf": PROJECT, "airlock.hcl": BUSY, "busy.js": busy } });
    await space.init(core);
    const looped = await airlock(space, core, ["plan", "-no-color"]);
    expect(looped.code).toBe(1);
    expect(looped.stderr).toContain(
      "Error: integration busy broke in post-plan-resource\n\n  with mockcloud_instance.web,",
    );
    expect(looped.stderr).toMatch(/250 ms[^]*raise[^]*timeout[^]*\(GUEST_TIMEOUT\)/);

    const hangs = recorder(space, {
      say: breaks({ hook: "post-plan-resource", does: "hang" }),
      body: `timeout = "300ms"`,
    });
    space.write({ "airlock.hcl": hangs });
    const hung = await airlock(space, core, ["plan", "-no-color"]);
    expect(hung.code).toBe(1);
    expect(hung.stderr).toContain("integration recorder broke in post-plan-resource");
    expect(hung.stderr).toMatch(/300 ms[^]*longer timeout[^]*\(GUEST_TIMEOUT\)/);

    space.write({ "airlock.hcl": recorder(space, { say: breaks({ hook: "plan-stage-complete", does: "exit" }) }) });
    const { code, stderr, report } = await airlockReport(space, core, ["apply", "-auto-approve"]);
    expect(code).toBe(1);
    expect(stderr).toContain("integration recorder broke in plan-stage-complete");
    expect(stderr).toContain("(GUEST_CRASHED)");
    expect(report).toMatchObject({ verdict: "error", summary: { error: 1 }, integrations: [{ failures: 1 }] });
    expect(space.calls().map(({ method }) => method)).not.toContain("create");
  });

  it("is a warning under on_error, and the run goes on", async () => {
    const space = await workspace({ files: { "main.tf": PROJECT } });
    await space.init(core);
    const say = [
      ...breaks({ hook: "post-plan-resource", does: "exit" }),
      ...breaks({ hook: "pre-apply-resource", does: "hang" }),
    ];
    space.write({ "airlock.hcl": recorder(space, { say, body: `timeout = "300ms"\n  on_error = "warn"` }) });
    const { code, stdout, report } = await airlockReport(space, core, ["apply", "-auto-approve", "-no-color"]);
    expect(code).toBe(0);
    expect(stdout).toContain("Warning: integration recorder broke in post-plan-resource");
    expect(stdout).toContain("Warning: integration recorder broke in pre-apply-resource");
    expect(report).toMatchObject({ verdict: "warn", summary: { warn: 2, error: 0 } });
    expect(attributesOf(space, "mockcloud_instance", "web")).toMatchObject({ name: "web" });
  });

  it("behind an apply stops the run, and what was made is not tainted", async () => {
    const space = await workspace({ files: { "main.tf": PROJECT } });
    await space.init(core);
    space.write({ "airlock.hcl": recorder(space, { say: breaks({ hook: "post-apply-resource", does: "exit" }) }) });
    const { code, stdout } = await airlock(space, core, ["apply", "-auto-approve", "-no-color"]);
    expect(code).toBe(1);
    expect(stdout).toContain("Warning: integration recorder broke in post-apply-resource");
    expect(readState(space).resources[0]?.instances[0]?.status).toBeUndefined();
  });

  it("at its start stops the run before core", async () => {
    const broken = jsIntegration("", { protocol_version: 99 });
    const declared = BUSY.replace("busy.js", "broken.js");
    const space = await workspace({ files: { "main.tf": PROJECT, "airlock.hcl": declared, "broken.js": broken } });
    await space.init(core);
    for (const args of [["plan"], ["validate"], ["init", "-input=false"]]) {
      const { code, stderr } = await airlock(space, core, args);
      expect({ args, code }).toEqual({ args, code: 1 });
      expect(stderr).toContain("integration busy broke in initialize");
    }
    expect(space.calls()).toEqual([]);
  });
});
