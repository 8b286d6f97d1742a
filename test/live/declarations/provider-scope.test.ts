import { resolve } from "node:path";
import { expect, it } from "vitest";
import { airlock, airlockReport } from "../../support/live/airlock.js";
import { describeLive } from "../../support/live/describe.js";
import { mockcloudSource, PROTOCOLS, type Protocol } from "../../support/live/mockcloud.js";
import { recorder, takeEvents, takeRecorded, type Recorded } from "../../support/live/recorder.js";
import type { Core } from "../../support/live/tools.js";
import { workspace, type Workspace } from "../../support/live/workspace.js";

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

const GIVEN = `
variable "owner" {
  default = "blue team"
}
locals {
  region = "eu"
}
`;

const RESOURCES = `
resource "mockcloud_instance" "home" {
  name = "home"
}
resource "mockcloud_instance" "away" {
  count    = 2
  name     = "away-\${count.index}"
  provider = mockcloud.eu
}
data "mockcloud_image" "away" {
  name     = "away"
  provider = mockcloud.eu
}
resource "mockcloud_bucket" "none" {
  name     = "none"
  provider = mockcloud.bare
}
resource "terraform_data" "inside" {
}
module "site" {
  source = "./site"
  providers = {
    mockcloud       = mockcloud.eu
    mockcloud.other = mockcloud
  }
}
`;

const MODULE = `
resource "mockcloud_counter" "first" {
  name = "first"
}
resource "mockcloud_counter" "second" {
  name     = "second"
  provider = mockcloud.other
}
`;

const HOME = ["mockcloud_instance.home", "module.site.mockcloud_counter.second"];
const AWAY = ["mockcloud_instance.away[0]", "mockcloud_instance.away[1]", "module.site.mockcloud_counter.first"];

function files(space: Workspace, protocol: Protocol) {
  const asked = `hooks = ["pre-configure-provider", "post-plan-resource", "post-apply-resource", "post-read-data", "plan-stage-complete", "apply-stage-complete"]`;
  const providers = `
provider "mockcloud" {
  region = "home"
  ${recorder(space, { config: `who = [var.owner, "home"]` })}
}
provider "mockcloud" {
  alias  = "eu"
  region = local.region
  ${recorder(space, { config: "who = [local.region, length(var.owner)]", body: asked })}
}
provider "mockcloud" {
  alias  = "bare"
  region = "bare"
}
`;
  return {
    "main.tf": required(protocol) + GIVEN + providers + RESOURCES,
    "site/main.tf": required(protocol, "configuration_aliases = [mockcloud.other]") + MODULE,
  };
}

async function project(protocol: Protocol, core: Core): Promise<Workspace> {
  const space = await workspace({ files: {} });
  space.write(files(space, protocol));
  await space.init(core);
  return space;
}

/** The addresses that the integration under a provider was told of in a hook. */
function told(events: readonly Recorded[], provider: string, hook: string): unknown[] {
  const own = events.filter(({ who, method }) => who.provider === provider && method === hook);
  return own.map(({ params }) => params.address).sort();
}

function whole(events: readonly Recorded[], provider: string, hook: string): unknown[] {
  const [event] = events.filter(({ who, method }) => who.provider === provider && method === hook);
  return (event?.params.resources ?? []).map(({ address }) => address).sort();
}

