import { expect, it } from "vitest";
import { airlock, airlockReport } from "../../support/live/airlock.js";
import { describeLive } from "../../support/live/describe.js";
import { withMockcloud } from "../../support/live/mockcloud.js";
import { workspace } from "../../support/live/workspace.js";
import { jsIntegration } from "../../support/projects.js";

/** Says no to every object named `wild`, once it is planned. */
const POLICY = jsIntegration(
  `return params.after?.name === "wild" ? { status: "fail", message: "no wild ones" } : { status: "success" };`,
  { hooks: ["post-plan-resource"] },
);

const DECLARED = `integration "policy" {
  source = "./policy.js"
}
`;

const named = (name: string) => withMockcloud(6, `resource "mockcloud_instance" "one" {\n  name = "${name}"\n}\n`);

await describeLive("a plan that was made without Airlock", (core) => {
  async function planned(name: string) {
    const space = await workspace({ files: { "main.tf": named(name) } });
    await space.init(core);
    await space.succeed(core, ["plan", "-out=saved.tfplan"]);
    space.write({ "airlock.hcl": DECLARED, "policy.js": POLICY });
    return space;
  }

  it("is not applied when a policy fails what it would do", async () => {
    const space = await planned("wild");
    const { code, stderr, report } = await airlockReport(space, core, ["apply", "-no-color", "saved.tfplan"]);
    expect(code).toBe(1);
    expect(stderr).toMatch(/Error: policy: no wild ones\n.*\n.* with mockcloud_instance\.one/);
    expect(report?.results).toMatchObject([{ status: "fail", hook: "post-plan-resource" }]);
    expect(space.calls().map(({ method }) => method)).not.toContain("create");
  });

  it("is applied when nobody minds", async () => {
    const space = await planned("tame");
    expect((await airlock(space, core, ["apply", "saved.tfplan"])).code).toBe(0);
    expect(space.calls().filter(({ method }) => method === "create")).toHaveLength(1);
  });
});
