import { expect, it } from "vitest";
import { describeLive } from "../../support/live/describe.js";
import { Twins } from "./twins.js";

const PROVIDERS = `
terraform {
  required_providers {
    local = { source = "hashicorp/local" }
    time  = { source = "hashicorp/time" }
  }
}
`;

const PAGES = `${PROVIDERS}
variable "name" { type = string }
variable "owner" { type = string }
variable "pages" { type = map(string) }
resource "time_static" "published" {
  triggers = { owner = var.owner }
}
resource "local_file" "page" {
  for_each        = var.pages
  filename        = "\${path.root}/out/\${var.name}/\${each.key}.html"
  content         = "\${each.value}, \${time_static.published.rfc3339}"
  file_permission = "0644"
}
output "published" { value = time_static.published.rfc3339 }
`;

/** Real providers of both SDKs, what lives inside core, and all that can change between two versions of a project. */
const SITE = `${PROVIDERS}
variable "passphrase" {
  type      = string
  sensitive = true
  default   = "correct-horse"
}
variable "edition" { default = 1 }
provider "time" {}
provider "time" { alias = "overseas" }
module "pages" {
  source   = "./modules/pages"
  for_each = var.edition == 1 ? toset(["north", "south"]) : toset(["south", "west"])
  name     = each.key
  owner    = var.edition == 1 ? "press" : "archive"
  pages    = { index = "welcome", imprint = "edition \${var.edition}" }
}
resource "time_rotating" "key" {
  provider      = time.overseas
  rotation_days = var.edition == 1 ? 20 : 40
}
resource "local_file" "passphrase" {
  filename          = "\${path.root}/out/passphrase.txt"
  sensitive_content = var.passphrase
}
resource "terraform_data" "edition" {
  input            = { edition = var.edition, owner = "press" }
  triggers_replace = [var.edition]
}
resource "time_static" "issues" {
  count = var.edition == 1 ? 3 : 1
}
data "local_file" "passphrase" {
  filename   = "\${path.root}/out/passphrase.txt"
  depends_on = [local_file.passphrase]
}
output "edition" { value = terraform_data.edition.output }
output "published" { value = { for name, page in module.pages : name => page.published } }
output "passphrase" {
  value     = data.local_file.passphrase.content
  sensitive = true
}
`;

/** These providers and terraform_data take their values from the clock and by lot, so two runs never agree in them. */
function mask(text: string): string {
  return text
    .replace(/\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ/g, "TIME")
    .replace(/\b[\da-f]{8}(?:-[\da-f]{4}){3}-[\da-f]{12}\b/g, "UUID")
    .replace(/\b[\da-f]{40}\b/g, "SHA1")
    .replace(/("?\b(?:day|hour|minute|month|second|unix|year)"?\s*[=:] )\d+/g, "$1NUMBER")
    .replace(/(NUMBER \S*->\S* )\d+/g, "$1NUMBER");
}

await describeLive("a site of modules on real providers", (core) => {
  it("is planned, applied, changed and destroyed as without Airlock", async () => {
    const twins = await Twins.make(core, { files: { "main.tf": SITE, "modules/pages/main.tf": PAGES }, mask });
    await twins.init();
    await twins.run(["validate"]);
    const planned = await twins.run(["plan"]);
    expect(planned.calls).toBeGreaterThan(20);
    expect(planned.stdout).toContain("12 to add");
    const applied = await twins.run(["apply", "-auto-approve"]);
    expect(applied.stdout).toContain("12 added");
    await twins.run(["plan", "-detailed-exitcode"]);
    await twins.run(["output", "-json"]);
    const changed = await twins.run(["apply", "-auto-approve", "-var=edition=2"]);
    expect(changed.stdout).toContain("7 added, 1 changed, 9 destroyed");
    await twins.run(["destroy", "-auto-approve"]);
  });
});
