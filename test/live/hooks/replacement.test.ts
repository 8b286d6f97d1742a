import { describe, expect, it } from "vitest";
import { airlock } from "../../support/live/airlock.js";
import { describeLive } from "../../support/live/describe.js";
import { around, logged, LOGGER, on } from "../../support/live/logger.js";
import { PROTOCOLS, withMockcloud } from "../../support/live/mockcloud.js";
import { recorder, takeEvents } from "../../support/live/recorder.js";
import { workspace } from "../../support/live/workspace.js";

function project(zone: string): string {
  return `
resource "mockcloud_instance" "moved" {
  name = "moved"
  zone = "${zone}"
}
resource "mockcloud_instance" "first" {
  name = "first"
  zone = "${zone}"
  lifecycle {
    create_before_destroy = true
  }
}
resource "mockcloud_instance" "asked" {
  name = "asked"
}
resource "mockcloud_counter" "counted" {
  name = "counted"
}
resource "mockcloud_token" "opaque" {
  name = "opaque"
}
resource "mockcloud_instance" "spoilt" {
  name = "spoilt"
}
resource "terraform_data" "inside" {
  triggers_replace = "${zone}"
}
`;
}

const FORCED = ["mockcloud_counter.counted", "mockcloud_instance.asked", "mockcloud_token.opaque"];
const CHANGED = ["mockcloud_instance.first", "mockcloud_instance.moved"];
const TAINTED = "mockcloud_instance.spoilt";
const OUTSIDE = [...FORCED, ...CHANGED, TAINTED];
const ARGUMENTS = ["plan", "-out=saved.tfplan", ...FORCED.map((address) => `-replace=${address}`)];

await describeLive("a replaced resource", (core) => {
  it.each(PROTOCOLS)("is planned once, and applied as a deletion and a creation, on protocol %i", async (protocol) => {
    const files = { "main.tf": withMockcloud(protocol, project("a")), "airlock.hcl": LOGGER };
    const space = await workspace({ files });
    await space.init(core);
    await space.succeed(core, ["apply", "-auto-approve"]);
    expect((await airlock(space, core, ["taint", TAINTED])).code).toBe(0);
    space.write({ "main.tf": withMockcloud(protocol, project("b")) });

    expect(await logged(space, core, ARGUMENTS)).toMatchObject({
      // What the provider will ask for is not known before it is asked.
      "pre-plan-resource": [
        ...on("update", ...CHANGED),
        ...on("replace", ...FORCED, TAINTED, "terraform_data.inside"),
      ].sort(),
      "post-plan-resource": on("replace", ...OUTSIDE, "terraform_data.inside"),
    });
    expect(await logged(space, core, ["apply", "saved.tfplan"])).toMatchObject(
      around("apply", on("delete", ...OUTSIDE), on("create", ...OUTSIDE), on("replace", "terraform_data.inside")),
    );
  });

  describe("in its event", () => {
    it("is told as it is and as it shall be, also when it is tainted", async () => {
      const space = await workspace({ files: { "main.tf": withMockcloud(6, project("a")) } });
      space.write({ "airlock.hcl": recorder(space, { hooks: ["post-plan-resource"] }) });
      await space.init(core);
      await space.succeed(core, ["apply", "-auto-approve"]);
      await space.succeed(core, ["taint", TAINTED]);
      space.write({ "main.tf": withMockcloud(6, project("b")) });
      await airlock(space, core, ARGUMENTS);
      const shown = takeEvents(space).map(({ params: { address, before, after, after_unknown: later } }) => ({
        address,
        before: { id: idOf(before), zone: attribute(before, "zone") },
        after: { id: idOf(after), zone: attribute(after, "zone"), later: attribute(later, "id") },
      }));
      expect(shown.sort((one, other) => String(one.address).localeCompare(String(other.address)))).toMatchObject([
        { address: "mockcloud_counter.counted", before: { id: "string" }, after: { id: "undefined", later: true } },
        { address: "mockcloud_instance.asked", before: { id: "string" }, after: { id: "undefined", later: true } },
        { address: "mockcloud_instance.first", before: { zone: "a" }, after: { zone: "b", id: "undefined" } },
        { address: "mockcloud_instance.moved", before: { zone: "a" }, after: { zone: "b", id: "undefined" } },
        { address: "mockcloud_instance.spoilt", before: { zone: "local-a" }, after: { id: "undefined", later: true } },
        { address: "mockcloud_token.opaque", before: { id: "string" }, after: { id: "undefined", later: true } },
        { address: "terraform_data.inside", before: { id: "string" }, after: { id: "undefined", later: true } },
      ]);
    });
  });
});

function attribute(value: unknown, name: string): unknown {
  return new Map(Object.entries(value ?? {})).get(name);
}

function idOf(value: unknown): string {
  return typeof attribute(value, "id");
}
