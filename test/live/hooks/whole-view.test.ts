import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { airlock } from "../../support/live/airlock.js";
import { describeLive } from "../../support/live/describe.js";
import { withMockcloud } from "../../support/live/mockcloud.js";
import { recorder, takeEvents } from "../../support/live/recorder.js";
import { workspace, type Workspace } from "../../support/live/workspace.js";

const MAIN = withMockcloud(
  6,
  `resource "mockcloud_instance" "one" {
  name = "one"
  size = var.size
}
resource "mockcloud_instance" "two" {
  name = "two"
  size = var.size
}
resource "terraform_data" "inside" {}
variable "size" {
  default = "small"
}`,
);
const LARGE = "-var=size=large";

function wholeIn(space: Workspace): readonly string[] {
  const [complete, ...more] = takeEvents(space).filter(({ method }) => method === "plan-stage-complete");
  expect(more).toEqual([]);
  return (complete?.params.resources ?? []).map(({ address, action }) => `${address} ${action}`).sort();
}

await describeLive("what plan-stage-complete sees", (core) => {
  it("is everything, whatever part of it the plan is about", async () => {
    const space = await workspace({ files: { "main.tf": MAIN } });
    space.write({ "airlock.hcl": recorder(space) });
    await space.init(core);
    await space.succeed(core, ["apply", "-auto-approve"]);
    const of = async (...args: readonly string[]) => {
      const { code, stderr } = await airlock(space, core, ["plan", ...args]);
      expect(code, stderr).toBe(0);
      return wholeIn(space);
    };
    const [one, two, inside] = ["mockcloud_instance.one", "mockcloud_instance.two", "terraform_data.inside"];
    expect(await of()).toEqual([`${one} no-op`, `${two} no-op`, `${inside} no-op`]);
    expect(await of(LARGE)).toEqual([`${one} update`, `${two} update`, `${inside} no-op`]);
    expect(await of(LARGE, `-target=${two}`)).toEqual([`${one} no-op`, `${two} update`, `${inside} no-op`]);
    expect(await of("-destroy", `-target=${two}`)).toEqual([`${one} no-op`, `${two} delete`, `${inside} no-op`]);
    expect(await of("-refresh-only")).toEqual([`${one} no-op`, `${two} no-op`, `${inside} no-op`]);
  });

  it("is what airlock check sees in the plan's JSON", async () => {
    const space = await workspace({ files: { "main.tf": MAIN } });
    space.write({ "airlock.hcl": recorder(space) });
    await space.init(core);
    await space.succeed(core, ["apply", "-auto-approve"]);
    await space.succeed(core, ["plan", LARGE, "-target=mockcloud_instance.two", "-out=saved"]);
    const { stdout } = await space.succeed(core, ["show", "-json", "saved"]);
    writeFileSync(join(space.folder, "plan.json"), stdout);
    const command = join(import.meta.dirname, "../../../dist/src/cli/main.js");
    await space.succeed(process.execPath, [command, "check", "plan.json"]);
    expect(wholeIn(space)).toEqual([
      "mockcloud_instance.one no-op",
      "mockcloud_instance.two update",
      "terraform_data.inside no-op",
    ]);
  });
});
