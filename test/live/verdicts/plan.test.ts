import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { airlock, airlockReport } from "../../support/live/airlock.js";
import { describeLive } from "../../support/live/describe.js";
import { PROTOCOLS, withMockcloud } from "../../support/live/mockcloud.js";
import { recorder, type Rule } from "../../support/live/recorder.js";
import { workspace, type Workspace } from "../../support/live/workspace.js";

const PROJECT = `
resource "mockcloud_instance" "good" {
  name = "good"
}
resource "mockcloud_instance" "bad" {
  count = 2
  name  = "bad-\${count.index}"
  size  = "large"
  disk {
    size = 10
  }
  disk {
    size = 999
  }
}
`;

const AT_SIZE: Rule = {
  hook: "post-plan-resource",
  name: "bad-1",
  status: "fail",
  message: "bad-1 is too large",
  findings: [
    { rule: "size", severity: "high", message: "at most medium", path: ["size"], url: "https://example.com/size" },
  ],
};

function plannedNames(space: Workspace): string[] {
  return space.calls().flatMap(({ method, name }) => (method === "plan" ? [name] : []));
}

await describeLive("a plan hook that fails", (core) => {
  it.each(PROTOCOLS)("is core's own error at the resource and its line, on protocol %i", async (protocol) => {
    const space = await workspace({ files: { "main.tf": withMockcloud(protocol, PROJECT) } });
    space.write({ "airlock.hcl": recorder(space, { say: [AT_SIZE] }) });
    await space.init(core);
    const { code, stderr, report } = await airlockReport(space, core, ["plan", "-no-color", "-out=saved.tfplan"]);
    expect(code).toBe(1);
    const line = withMockcloud(protocol, PROJECT).split("\n").indexOf('  size  = "large"') + 1;
    expect(stderr).toContain(`Error: recorder: bad-1 is too large

  with mockcloud_instance.bad[1],
  on main.tf line ${line}, in resource "mockcloud_instance" "bad":
  ${line}:   size  = "large"

- size (high): at most medium
  https://example.com/size
(post-plan-resource of the integration recorder)
`);
    expect(report).toMatchObject({ verdict: "fail", summary: { fail: 1 } });
    // What was planned all the same is named exactly.
    const judged = report?.results.filter(({ hook }) => hook === "post-plan-resource") ?? [];
    expect(judged.map(({ address, status }) => `${String(address)} ${status}`)).toEqual(
      expect.arrayContaining(["mockcloud_instance.bad[0] success", "mockcloud_instance.good success"]),
    );
    expect(existsSync(join(space.folder, "saved.tfplan"))).toBe(false);
  });

  it("in front of planning keeps the question from the provider", async () => {
    const space = await workspace({ files: { "main.tf": withMockcloud(6, PROJECT) } });
    const say: Rule[] = [{ hook: "pre-plan-resource", name: "bad-0", status: "fail", message: "not even planned" }];
    space.write({ "airlock.hcl": recorder(space, { say }) });
    await space.init(core);
    const { code, stderr } = await airlock(space, core, ["apply", "-auto-approve", "-no-color"]);
    expect(code).toBe(1);
    expect(stderr).toContain("Error: recorder: not even planned");
    expect(stderr).toContain("with mockcloud_instance.bad[0],");
    expect(plannedNames(space).sort()).toEqual(["bad-1", "good"]);
    expect(space.calls().map(({ method }) => method)).not.toContain("create");
  });

  it("points into a block of a list", async () => {
    const space = await workspace({ files: { "main.tf": withMockcloud(5, PROJECT) } });
    const findings = [{ rule: "disk", severity: "low" as const, message: "huge", path: ["disk", 1, "size"] }];
    const say: Rule[] = [{ ...AT_SIZE, status: "warn", message: "look at the disk", findings }];
    space.write({ "airlock.hcl": recorder(space, { say }) });
    await space.init(core);
    const { code, stdout } = await airlock(space, core, ["plan", "-no-color"]);
    expect(code).toBe(0);
    const line = withMockcloud(5, PROJECT).split("\n").indexOf("    size = 999") + 1;
    expect(stdout).toContain(`on main.tf line ${line}, in resource "mockcloud_instance" "bad":`);
    expect(stdout).toContain(`${line}:     size = 999`);
  });

  it("leaves no plan under the name that was asked for, not even an older one", async () => {
    const space = await workspace({ files: { "main.tf": withMockcloud(6, PROJECT) } });
    await space.init(core);
    await space.succeed(core, ["plan", "-out=saved.tfplan"]);
    const file = join(space.folder, "saved.tfplan");
    const say: Rule[] = [{ hook: "plan-stage-complete", status: "fail", message: "the whole is too much" }];
    space.write({ "airlock.hcl": recorder(space, { say }) });
    const { code, stdout, stderr } = await airlock(space, core, ["plan", "-out=saved.tfplan", "-no-color"]);
    expect(code).toBe(1);
    expect(stderr).toContain("Error: recorder: the whole is too much");
    expect(stderr).toContain(`removed ${file}`);
    expect(stdout).not.toContain("Saved the plan");
    expect(existsSync(file)).toBe(false);

    space.write({ "airlock.hcl": recorder(space) });
    expect((await airlock(space, core, ["plan", "-out=saved.tfplan"])).code).toBe(0);
    expect(existsSync(file)).toBe(true);
    // A file that core would not have touched either stays: there was no plan at all.
    const plan = readFileSync(file);
    space.write({ "main.tf": withMockcloud(6, `${PROJECT}\nresource "mockcloud_instance" "broken" {}\n`) });
    expect((await airlock(space, core, ["plan", "-out=saved.tfplan"])).code).toBe(1);
    expect(readFileSync(file).equals(plan)).toBe(true);
  });

  it("leaves what core itself leaves when only core fails", async () => {
    const main = withMockcloud(5, PROJECT, `fail_on = ["plan:bad-0"]`);
    const space = await workspace({ files: { "main.tf": main } });
    await space.init(core);
    const plain = await space.run(core, ["plan", "-out=plain.tfplan"]);
    expect(plain.code).toBe(1);
    space.write({ "airlock.hcl": recorder(space) });
    const { code } = await airlock(space, core, ["plan", "-out=ours.tfplan"]);
    expect(code).toBe(1);
    const [of, ours] = ["plain.tfplan", "ours.tfplan"].map((name) => existsSync(join(space.folder, name)));
    expect(ours).toBe(of);
    const applied = await airlock(space, core, ["apply", "ours.tfplan"]);
    expect(applied.code).toBe(1);
    expect(space.calls().map(({ method }) => method)).not.toContain("create");
  });
});
