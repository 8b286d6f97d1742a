import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { describeLive } from "../../support/live/describe.js";
import { mockcloudSource } from "../../support/live/mockcloud.js";
import { OBSERVER, OBSERVES } from "./guests.js";
import { Twins } from "./twins.js";

interface Parts {
  /** In the `terraform` block. */
  readonly inTerraform?: string;
  /** In the provider blocks. */
  readonly inProvider?: string;
  readonly size?: string;
  readonly failOn?: string;
}

const IN_PROVIDER = `integration "provider_observer" {
    source = "./guests/observer.js"
    config = { owner = var.owner, many = [1, "two", { three = true }] }
  }`;

function main({ inTerraform = "", inProvider = "", size = "small", failOn = "" }: Parts): string {
  return `
terraform {
  ${inTerraform}
  required_providers {
    mockcloud = {
      source = "${mockcloudSource(5)}"
    }
  }
}
variable "owner" {
  default = "team"
}
provider "mockcloud" {
  default_tags = { owner = var.owner }
  fail_on      = [${failOn}]
  ${inProvider}
}
provider "mockcloud" {
  alias  = "far"
  region = "far"
  ${inProvider}
}
resource "mockcloud_instance" "a" {
  name = "a"
  size = "${size}"
}
resource "mockcloud_bucket" "b" {
  provider = mockcloud.far
  name     = mockcloud_instance.a.id
}
module "inner" {
  source = "./modules/inner"
}
output "places" {
  value = [path.root, path.module, basename(path.cwd), module.inner.path, module.inner.text, terraform.workspace]
}
`;
}

const INNER = `
resource "terraform_data" "inner" {
  input = file("\${path.module}/text.txt")
}
output "path" { value = path.module }
output "text" { value = "\${terraform_data.inner.output} \${file("text.txt")}" }
`;

/** The text with as many lines, and nothing on them. */
const blank = (text: string): string => text.replace(/[^\n]/g, "");

/** One configuration, and the same without any trace of integrations but empty lines. */
function pair(parts: Parts) {
  const without = {
    ...parts,
    inTerraform: blank(parts.inTerraform ?? ""),
    inProvider: blank(parts.inProvider ?? ""),
  };
  return { files: { "main.tf": main(without) }, ours: { ...OBSERVER, "main.tf": main(parts) } };
}

const COMMON = { "modules/inner/main.tf": INNER, "modules/inner/text.txt": "inner", "text.txt": "outer" };

/** terraform_data draws its id by lot. */
function mask(text: string): string {
  return text.replace(/\b[\da-f]{8}(?:-[\da-f]{4}){3}-[\da-f]{12}\b/g, "UUID");
}

await describeLive("integration blocks in the configuration", (core) => {
  it.each([
    ["the terraform block", { inTerraform: OBSERVES }],
    ["provider blocks", { inProvider: IN_PROVIDER }],
    ["both", { inTerraform: OBSERVES, inProvider: IN_PROVIDER }],
  ])("in %s leave a run as it is without them and without Airlock", async (_name, blocks) => {
    const first = pair(blocks);
    const twins = await Twins.make(core, {
      files: { ...first.files, ...COMMON },
      ours: first.ours,
      mask,
      dataIsShadowed: true,
    });
    const change = (parts: Parts): void => {
      const { files, ours } = pair({ ...blocks, ...parts });
      twins.write(files, ours);
    };
    await twins.init();
    await twins.run(["validate"]);
    await twins.run(["plan", "-out=a.tfplan"]);
    const applied = await twins.run(["apply", "a.tfplan"]);
    expect(applied.calls).toBeGreaterThan(5);

    change({ size: "legacy" });
    const changed = await twins.run(["apply"], { input: "yes\n" });
    expect(changed.stdout).toContain("0 added, 1 changed, 0 destroyed");
    change({ size: "impossible" });
    await twins.run(["plan"], { code: 1 });
    change({ failOn: `"configure:local"` });
    await twins.run(["plan"], { code: 1 });
    change({});
    for (const { folder } of [twins.plain, twins.airlock]) mkdirSync(join(folder, "kept"));
    await twins.run(["plan", "-var=owner=other", "-out=kept/b.tfplan", "-destroy"]);
    await twins.run(["destroy", "-auto-approve"]);
  });
});
