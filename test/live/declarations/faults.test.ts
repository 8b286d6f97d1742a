import { expect, it } from "vitest";
import { airlock } from "../../support/live/airlock.js";
import { describeLive } from "../../support/live/describe.js";
import { withMockcloud } from "../../support/live/mockcloud.js";
import { recorder, takeRecorded } from "../../support/live/recorder.js";
import { workspace } from "../../support/live/workspace.js";

const ONE = `
resource "mockcloud_instance" "one" {
  name = "one"
}
`;

/** What is wrong under a provider, and the code that says so. */
const UNDER: readonly (readonly [string, string, string])[] = [
  ["a source that is not there", `integration "gone" { source = "./nowhere" }`, "PACKAGE_NOT_FOUND"],
  ["a label without a source or a program", `integration "nobody" {}`, "PACKAGE_NOT_FOUND"],
  ["a time that is none", `integration "x" {\n source = "./x.js"\n timeout = "soon"\n }`, "DECLARE_BAD_VALUE"],
  ["a hook that is none", `integration "x" {\n source = "./x.js"\n hooks = ["post-plan"]\n }`, "DECLARE_BAD_VALUE"],
];

await describeLive("a declaration that is wrong", (core) => {
  it.each(UNDER)(
    "under a provider: %s is core's error at its line, before anything is planned",
    async (_what, block, code) => {
      const space = await workspace({ files: { "main.tf": withMockcloud(5, ONE, block) } });
      expect((await airlock(space, core, ["init"])).code).toBe(1);
      const { code: exit, stderr } = await airlock(space, core, ["plan", "-no-color"]);
      expect(exit).toBe(1);
      expect(stderr).toContain(code);
      const name = /"(\w+)"/.exec(block)?.[1] ?? "";
      expect(stderr).toMatch(
        new RegExp(`on main\\.tf line \\d+, in provider "mockcloud":\n +\\d+: .*(${name}|timeout|hooks)`),
      );
      expect(space.calls().filter(({ method }) => method === "plan")).toEqual([]);
    },
  );

  it("under a provider: an argument that is none is told before core runs", async () => {
    const files = { "main.tf": withMockcloud(5, ONE, `integration "x" { sorce = "./x.js" }`) };
    const space = await workspace({ files });
    const { code, stderr } = await airlock(space, core, ["plan", "-no-color"]);
    expect(code).toBe(1);
    expect(stderr).toContain("DECLARE_UNKNOWN_ARGUMENT");
    expect(stderr).toMatch(/main\.tf:\d+:\d+/);
  });

  it("under a provider: settings that are known only after apply end the plan", async () => {
    const space = await workspace({ files: {} });
    const under = recorder(space, { config: `id = mockcloud_instance.one.id` });
    space.write({
      "main.tf": withMockcloud(
        6,
        `${ONE}
provider "mockcloud" {
  alias = "eu"
  ${under}
}
resource "mockcloud_bucket" "two" {
  provider = mockcloud.eu
  name     = "two"
}
`,
      ),
    });
    await airlock(space, core, ["init"]);
    const { code, stderr } = await airlock(space, core, ["plan", "-no-color"]);
    expect(code).toBe(1);
    expect(stderr).toContain("(DECLARE_NOT_KNOWN)");
    expect(stderr).toContain('integration "recorder" {');
    expect(takeRecorded(space)).toEqual([]);
  });

  it("in a child module is refused with its place, and named as what belongs to the root module", async () => {
    const space = await workspace({
      files: {
        "main.tf": `module "child" {\n  source = "./child"\n}\n`,
        "child/main.tf": `terraform {\n  integration "x" {\n    source = "./x.js"\n  }\n}\n`,
      },
    });
    const { code, stderr } = await airlock(space, core, ["plan", "-no-color"]);
    expect(code).toBe(1);
    expect(stderr).toContain("CONFIGURATION_MODULE_INTEGRATION");
    expect(stderr).toContain("child/main.tf:2:3");
  });

  it.each([
    [
      "a cloud block",
      `terraform {\n  cloud {\n    organization = "o"\n    workspaces {\n      name = "w"\n    }\n  }\n}\n`,
    ],
    [
      "the backend remote",
      `terraform {\n  backend "remote" {\n    organization = "o"\n    workspaces {\n      name = "w"\n    }\n  }\n}\n`,
    ],
  ])("for %s is refused before anything runs, with what works instead", async (_what, block) => {
    const space = await workspace({ files: {} });
    space.write({ "main.tf": block, "airlock.hcl": recorder(space) });
    for (const command of ["plan", "apply", "destroy", "refresh"]) {
      const { code, stderr } = await airlock(space, core, [command, "-no-color"]);
      expect({ command, code }).toEqual({ command, code: 1 });
      expect(stderr).toContain("LIVE_REMOTE_EXECUTION");
      expect(stderr).toContain("airlock check");
    }
    expect(takeRecorded(space)).toEqual([]);
  });

  it("without an init says airlock init", async () => {
    const space = await workspace({ files: {} });
    space.write({ "main.tf": withMockcloud(5, ONE), "airlock.hcl": recorder(space) });
    const { code, stderr } = await airlock(space, core, ["plan", "-no-color"]);
    expect(code).toBe(1);
    expect(stderr).toContain("PROVIDER_NOT_INSTALLED");
    expect(stderr).toContain("airlock init");
  });

  it("is what plain core refuses, too: an integration block is no part of its language", async () => {
    const under = withMockcloud(5, ONE, `integration "x" { source = "./x.js" }`);
    const space = await workspace({ files: { "main.tf": under } });
    await space.init(core);
    const { code, stderr } = await space.run(core, ["plan", "-no-color"]);
    expect(code).toBe(1);
    expect(stderr).toContain('Blocks of type "integration" are not expected here.');
    expect(stderr).toContain('in provider "mockcloud"');
  });
});
