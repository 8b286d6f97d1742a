import { describe, expect, it } from "vitest";
import { readPlanArchive } from "../../../../src/hosts/terraform/records/plan-archive.js";
import { aliasesIn } from "../../../../src/hosts/terraform/stages/plan-aliases.js";
import { planBytes, planFile } from "../records/archives.js";
import type { ArchiveParts } from "../records/archives.js";
import { resource, stateBytes } from "../records/states.js";

const SOURCE = "registry.opentofu.org/hashicorp/mock";
const EAST = `provider["${SOURCE}"].east`;
const WEST = `provider["${SOURCE}"].west`;

function stateOf(provider: string): string {
  return stateBytes([resource({ provider })]).toString();
}

async function aliasOf(parts: ArchiveParts | null, address: string | null = "mock_thing.one"): Promise<string | null> {
  const archive = parts === null ? null : await readPlanArchive(planFile(planBytes(parts)));
  return aliasesIn(archive)({ address, provider: { source: SOURCE, alias: "told" } }).provider.alias;
}

describe("the alias of a resource's provider configuration", () => {
  it("is that of its change in the plan, whatever the state says", async () => {
    expect(await aliasOf({ changes: [{ provider: EAST }], state: stateOf(WEST) })).toBe("east");
  });

  it("is that of the state where the plan leaves the resource aside", async () => {
    expect(await aliasOf({ state: stateOf(WEST) })).toBe("west");
  });

  it("is none where the state says so", async () => {
    expect(await aliasOf({ state: stateOf(`provider["${SOURCE}"]`) })).toBeNull();
  });

  it.each([
    ["neither names the resource", { state: stateOf(WEST) }, "mock_thing.other"],
    ["the state cannot be read", { state: "{" }, "mock_thing.one"],
    ["the plan is encrypted", null, "mock_thing.one"],
    ["the address is not known", { changes: [{ provider: EAST }] }, null],
  ])("stays as the plan's JSON told it where %s", async (_where, parts, address) => {
    expect(await aliasOf(parts, address)).toBe("told");
  });
});
