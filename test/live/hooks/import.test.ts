import { expect, it } from "vitest";
import { describeLive } from "../../support/live/describe.js";
import { around, logged, LOGGER, on } from "../../support/live/logger.js";
import { PROTOCOLS, withMockcloud } from "../../support/live/mockcloud.js";
import { attributesOf, workspace } from "../../support/live/workspace.js";

const INSTANCE = `
resource "mockcloud_instance" "found" {
  name = "found"
}
`;

await describeLive("import", (core) => {
  it.each(PROTOCOLS)("reads the object between refresh hooks, on protocol %i", async (protocol) => {
    const space = await workspace({ files: { "main.tf": withMockcloud(protocol, INSTANCE) } });
    await space.init(core);
    await space.succeed(core, ["apply", "-auto-approve"]);
    const id = String(attributesOf(space, "mockcloud_instance", "found")?.["id"]);
    await space.succeed(core, ["state", "rm", "mockcloud_instance.found"]);
    space.write({ "airlock.hcl": LOGGER });

    const imported = await logged(space, core, ["import", "mockcloud_instance.found", id]);
    expect(Object.keys(imported)).toEqual(["pre-configure-provider", "pre-refresh-resource", "post-refresh-resource"]);
    expect(imported["pre-refresh-resource"]).toEqual(on("read", "mockcloud_instance.found"));
    expect(attributesOf(space, "mockcloud_instance", "found")).toMatchObject({ id, name: "found" });

    // An import block is part of a plan.
    await space.succeed(core, ["state", "rm", "mockcloud_instance.found"]);
    const block = `import {
  to = mockcloud_instance.found
  id = "${id}"
}
`;
    space.write({ "import.tf": block });
    const applied = await logged(space, core, ["apply", "-auto-approve"]);
    expect(applied).toMatchObject(around("plan", on("no-op", "mockcloud_instance.found")));
    expect(Object.keys(applied)).not.toContain("pre-apply-resource");
    expect(attributesOf(space, "mockcloud_instance", "found")).toMatchObject({ id });
  });
});
