import { expect, it } from "vitest";
import { airlockReport } from "../../support/live/airlock.js";
import { describeLive } from "../../support/live/describe.js";
import { PROTOCOLS, mockcloudSource } from "../../support/live/mockcloud.js";
import type { Protocol } from "../../support/live/mockcloud.js";
import { recorder, takeRecorded } from "../../support/live/recorder.js";
import type { Recorded, RecorderOptions } from "../../support/live/recorder.js";
import { workspace } from "../../support/live/workspace.js";
import type { Workspace } from "../../support/live/workspace.js";

const REQUIRED = (protocol: Protocol): string => `
terraform {
  required_providers {
    mockcloud = { source = "${mockcloudSource(protocol)}" }
  }
}
`;

const RESOURCES = `
resource "mockcloud_instance" "home" {
  name = "home"
}
resource "mockcloud_instance" "abroad" {
  provider = mockcloud.eu
  name     = "abroad"
}
module "branch" {
  source    = "./branch"
  providers = { mockcloud = mockcloud.eu }
}
`;

const BRANCH = `
resource "mockcloud_bucket" "files" {
  name = "files"
}
`;

const TAGGER: RecorderOptions = {
  name: "tagger",
  hooks: ["post-plan-resource", "plan-stage-complete", "post-apply-resource"],
  config: `required_tags = [var.owner_tag]`,
};

/** Two configurations of one provider, each with a tagger of its own. */
function providers(space: Workspace, eu: RecorderOptions, region = `region = "eu"`): string {
  return `
variable "owner_tag" {
  default = "owner"
}
provider "mockcloud" {
  region = "us"
  ${recorder(space, TAGGER)}
}
provider "mockcloud" {
  alias  = "eu"
  ${region}
  ${recorder(space, eu)}
}
`;
}

/** Which tagger was told of which addresses by a hook. */
function seen(events: readonly Recorded[], hook: string): Record<string, string[]> {
  const all: Record<string, string[]> = {};
  for (const { who, method, params } of events) {
    if (method !== hook) continue;
    (all[who.provider ?? "project"] ??= []).push(params.address ?? String(params.address_candidates));
  }
  return Object.fromEntries(Object.entries(all).map(([key, addresses]) => [key, addresses.sort()]));
}

const OWN = {
  mockcloud: ["mockcloud_instance.home"],
  "mockcloud.eu": ["mockcloud_instance.abroad", "module.branch.mockcloud_bucket.files"],
};

await describeLive("an integration under a provider", (core) => {
  it.each(PROTOCOLS)("sees the resources of its own provider configuration alone, on protocol %i", async (protocol) => {
    const space = await workspace({ files: {} });
    space.write({
      "main.tf": REQUIRED(protocol) + providers(space, TAGGER) + RESOURCES,
      "branch/main.tf": REQUIRED(protocol) + BRANCH,
    });
    await space.init(core);
    const { code, report } = await airlockReport(space, core, ["apply", "-auto-approve", "-var=owner_tag=team"]);
    expect(code).toBe(0);
    const events = takeRecorded(space);
    expect(seen(events, "post-plan-resource")).toEqual(OWN);
    expect(seen(events, "post-apply-resource")).toEqual(OWN);
    const views = events.filter(({ method }) => method === "plan-stage-complete");
    const viewed = views.map(({ who, params }) => [
      who.provider,
      params.resources?.map(({ address }) => address).sort(),
    ]);
    expect(Object.fromEntries(viewed)).toEqual(OWN);
    expect(report?.integrations.map(({ name, provider }) => [name, provider]).sort()).toEqual([
      ["tagger", "mockcloud"],
      ["tagger", "mockcloud.eu"],
    ]);
    const starts = events.filter(({ method }) => method === "initialize");
    // One guest for each, though core plans and applies with sessions of their own.
    expect(starts).toHaveLength(2);
    expect(starts.map(({ params }) => params["config"])).toEqual([
      expect.objectContaining({ required_tags: ["team"] }),
      expect.objectContaining({ required_tags: ["team"] }),
    ]);
  });

  it("has a guest of its own under each of two configurations that are the same", async () => {
    const space = await workspace({ files: {} });
    space.write({
      "main.tf": REQUIRED(6) + providers(space, TAGGER, `region = "us"`) + RESOURCES,
      "branch/main.tf": REQUIRED(6) + BRANCH,
    });
    await space.init(core);
    const { code, report } = await airlockReport(space, core, ["plan"]);
    expect(code).toBe(0);
    const events = takeRecorded(space);
    expect(events.filter(({ method }) => method === "initialize")).toHaveLength(2);
    // Which is which cannot be told, but each sees what one configuration has and nothing else.
    const groups = Object.values(seen(events, "post-plan-resource")).sort((one, other) => one.length - other.length);
    expect(groups).toEqual(Object.values(OWN));
    expect(report?.verdict).toBe("pass");
  });

  it("stops what its own provider makes, and core names the resource", async () => {
    const space = await workspace({ files: {} });
    const strict = { ...TAGGER, say: [{ hook: "post-plan-resource", status: "fail", message: "no owner" }] } as const;
    space.write({
      "main.tf": REQUIRED(5) + providers(space, strict) + RESOURCES,
      "branch/main.tf": REQUIRED(5) + BRANCH,
    });
    await space.init(core);
    const { code, stderr, report } = await airlockReport(space, core, ["plan", "-no-color"]);
    expect(code).toBe(1);
    expect(stderr).toContain("Error: tagger (provider mockcloud.eu): no owner");
    expect(stderr).toContain("with mockcloud_instance.abroad");
    expect(stderr).not.toContain("with mockcloud_instance.home");
    expect(report?.verdict).toBe("fail");
  });
});