await describeLive("an integration under a provider", (core) => {
  it.each(PROTOCOLS)("sees what belongs to its configuration, also in modules, on protocol %i", async (protocol) => {
    const space = await project(protocol, core);
    const applied = await airlock(space, core, ["apply", "-auto-approve"]);
    expect(applied).toMatchObject({ code: 0 });
    const records = takeRecorded(space);
    const starts = records.filter(({ method }) => method === "initialize");
    expect(starts.map(({ params }) => params).map(({ integration, config }) => ({ integration, config }))).toEqual(
      expect.arrayContaining([
        {
          integration: { name: "recorder", scope: "provider", provider: "mockcloud" },
          config: expect.objectContaining({ who: ["blue team", "home"] }) as unknown,
        },
        {
          integration: { name: "recorder", scope: "provider", provider: "mockcloud.eu" },
          config: expect.objectContaining({ who: ["eu", 9] }) as unknown,
        },
      ]),
    );
    // Guests live on from plan to apply.
    expect(starts).toHaveLength(2);
    expect(told(records, "mockcloud", "post-apply-resource")).toEqual(HOME);
    expect(told(records, "mockcloud.eu", "post-apply-resource")).toEqual(AWAY);
    expect(told(records, "mockcloud.eu", "pre-apply-resource")).toEqual([]);
    expect(told(records, "mockcloud", "post-read-data")).toEqual([]);
    expect(told(records, "mockcloud.eu", "post-read-data")).toEqual(["data.mockcloud_image.away"]);
    expect(whole(records, "mockcloud", "plan-stage-complete")).toEqual(HOME);
    expect(whole(records, "mockcloud.eu", "plan-stage-complete")).toEqual(["data.mockcloud_image.away", ...AWAY]);
    expect(whole(records, "mockcloud.eu", "apply-stage-complete")).toEqual(["data.mockcloud_image.away", ...AWAY]);
    for (const { who, params } of records.filter(({ params: { run } }) => run !== undefined)) {
      if (params.provider !== undefined) {
        expect(params.provider.alias).toBe(who.provider === "mockcloud" ? null : "eu");
      }
    }

    // The provider itself never hears of it, and plain core's state is as ever.
    const regions = space
      .calls()
      .flatMap(({ method, name, region }) => (method === "create" ? [`${name} ${region}`] : []));
    expect(regions.sort()).toEqual(["away-0 eu", "away-1 eu", "first eu", "home home", "none bare", "second home"]);
    expect((await airlock(space, core, ["plan", "-detailed-exitcode"])).code).toBe(0);
    const again = takeEvents(space);
    expect(told(again, "mockcloud", "post-refresh-resource")).toEqual(HOME);
    expect(told(again, "mockcloud.eu", "post-plan-resource")).toEqual(AWAY);

    // What stands in the configuration no longer still belongs to its provider's configuration.
    const { "main.tf": main } = files(space, protocol);
    space.write({ "main.tf": main.slice(0, main.indexOf("resource ")) });
    expect((await airlock(space, core, ["plan"])).code).toBe(0);
    const removed = takeEvents(space);
    expect(told(removed, "mockcloud", "post-plan-resource")).toEqual(HOME);
    expect(told(removed, "mockcloud.eu", "post-plan-resource")).toEqual(AWAY);
    expect(whole(removed, "mockcloud", "plan-stage-complete")).toEqual(HOME);
    expect(whole(removed, "mockcloud.eu", "plan-stage-complete")).toEqual(AWAY);

    space.write({ "main.tf": main });
    expect(await airlock(space, core, ["destroy", "-auto-approve"])).toMatchObject({ code: 0 });
    const destroyed = takeEvents(space);
    expect(told(destroyed, "mockcloud", "post-plan-resource")).toEqual(HOME);
    expect(told(destroyed, "mockcloud", "pre-apply-resource")).toEqual(HOME);
    expect(told(destroyed, "mockcloud.eu", "post-apply-resource")).toEqual(AWAY);
  });

  it("tags what its own provider makes: required-tags with a variable's value", async () => {
    const tagger = (tags: string) => `integration "tagger" {
    source = ${JSON.stringify(resolve("integrations/required-tags"))}
    config = { required_tags = ${tags} }
  }`;
    const main = `${required(5)}
variable "tag" {
  default = "owner"
}
provider "mockcloud" {
  ${tagger("[var.tag]")}
}
provider "mockcloud" {
  alias  = "eu"
  region = "eu"
  ${tagger(`["cost-center"]`)}
}
resource "mockcloud_instance" "tagged" {
  name = "tagged"
  tags = { owner = "us" }
}
resource "mockcloud_instance" "away" {
  name     = "away"
  tags     = { owner = "us" }
  provider = mockcloud.eu
}
`;
    const space = await workspace({ files: { "main.tf": main } });
    await space.init(core);
    const { code, stderr, report } = await airlockReport(space, core, ["plan", "-no-color"]);
    expect(code).toBe(1);
    expect(stderr).toContain("Error: tagger (provider mockcloud.eu): missing tags: cost-center");
    expect(stderr).toContain("with mockcloud_instance.away,");
    expect(stderr).toContain('tags     = { owner = "us" }');
    expect(stderr).not.toContain("mockcloud_instance.tagged");
    const judged = report?.results.map(({ provider, address, status }) => [provider, address, status]);
    expect(judged).toEqual(
      expect.arrayContaining([
        ["mockcloud", "mockcloud_instance.tagged", "success"],
        ["mockcloud.eu", "mockcloud_instance.away", "fail"],
      ]),
    );
    expect(judged).toHaveLength(2);
    const narrow = await airlock(space, core, ["plan", "-no-color", "-var=tag=team"]);
    expect(narrow.stderr).toContain("Error: tagger (provider mockcloud): missing tags: team");
  });

  it("is a guest of its own under each of two configurations that look the same", async () => {
    const space = await workspace({ files: {} });
    const main = `${required(6)}
provider "mockcloud" {
  ${recorder(space)}
}
provider "mockcloud" {
  alias = "twin"
  ${recorder(space)}
}
resource "mockcloud_instance" "one" {
  name = "one"
}
resource "mockcloud_instance" "two" {
  name     = "two"
  provider = mockcloud.twin
}
`;
    space.write({ "main.tf": main });
    await space.init(core);
    for (const args of [["apply", "-auto-approve"], ["plan"], ["destroy", "-auto-approve"]]) {
      const { code, report } = await airlockReport(space, core, args);
      expect({ args, code }).toEqual({ args, code: 0 });
      expect(report?.integrations.map(({ name, provider }) => `${name} ${String(provider)}`).sort()).toEqual([
        "recorder mockcloud",
        "recorder mockcloud.twin",
      ]);
      const events = takeEvents(space);
      const last = args[0] === "plan" ? "post-plan-resource" : "post-apply-resource";
      expect(told(events, "mockcloud", last)).toEqual(["mockcloud_instance.one"]);
      expect(told(events, "mockcloud.twin", last)).toEqual(["mockcloud_instance.two"]);
    }
  });
});
