import { expect, it } from "vitest";
import type { Hook } from "../../../src/protocol/hooks.js";
import { airlock, airlockReport } from "../../support/live/airlock.js";
import { describeLive } from "../../support/live/describe.js";
import { withMockcloud } from "../../support/live/mockcloud.js";
import { recorder, takeEvents, type Rule } from "../../support/live/recorder.js";
import { attributesOf, workspace, type Workspace } from "../../support/live/workspace.js";

const PROJECT = withMockcloud(
  6,
  `
resource "mockcloud_instance" "web" {
  name = "web"
}
`,
);

function failing(hook: Hook): Rule[] {
  return [{ hook, status: "fail", message: `no ${hook}` }];
}

async function project(hook: Hook): Promise<Workspace> {
  const space = await workspace({ files: { "main.tf": PROJECT } });
  space.write({ "airlock.hcl": recorder(space, { say: failing(hook) }) });
  return space;
}

function methods(space: Workspace): readonly string[] {
  return space.calls().map(({ method }) => method);
}

await describeLive("a hook of a whole stage that fails", (core) => {
  it("at the start of plan lets nothing be planned", async () => {
    const space = await project("plan-stage-start");
    await space.init(core);
    for (const args of [["plan"], ["apply", "-auto-approve"], ["destroy", "-auto-approve"]]) {
      const { code, stdout, stderr } = await airlock(space, core, args);
      expect({ args, code }).toEqual({ args, code: 1 });
      expect(stderr).toContain("recorder: no plan-stage-start");
      expect(stdout).toBe("");
    }
    expect(methods(space)).toEqual([]);
  });

  it("at the end of plan lets nothing be applied", async () => {
    const space = await project("plan-stage-complete");
    await space.init(core);
    const { code, stderr } = await airlock(space, core, ["apply", "-auto-approve"]);
    expect(code).toBe(1);
    expect(stderr).toContain("recorder: no plan-stage-complete");
    expect(methods(space)).not.toContain("create");
    const hooks = takeEvents(space).map(({ method }) => method);
    expect(hooks.at(-1)).toBe("plan-stage-complete");
  });

  it("at the start of apply lets nothing be applied, in one step and in two", async () => {
    const space = await project("apply-stage-start");
    await space.init(core);
    await space.succeed(core, ["plan", "-out=saved.tfplan"]);
    for (const args of [
      ["apply", "-auto-approve"],
      ["apply", "saved.tfplan"],
    ]) {
      const { code, stderr, report } = await airlockReport(space, core, args);
      expect({ args, code }).toEqual({ args, code: 1 });
      expect(stderr).toContain("recorder: no apply-stage-start");
      expect(report?.verdict).toBe("fail");
    }
    expect(methods(space)).not.toContain("create");
    expect(takeEvents(space).map(({ method }) => method)).not.toContain("pre-apply-resource");
  });

  it("at the end of apply fails the run, and what was applied stays", async () => {
    const space = await project("apply-stage-complete");
    await space.init(core);
    const { code, stdout, stderr } = await airlock(space, core, ["apply", "-auto-approve"]);
    expect(code).toBe(1);
    expect(stdout).toContain("1 added");
    expect(stderr).toContain("recorder: no apply-stage-complete");
    expect(attributesOf(space, "mockcloud_instance", "web")).toBeDefined();
    const [last] = takeEvents(space).slice(-1);
    expect(last?.params.resources).toMatchObject([{ address: "mockcloud_instance.web", after: { name: "web" } }]);
  });

  it("at the end of refresh fails the run", async () => {
    const space = await project("refresh-stage-complete");
    await space.init(core);
    await space.succeed(core, ["apply", "-auto-approve"]);
    const { code, stderr } = await airlock(space, core, ["refresh"]);
    expect(code).toBe(1);
    expect(stderr).toContain("recorder: no refresh-stage-complete");
  });

  it("of init fails init, which has installed what it installs", async () => {
    const space = await project("init-stage-start");
    const { code, stdout, stderr } = await airlock(space, core, ["init", "-input=false"]);
    expect(code).toBe(1);
    expect(stderr).toContain("recorder: no init-stage-start");
    expect(stdout).toContain("Installed airlock/mockcloud6");
    space.write({ "airlock.hcl": recorder(space) });
    expect((await airlock(space, core, ["plan"])).code).toBe(0);
  });
});
