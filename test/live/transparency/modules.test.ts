import { describe, expect, it } from "vitest";
import { describeLive } from "../../support/live/describe.js";
import { mockcloudSource, PROTOCOLS, type Protocol } from "../../support/live/mockcloud.js";
import { Twins } from "./twins.js";

function required(protocol: Protocol, aliases = ""): string {
  return `terraform {
  required_providers {
    mockcloud = {
      source = "${mockcloudSource(protocol)}"
      ${aliases}
    }
  }
}
`;
}

function files(protocol: Protocol, size: string, zones: string) {
  return {
    "main.tf": `${required(protocol)}
provider "mockcloud" {
  default_tags = { owner = "team" }
}
provider "mockcloud" {
  alias  = "far"
  region = "far"
}
variable "password" {
  sensitive = true
  default   = "hunter2"
}
module "zones" {
  source    = "./modules/zone"
  for_each  = toset(${zones})
  name      = each.key
  size      = "${size}"
  password  = var.password
  providers = { mockcloud = mockcloud, mockcloud.other = mockcloud.far }
}
data "mockcloud_image" "base" {
  provider = mockcloud.far
  name     = "base"
}
output "addresses" { value = { for name, zone in module.zones : name => zone.addresses } }
output "image" { value = data.mockcloud_image.base.checksum }
`,
    "modules/zone/main.tf": `${required(protocol, "configuration_aliases = [mockcloud.other]")}
variable "name" {}
variable "size" {}
variable "password" {}
resource "mockcloud_instance" "host" {
  for_each = { web = 1, db = 2 }
  name     = "\${var.name}-\${each.key}"
  size     = var.size
  password = var.password
  tags     = { number = each.value }
  disk {
    size = 10 * each.value
    type = "ssd"
  }
}
module "logs" {
  count     = 2
  source    = "../logs"
  name      = "\${var.name}-\${count.index}"
  source_id = mockcloud_instance.host["web"].id
  providers = { mockcloud = mockcloud.other }
}
output "addresses" { value = [for host in mockcloud_instance.host : host.ip] }
`,
    "modules/logs/main.tf": `${required(protocol)}
variable "name" {}
variable "source_id" {}
resource "mockcloud_bucket" "logs" {
  name = var.name
  rule { prefix = var.source_id }
  versioning { enabled = true }
}
resource "mockcloud_counter" "lines" {
  name    = "\${var.name}-lines"
  payload = { bucket = mockcloud_bucket.logs.access_key, kept = [1, "two", null] }
}
`,
  };
}

await describeLive("modules in modules, for_each and aliases", (core) => {
  describe.each(PROTOCOLS)("protocol %i", (protocol) => {
    it("are planned to a file, applied from it, changed and destroyed as without Airlock", async () => {
      const twins = await Twins.make(core, { files: files(protocol, "small", `["a", "b"]`) });
      await twins.init();
      const planned = await twins.run(["plan", "-out=first.tfplan"]);
      expect(planned.calls).toBeGreaterThan(20);
      await twins.run(["show", "-json", "first.tfplan"], { judged: false });
      const applied = await twins.run(["apply", "first.tfplan"]);
      expect(applied.stdout).toContain("12 added");
      expect((await twins.run(["plan", "-detailed-exitcode"])).stdout).toContain("No changes");

      twins.write(files(protocol, "large", `["b", "c"]`));
      await twins.run(["plan", "-detailed-exitcode", "-no-color"], { code: 2 });
      const changed = await twins.run(["apply", "-auto-approve"]);
      expect(changed.stdout).toContain("6 added, 2 changed, 6 destroyed");
      await twins.run(["destroy", "-auto-approve"]);
    });
  });
});
