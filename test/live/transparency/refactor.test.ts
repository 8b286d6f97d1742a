import { describe, expect, it } from "vitest";
import { describeLive } from "../../support/live/describe.js";
import { mockcloudSource, PROTOCOLS, withMockcloud, type Protocol } from "../../support/live/mockcloud.js";
import type { Core } from "../../support/live/tools.js";
import { readState } from "../../support/live/workspace.js";
import { Twins } from "./twins.js";

const INSIDE = (protocol: Protocol): string => `
terraform {
  required_providers {
    mockcloud = {
      source = "${mockcloudSource(protocol)}"
    }
  }
}
resource "mockcloud_instance" "web" {
  for_each = toset(["0", "1"])
  name     = "web-\${each.key}"
}
resource "mockcloud_token" "text" {
  name = "text"
}
`;

const BEFORE = `
resource "mockcloud_instance" "web" {
  count = 2
  name  = "web-\${count.index}"
}
resource "mockcloud_token" "text" {
  name = "text"
}
resource "mockcloud_bucket" "old" {
  name = "kept"
}
`;

const AFTER = `
module "inside" {
  source = "./modules/inside"
}
resource "mockcloud_bucket" "new" {
  name = "kept"
}
moved {
  from = mockcloud_instance.web[0]
  to   = module.inside.mockcloud_instance.web["0"]
}
moved {
  from = mockcloud_instance.web[1]
  to   = module.inside.mockcloud_instance.web["1"]
}
moved {
  from = mockcloud_token.text
  to   = module.inside.mockcloud_token.text
}
moved {
  from = mockcloud_bucket.old
  to   = mockcloud_bucket.new
}
`;

/** Blocks that forget objects, as far as a core has them. */
function forgetting({ name, version }: Core): string {
  if (name === "terraform" && version.startsWith("1.5.")) return "";
  return `removed {\n  from = mockcloud_bucket.new\n  lifecycle {\n    destroy = false\n  }\n}\n`;
}

const OWNED = (size: string): string => `
resource "mockcloud_instance" "owned" {
  name = "owned"
  size = "${size}"
}
resource "mockcloud_token" "owned" {
  name = "owned"
}
resource "mockcloud_bucket" "owned" {
  name = "owned"
}
resource "mockcloud_counter" "owned" {
  name = "owned"
}
`;

/** Ids of mockcloud depend on type and name alone. */
function ids(twins: Twins): ReadonlyMap<string, string> {
  return new Map(
    readState(twins.plain).resources.map(({ type, instances }) => [type, String(instances[0]?.attributes["id"])]),
  );
}

await describeLive("refactoring", (core) => {
  describe.each(PROTOCOLS)("protocol %i", (protocol) => {
    it("moves and forgets objects as without Airlock", async () => {
      const twins = await Twins.make(core, {
        files: { "main.tf": withMockcloud(protocol, BEFORE), "modules/inside/main.tf": INSIDE(protocol) },
      });
      await twins.init();
      await twins.run(["apply", "-auto-approve"]);
      twins.write({ "main.tf": withMockcloud(protocol, AFTER) });
      await twins.run(["init", "-input=false"]);
      const planned = await twins.run(["plan"]);
      expect(planned.stdout).toContain("0 to add, 0 to change, 0 to destroy");
      await twins.run(["apply", "-auto-approve"]);
      const left = AFTER.replace(/resource "mockcloud_bucket" "new" \{[^}]*\}/, "");
      twins.write({ "main.tf": withMockcloud(protocol, left + forgetting(core)) });
      await twins.run(["apply", "-auto-approve"]);
    });

    it("imports objects by command and by block as without Airlock", async () => {
      const files = (body: string) => ({ "main.tf": withMockcloud(protocol, body) });
      const twins = await Twins.make(core, { files: files(OWNED("small")) });
      await twins.init();
      await twins.run(["apply", "-auto-approve"]);
      const id = ids(twins);
      await twins.run(["state", "rm", ...[...id.keys()].map((type) => `${type}.owned`)], { judged: false });
      for (const type of ["mockcloud_token", "mockcloud_counter"]) {
        const imported = await twins.run(["import", `${type}.owned`, id.get(type) ?? ""]);
        expect(imported.stdout).toContain("Import successful!");
      }
      await twins.run(["import", "mockcloud_bucket.owned", "b-none"], { code: 1 });

      const block = (type: string, name = "owned"): string =>
        `import {\n  to = ${type}.${name}\n  id = "${id.get(type) ?? ""}"\n}\n`;
      twins.write(files(OWNED("large") + block("mockcloud_instance") + block("mockcloud_bucket")));
      const planned = await twins.run(["plan"]);
      expect(planned.stdout).toContain("2 to import, 0 to add, 1 to change, 0 to destroy");
      await twins.run(["apply", "-auto-approve"]);
    });
  });

  it("writes the configuration of an imported object as without Airlock", async () => {
    const files = (body: string) => ({ "main.tf": withMockcloud(5, body) });
    const twins = await Twins.make(core, { files: files(`resource "mockcloud_token" "t" {\n  name = "t"\n}`) });
    await twins.init();
    await twins.run(["apply", "-auto-approve"]);
    const id = ids(twins).get("mockcloud_token") ?? "";
    await twins.run(["state", "rm", "mockcloud_token.t"], { judged: false });
    twins.write(files(`import {\n  to = mockcloud_token.made\n  id = "${id}"\n}`));
    await twins.run(["plan", "-generate-config-out=made.tf"]);
    await twins.run(["plan", "-generate-config-out=made.tf"], { code: 1 });
    await twins.run(["apply", "-auto-approve"]);
  });
});
