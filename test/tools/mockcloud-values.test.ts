import { describe, expect, it } from "vitest";
import { describeLive } from "../support/live/describe.js";
import { PROTOCOLS, withMockcloud } from "../support/live/mockcloud.js";
import { attributesOf, workspace } from "../support/live/workspace.js";

const BODY = `
data "mockcloud_secret" "s" {
  name = "s"
}
resource "mockcloud_bucket" "b" {
  name = "b"
  rule {
    prefix = "logs/"
    days   = 30
  }
  rule {
    prefix = "tmp/"
  }
  versioning {
    enabled = true
  }
}
resource "mockcloud_instance" "a" {
  name     = "a"
  tags     = { bucket = mockcloud_bucket.b.arn }
  password = data.mockcloud_secret.s.value
  disk {
    size = 10
  }
  disk {
    size = 20.5
    type = "fast"
  }
}
resource "mockcloud_counter" "c" {
  name    = "c"
  value   = 12345678901234567890
  payload = { list = [1, "two", true, null], name = mockcloud_bucket.b.name }
}
resource "terraform_data" "later" {
  input = { bucket = mockcloud_bucket.b.arn }
}
resource "mockcloud_instance" "later" {
  name = "later"
  tags = terraform_data.later.output
}
output "from" {
  value = mockcloud_instance.a.tags_all
}
`;

await describeLive("mockcloud takes values of every form", (core) => {
  describe.each(PROTOCOLS)("protocol %i", (protocol) => {
    it("plans what is unknown, and keeps blocks, sets, secrets and values of any type", async () => {
      const provider = `region = "north"\n  token = "hidden-token"\n  default_tags = { team = "core" }`;
      const space = await workspace({ files: { "main.tf": withMockcloud(protocol, BODY, provider) } });
      await space.init(core);
      const plan = await space.succeed(core, ["plan", "-no-color", "-out=plan"]);
      expect(plan.stdout).toMatch(/\+ tags_all += \(known after apply\)/);
      expect(plan.stdout).toMatch(/\+ password += \(sensitive value\)/);
      expect(plan.stdout).not.toContain("hidden-token");
      await space.succeed(core, ["apply", "-no-color", "plan"]);

      const arn = "arn:mockcloud:north:bucket/b";
      const bucket = attributesOf(space, "mockcloud_bucket", "b");
      expect(bucket).toMatchObject({ arn, versioning: { enabled: true } });
      expect(bucket?.["rule"]).toHaveLength(2);
      expect(attributesOf(space, "mockcloud_instance", "a")).toMatchObject({
        tags_all: { bucket: arn, team: "core" },
        zone: "north-a",
        disk: [
          { size: 10, type: null },
          { size: 20.5, type: "fast" },
        ],
      });
      expect(attributesOf(space, "mockcloud_instance", "later")).toMatchObject({
        tags_all: { bucket: arn, team: "core" },
      });
      expect(attributesOf(space, "mockcloud_counter", "c")).toMatchObject({
        payload: { value: { list: [1, "two", true, null], name: "b" } },
      });
      // What it kept is what it reads back.
      expect((await space.run(core, ["plan", "-detailed-exitcode"])).code).toBe(0);
    });
  });
});
