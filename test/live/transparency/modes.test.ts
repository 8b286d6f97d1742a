import { rmSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { describeLive } from "../../support/live/describe.js";
import { PROTOCOLS, withMockcloud, type Protocol } from "../../support/live/mockcloud.js";
import { readState } from "../../support/live/workspace.js";
import { Twins } from "./twins.js";

const BODY = `
resource "mockcloud_instance" "base" {
  name = "base"
}
resource "mockcloud_bucket" "upper" {
  name = mockcloud_instance.base.id
}
resource "mockcloud_flaky" "drifting" {
  name = "drifting"
  note = mockcloud_instance.base.ip
}
resource "mockcloud_instance" "other" {
  name = "other"
}
output "revision" { value = mockcloud_flaky.drifting.revision }
output "other" { value = mockcloud_instance.other.id }
`;

/** Removes an object behind the back of both cores. */
function lose({ plain, airlock }: Twins, type: string, name: string): void {
  const found = readState(plain).resources.find((each) => each.type === type && each.name === name);
  const file = `${type}.${String(found?.instances[0]?.attributes["id"])}.json`;
  for (const { cloud } of [plain, airlock]) rmSync(join(cloud, file));
}

await describeLive("a run of a part", (core) => {
  const main = (protocol: Protocol) => ({ "main.tf": withMockcloud(protocol, BODY) });

  it.each(PROTOCOLS)("of some targets and of the end, protocol %i, goes as without Airlock", async (protocol) => {
    const twins = await Twins.make(core, { files: main(protocol) });
    await twins.init();
    const target = "-target=mockcloud_bucket.upper";
    expect((await twins.run(["plan", target])).stdout).toContain("Resource targeting is in effect");
    await twins.run(["apply", target], { unasked: true });
    await twins.run(["apply", "-auto-approve"]);
    await twins.run(["plan", "-destroy"]);
    await twins.run(["destroy", target], { unasked: true });
    await twins.run(["apply", "-destroy", "-target=mockcloud_flaky.drifting"], { input: "yes\n" });
    await twins.run(["destroy", "-auto-approve"]);
    await twins.run(["destroy", "-auto-approve"]);
  });

  it.each(PROTOCOLS)("that only refreshes, protocol %i, goes as without Airlock", async (protocol) => {
    const twins = await Twins.make(core, { files: main(protocol) });
    await twins.init();
    await twins.run(["apply", "-auto-approve"]);
    lose(twins, "mockcloud_instance", "other");
    expect((await twins.run(["plan", "-refresh-only"])).stdout).toContain("has been deleted");
    await twins.run(["plan", "-refresh=false"]);
    await twins.run(["apply", "-refresh-only", "-auto-approve"]);
    await twins.run(["refresh"]);
    await twins.run(["apply", "-auto-approve"]);
  });
});
