import { expect, it } from "vitest";
import { describeLive } from "../../support/live/describe.js";
import { around, logged, LOGGER, on } from "../../support/live/logger.js";
import { mockcloudSource, PROTOCOLS, withMockcloud, type Protocol } from "../../support/live/mockcloud.js";
import type { Core } from "../../support/live/tools.js";
import { workspace } from "../../support/live/workspace.js";

const FIRST = `
resource "mockcloud_instance" "web" {
  name = "web"
  size = "small"
}
resource "mockcloud_bucket" "logs" {
  name = "logs"
}
resource "mockcloud_token" "key" {
  name = "key"
}
resource "mockcloud_counter" "each" {
  for_each = toset(["x", "y"])
  name     = "counter of \${each.key}"
}
resource "terraform_data" "note" {
  input = "first"
}
`;

/** `web` changes, `logs` and `key` go, `late` comes, `each` stays. */
const SECOND = `
resource "mockcloud_instance" "web" {
  name = "web"
  size = "large"
}
resource "mockcloud_instance" "late" {
  name = "late"
}
resource "mockcloud_counter" "each" {
  for_each = toset(["x", "y"])
  name     = "counter of \${each.key}"
}
resource "terraform_data" "note" {
  input = "second"
}
`;

const EACH = ['mockcloud_counter.each["x"]', 'mockcloud_counter.each["y"]'];
const IN_DOUBT = "mockcloud_counter.each (address not known yet) create";

function sourceOf(core: Core, protocol: Protocol): string {
  return `registry.${core.name === "tofu" ? "opentofu.org" : "terraform.io"}/${mockcloudSource(protocol)}`;
}

const CREATED = on(
  "create",
  "mockcloud_bucket.logs",
  "mockcloud_instance.web",
  "mockcloud_token.key",
  "terraform_data.note",
);

await describeLive("a logger of the whole project sees every resource once per hook", (core) => {
  it.each(PROTOCOLS)("from create to destroy, on protocol %i", async (protocol) => {
    const space = await workspace({ files: { "main.tf": withMockcloud(protocol, FIRST), "airlock.hcl": LOGGER } });
    await space.init(core);
    const provider = sourceOf(core, protocol);

    expect(await logged(space, core, ["apply", "-auto-approve"])).toEqual({
      "plan-stage-start": [""],
      "pre-configure-provider": [provider, provider],
      ...around("plan", CREATED, [IN_DOUBT, IN_DOUBT]),
      "plan-stage-complete": ["6 resources"],
      "apply-stage-start": [""],
      ...around("apply", CREATED, on("create", ...EACH)),
      "apply-stage-complete": ["6 resources"],
    });

    const all = [...EACH, "mockcloud_bucket.logs", "mockcloud_instance.web", "mockcloud_token.key"];
    expect(await logged(space, core, ["plan"])).toEqual({
      "plan-stage-start": [""],
      "pre-configure-provider": [provider],
      "pre-refresh-resource": on("read", ...all),
      "post-refresh-resource": on("no-op", ...all),
      ...around("plan", on("no-op", ...all, "terraform_data.note")),
      "plan-stage-complete": ["6 resources"],
    });

    space.write({ "main.tf": withMockcloud(protocol, SECOND) });
    const changes = [
      ...on("create", "mockcloud_instance.late"),
      ...on("update", "mockcloud_instance.web", "terraform_data.note"),
      ...on("delete", "mockcloud_bucket.logs", "mockcloud_token.key"),
    ];
    expect(await logged(space, core, ["plan", "-out=saved.tfplan"])).toEqual({
      "plan-stage-start": [""],
      "pre-configure-provider": [provider],
      "pre-refresh-resource": on("read", ...all),
      "post-refresh-resource": on("no-op", ...all),
      ...around("plan", changes, on("no-op", ...EACH)),
      "plan-stage-complete": ["7 resources"],
    });
    // What core plans again while it applies is no plan of anybody's: these are of the saved one.
    expect(await logged(space, core, ["apply", "saved.tfplan"])).toEqual({
      "plan-stage-start": [""],
      ...around("plan", changes, on("no-op", ...EACH)),
      "plan-stage-complete": ["7 resources"],
      "apply-stage-start": [""],
      "pre-configure-provider": [provider],
      ...around("apply", changes),
      "apply-stage-complete": ["5 resources"],
    });

    const left = [...EACH, "mockcloud_instance.late", "mockcloud_instance.web"];
    const gone = on("delete", ...left, "terraform_data.note");
    expect(await logged(space, core, ["destroy", "-auto-approve"])).toMatchObject({
      "pre-refresh-resource": on("read", ...left),
      "post-refresh-resource": on("no-op", ...left),
      ...around("plan", gone),
      "plan-stage-complete": ["5 resources"],
      ...around("apply", gone),
      "apply-stage-complete": ["0 resources"],
    });
  });
});
