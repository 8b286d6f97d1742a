import { expect, it } from "vitest";
import { airlockReport } from "../../support/live/airlock.js";
import { describeLive } from "../../support/live/describe.js";
import { mockcloudSource } from "../../support/live/mockcloud.js";
import { recorder, takeEvents } from "../../support/live/recorder.js";
import { workspace } from "../../support/live/workspace.js";

const HOOKS = { hooks: ["pre-plan-resource", "post-plan-resource"] } as const;

await describeLive("integrations in all three places", (core) => {
  it("answer in the order project, then provider, and of the project by file and place; after is kept across", async () => {
    const space = await workspace({ files: {} });
    const late = recorder(space, { ...HOOKS, name: "late", body: `after = ["early"]` });
    space.write({
      "airlock.hcl": recorder(space, { ...HOOKS, name: "first" }) + late,
      "main.tf": `
terraform {
  required_providers {
    mockcloud = { source = "${mockcloudSource(6)}" }
  }
  ${recorder(space, { ...HOOKS, name: "early" })}
}
provider "mockcloud" {
  ${recorder(space, { ...HOOKS, name: "under", body: `after = ["late"]` })}
}
resource "mockcloud_instance" "one" {
  name = "one"
}
`,
    });
    expect((await airlockReport(space, core, ["init"])).code).toBe(0);
    takeEvents(space);
    const { code, report } = await airlockReport(space, core, ["plan"]);
    expect(code).toBe(0);
    const names = report?.results.filter(({ hook }) => hook === "post-plan-resource").map((one) => one.integration);
    expect(names).toEqual(["first", "late", "early", "under"]);
    const asked = takeEvents(space).flatMap(({ method, who }) => (method === "pre-plan-resource" ? [who.name] : []));
    expect(asked.indexOf("late")).toBeGreaterThan(asked.indexOf("early"));
    expect(asked.at(-1)).toBe("under");
  });

  it("are not asked behind a failing one that they come after", async () => {
    const space = await workspace({ files: {} });
    const no = { hook: "pre-plan-resource", status: "fail", message: "no" } as const;
    space.write({
      "airlock.hcl": recorder(space, { ...HOOKS, name: "gate", say: [no] }),
      "main.tf": `
terraform {
  required_providers {
    mockcloud = { source = "${mockcloudSource(5)}" }
  }
}
provider "mockcloud" {
  ${recorder(space, { ...HOOKS, name: "under", body: `after = ["gate"]` })}
}
resource "mockcloud_instance" "one" {
  name = "one"
}
`,
    });
    await airlockReport(space, core, ["init"]);
    takeEvents(space);
    const { code, report } = await airlockReport(space, core, ["plan"]);
    expect(code).toBe(1);
    expect(takeEvents(space).map(({ who, method }) => [who.name, method])).toEqual([["gate", "pre-plan-resource"]]);
    expect(report?.results.map(({ integration, status }) => [integration, status])).toEqual([["gate", "fail"]]);
    expect(space.calls().filter(({ method }) => method === "plan")).toEqual([]);
  });
});
