import { expect, it } from "vitest";
import { airlock, airlockReport, type Reported } from "../../support/live/airlock.js";
import { describeLive } from "../../support/live/describe.js";
import { mockcloudSource, PROTOCOLS, withMockcloud, type Protocol } from "../../support/live/mockcloud.js";
import { recorder, takeEvents } from "../../support/live/recorder.js";
import type { Core } from "../../support/live/tools.js";
import { workspace, type Workspace } from "../../support/live/workspace.js";

const ROOT = `
resource "mockcloud_instance" "counted" {
  count = 3
  name  = "counted-\${count.index}"
}
resource "mockcloud_bucket" "same" {
  count = 2
  name  = "same"
}
module "site" {
  source   = "./site"
  for_each = toset(["blue", "a.b[\\"c\\"]"])
  name     = each.key
}
`;

function site(protocol: Protocol): string {
  return `
terraform {
  required_providers {
    mockcloud = {
      source = "${mockcloudSource(protocol)}"
    }
  }
}
variable "name" {
  type = string
}
resource "mockcloud_counter" "page" {
  for_each = toset(["x", "y"])
  name     = "\${var.name}/\${each.key}"
}
`;
}

const MODULES = [`module.site["a.b[\\"c\\"]"]`, `module.site["blue"]`];
const PAGES = MODULES.flatMap((module) => ["x", "y"].map((key) => `${module}.mockcloud_counter.page["${key}"]`));
const COUNTED = [0, 1, 2].map((index) => `mockcloud_instance.counted[${index}]`);
const SAME = [0, 1].map((index) => `mockcloud_bucket.same[${index}]`);
const ALL = [...SAME, ...COUNTED, ...PAGES].sort();

function addresses({ report }: Reported, hook: string): readonly unknown[] {
  return (report?.results ?? []).flatMap((result) => (result.hook === hook ? [result.address] : [])).sort();
}

/** What events of a hook said of where they belong: an address, or all that it can be. */
function told(space: Workspace, hook: string): string[] {
  const events = takeEvents(space).filter(({ method }) => method === hook);
  return events.map(({ params }) => params.address ?? (params.address_candidates ?? []).join(" or ")).sort();
}

async function project(protocol: Protocol, core: Core): Promise<Workspace> {
  const files = { "main.tf": withMockcloud(protocol, ROOT), "site/main.tf": site(protocol) };
  const space = await workspace({ files });
  space.write({ "airlock.hcl": recorder(space) });
  await space.init(core);
  return space;
}

await describeLive("addresses", (core) => {
  it.each(PROTOCOLS)("are exact in the report after plan and apply, on protocol %i", async (protocol) => {
    const space = await project(protocol, core);
    const planned = await airlockReport(space, core, ["plan", "-out=saved.tfplan"]);
    // While they are planned, instances are told by their blocks.
    expect(told(space, "post-plan-resource")).toEqual([
      ...Array<string>(2).fill("mockcloud_bucket.same"),
      ...Array<string>(3).fill("mockcloud_instance.counted"),
      ...Array<string>(4).fill("module.site.mockcloud_counter.page"),
    ]);
    expect(addresses(planned, "pre-plan-resource")).toEqual(ALL);
    expect(addresses(planned, "post-plan-resource")).toEqual(ALL);
    expect(planned.report?.summary.resources).toBe(ALL.length);

    const applied = await airlockReport(space, core, ["apply", "saved.tfplan"]);
    // Two that are planned alike cannot be told apart before they exist.
    const inDoubt = Array<string>(2).fill("mockcloud_bucket.same");
    expect(told(space, "pre-apply-resource")).toEqual([...inDoubt, ...COUNTED, ...PAGES].sort());
    expect(addresses(applied, "pre-apply-resource")).toEqual(ALL);
    expect(addresses(applied, "post-apply-resource")).toEqual(ALL);

    await airlock(space, core, ["plan"]);
    expect(told(space, "post-plan-resource")).toEqual(ALL);
    await airlock(space, core, ["plan", "-refresh-only"]);
    expect(told(space, "post-refresh-resource")).toEqual(ALL);
    await airlock(space, core, ["destroy", "-auto-approve"]);
    expect(told(space, "post-apply-resource")).toEqual(ALL);
  });

  it("follow what core moves", async () => {
    const space = await project(5, core);
    await space.succeed(core, ["apply", "-auto-approve"]);
    const moved = ROOT.replace('"counted" {', '"renamed" {').replace('module "site"', 'module "place"');
    const blocks = `
moved {
  from = mockcloud_instance.counted
  to   = mockcloud_instance.renamed
}
moved {
  from = module.site
  to   = module.place
}
`;
    space.write({ "main.tf": withMockcloud(5, moved + blocks) });
    await space.init(core);
    const { code } = await airlock(space, core, ["plan", "-detailed-exitcode"]);
    expect(code).toBe(2);
    const after = ALL.map((one) => one.replace(".counted", ".renamed").replace("module.site", "module.place")).sort();
    expect(told(space, "post-plan-resource")).toEqual(after);
  });
});
