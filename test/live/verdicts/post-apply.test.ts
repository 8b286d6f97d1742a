import { expect, it } from "vitest";
import { airlockReport } from "../../support/live/airlock.js";
import { describeLive } from "../../support/live/describe.js";
import { PROTOCOLS, withMockcloud } from "../../support/live/mockcloud.js";
import { recorder, takeEvents, type Rule } from "../../support/live/recorder.js";
import { readState, workspace, type Workspace } from "../../support/live/workspace.js";

const CHAIN = ["a", "b", "c"].map((name, at, all) => {
  const needs = at === 0 ? "" : `\n  size = mockcloud_instance.${all[at - 1] ?? ""}.id`;
  return `resource "mockcloud_instance" "${name}" {\n  name = "${name}"${needs}\n}\n`;
});

function fails(name: string): Rule {
  const findings = [{ rule: "late", severity: "high" as const, message: "it is there", path: ["name"] }];
  return { hook: "post-apply-resource", name, status: "fail", message: `${name} is not as it should be`, findings };
}

function inState(space: Workspace): string[] {
  return readState(space).resources.flatMap(({ name, instances }) =>
    instances.map(({ status }) => `${name} ${status ?? "whole"}`),
  );
}

await describeLive("a post-apply hook that fails", (core) => {
  it.each(PROTOCOLS)("warns at the resource, and nothing more is applied, on protocol %i", async (protocol) => {
    const space = await workspace({ files: { "main.tf": withMockcloud(protocol, CHAIN.join("")) } });
    space.write({ "airlock.hcl": recorder(space, { say: [fails("b")] }) });
    await space.init(core);
    const { code, stdout, stderr, report } = await airlockReport(space, core, ["apply", "-auto-approve", "-no-color"]);
    expect(code).toBe(1);
    expect(stdout).toMatch(/Warning: recorder: b is not as it should be\n\n {2}with mockcloud_instance\.b,/);
    expect(stdout).toContain('name = "b"');
    expect(stderr).toContain("Error: not applied: the run was stopped");
    expect(stderr).toContain("with mockcloud_instance.c,");
    expect(report?.verdict).toBe("fail");
    // What was made is known as it is, and is not to be made anew.
    expect(inState(space)).toEqual(["a whole", "b whole"]);
    expect(space.calls().filter(({ method }) => method === "create")).toHaveLength(2);
    expect(takeEvents(space).at(-1)?.method).toBe("apply-stage-complete");

    space.write({ "airlock.hcl": recorder(space) });
    const next = await airlockReport(space, core, ["apply", "-auto-approve"]);
    expect(next.code).toBe(0);
    expect(next.stdout).toContain("1 added, 0 changed, 0 destroyed");
  });

  it("on the last resource fails a run that core found good", async () => {
    const space = await workspace({ files: { "main.tf": withMockcloud(6, CHAIN.join("")) } });
    space.write({ "airlock.hcl": recorder(space, { say: [fails("c")] }) });
    await space.init(core);
    const { code, stdout, stderr, report } = await airlockReport(space, core, ["apply", "-auto-approve", "-no-color"]);
    expect(code).toBe(1);
    expect(stdout).toContain("3 added");
    expect(stdout).toContain("Warning: recorder: c is not as it should be");
    expect(stderr).toContain("FAIL");
    expect(report?.verdict).toBe("fail");
    expect(inState(space)).toEqual(["a whole", "b whole", "c whole"]);

    // A deletion is done when it is told: nothing remains to warn at but the run itself.
    const gone: Rule = { ...fails("c"), action: "delete" };
    space.write({ "airlock.hcl": recorder(space, { say: [gone] }) });
    const destroyed = await airlockReport(space, core, ["destroy", "-auto-approve", "-no-color"]);
    expect(destroyed.code).toBe(1);
    expect(destroyed.stdout + destroyed.stderr).toContain("recorder: c is not as it should be");
    expect(inState(space)).toEqual(["a whole", "b whole"]);
  });
});
