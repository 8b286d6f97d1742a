import { expect, it } from "vitest";
import { airlock } from "../../support/live/airlock.js";
import { describeLive } from "../../support/live/describe.js";
import { recorder, takeEvents } from "../../support/live/recorder.js";
import { workspace } from "../../support/live/workspace.js";

const project = (input: string): string => `
resource "terraform_data" "one" {
  input = "${input}"
}
resource "terraform_data" "keyed" {
  for_each = toset(["a"])
  input    = each.key
}
`;

await describeLive("a resource inside core", (core) => {
  it("has its hooks from the plan before apply, and from the new state after", async () => {
    const space = await workspace({ files: { "main.tf": project("old") }, providers: [] });
    space.write({ "airlock.hcl": recorder(space, { resourceTypes: ["terraform_data"] }) });
    await space.init(core);
    expect((await airlock(space, core, ["apply", "-auto-approve"])).code).toBe(0);
    const events = takeEvents(space).filter(({ params }) => params.address === 'terraform_data.keyed["a"]');
    const source = "terraform.io/builtin/terraform";
    const common = { action: "create", mode: "managed", index: "a", module: null, provider: { source, alias: null } };
    const planned = { before: null, after: { input: "a" }, after_unknown: { id: true, output: true } };
    expect(events.map(({ method, params }) => ({ method, ...params }))).toMatchObject([
      { method: "pre-plan-resource", ...common, before: null, after: null },
      { method: "post-plan-resource", ...common, ...planned },
      { method: "pre-apply-resource", ...common, ...planned },
      { method: "post-apply-resource", ...common, after: { input: "a", output: "a" }, after_unknown: {} },
    ]);

    space.write({ "main.tf": project("new") });
    expect((await airlock(space, core, ["apply", "-auto-approve"])).code).toBe(0);
    const updates = takeEvents(space).filter(({ params }) => params.action === "update");
    expect(updates.map(({ method, params }) => [method, params.address])).toEqual(
      ["pre-plan", "post-plan", "pre-apply", "post-apply"].map((hook) => [`${hook}-resource`, "terraform_data.one"]),
    );
    expect(updates.map(({ params }) => params).at(-1)).toMatchObject({
      before: { output: "old" },
      after: { output: "new" },
    });
  });

  it("is not applied when an integration stops it, and nothing else is", async () => {
    const space = await workspace({ files: { "main.tf": project("x") }, providers: [] });
    const say = [{ hook: "pre-apply-resource" as const, status: "fail" as const, message: "not here" }];
    space.write({ "airlock.hcl": recorder(space, { say }) });
    await space.init(core);
    const { code, stderr } = await airlock(space, core, ["apply", "-auto-approve"]);
    expect(code).toBe(1);
    expect(stderr).toContain("recorder: not here");
    expect(stderr).toContain("terraform_data.one");
    expect((await space.run(core, ["state", "list"])).stdout).toBe("");
  });
});
