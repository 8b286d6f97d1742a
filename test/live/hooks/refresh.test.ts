import { readdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { describeLive } from "../../support/live/describe.js";
import { logged, LOGGER, on } from "../../support/live/logger.js";
import { PROTOCOLS, withMockcloud } from "../../support/live/mockcloud.js";
import { attributesOf, workspace, type Workspace } from "../../support/live/workspace.js";

const PROJECT = `
resource "mockcloud_flaky" "drifts" {
  name = "drifts"
}
resource "mockcloud_instance" "stays" {
  name = "stays"
}
resource "mockcloud_bucket" "vanishes" {
  name = "vanishes"
}
resource "terraform_data" "inside" {
}
`;

function vanish(space: Workspace): void {
  const [file = ""] = readdirSync(space.cloud).filter((name) => name.startsWith("mockcloud_bucket."));
  rmSync(join(space.cloud, file));
}

const DRIFTS = "mockcloud_flaky.drifts";
const STAYS = "mockcloud_instance.stays";
const VANISHES = "mockcloud_bucket.vanishes";
const READ = on("read", DRIFTS, STAYS, VANISHES);
const FOUND = [...on("delete", VANISHES), ...on("update", DRIFTS), ...on("no-op", STAYS)];

await describeLive("a refresh", (core) => {
  it.each(PROTOCOLS)("tells what it finds of each object, on protocol %i", async (protocol) => {
    const space = await workspace({ files: { "main.tf": withMockcloud(protocol, PROJECT), "airlock.hcl": LOGGER } });
    await space.init(core);
    await space.succeed(core, ["apply", "-auto-approve"]);

    vanish(space);
    const planned = await logged(space, core, ["plan", "-refresh-only"]);
    expect(planned).toMatchObject({ "pre-refresh-resource": READ, "post-refresh-resource": FOUND });
    expect(Object.keys(planned)).not.toContain("post-plan-resource");

    const applied = await logged(space, core, ["apply", "-refresh-only", "-auto-approve"]);
    expect(applied).toMatchObject({ "pre-refresh-resource": READ, "post-refresh-resource": FOUND });
    expect(Object.keys(applied)).toEqual(expect.arrayContaining(["apply-stage-start", "apply-stage-complete"]));
    expect(Object.keys(applied)).not.toContain("pre-apply-resource");
    // Every refresh adds one: the state has what the second of them found.
    expect(attributesOf(space, "mockcloud_flaky", "drifts")).toMatchObject({ revision: 3 });

    const left = await logged(space, core, ["refresh"]);
    const { "pre-configure-provider": configured = [], ...hooks } = left;
    expect(configured.length).toBeGreaterThan(0);
    expect(hooks).toEqual({
      "pre-refresh-resource": on("read", DRIFTS, STAYS),
      "post-refresh-resource": [...on("update", DRIFTS), ...on("no-op", STAYS)],
      "refresh-stage-complete": ["3 resources"],
    });
  });
});
