import { describe, expect, it } from "vitest";
import type { ProviderIntegration } from "../../../../src/declare/block.js";
import type { ConfiguredProvider, Literals } from "../../../../src/hosts/terraform/configuration/types.js";
import { ProviderBlocks } from "../../../../src/hosts/terraform/interposer/provider-blocks.js";
import { configured, SOURCE, under } from "./sessions.js";

function blocks(
  providers: readonly Partial<ConfiguredProvider>[],
  integrations: readonly Partial<ProviderIntegration>[] = [],
): ProviderBlocks {
  return new ProviderBlocks(providers.map(configured), integrations.map(under), (source) => source);
}

const literals = (values: Record<string, string | number | boolean>): Literals => new Map(Object.entries(values));

describe("the block that a provider configuration comes from", () => {
  it("is the one with the same integrations", () => {
    const known = blocks(
      [{}, { alias: "eu" }, { alias: "us" }],
      [{ name: "a" }, { name: "b" }, { name: "a", alias: "eu" }],
    );
    const find = (...names: string[]) => known.find(SOURCE, names, {}).map(({ key }) => key);
    expect(find("b", "a")).toEqual(["mock"]);
    expect(find("a")).toEqual(["mock.eu"]);
    expect(find()).toEqual(["mock.us"]);
    expect(find("c")).toEqual([]);
    expect(find("a", "b", "c")).toEqual([]);
  });

  it("has no literal against the configuration", () => {
    const known = blocks([
      { literals: literals({ region: "eu", size: 1 }) },
      { alias: "us", literals: literals({ region: "us" }) },
    ]);
    const find = (config: unknown) => known.find(SOURCE, [], config).map(({ key }) => key);
    expect(find({ region: "eu", size: 1 })).toEqual(["mock"]);
    expect(find({ region: "us", size: 1 })).toEqual(["mock.us"]);
    expect(find({ region: "asia" })).toEqual([]);
  });

  it("is not ruled out by what is not known, or is written in another type that core converts", () => {
    const known = blocks([{ literals: literals({ port: "8080", on: "true" }) }]);
    expect(known.find(SOURCE, [], {})).toHaveLength(1);
    expect(known.find(SOURCE, [], null)).toHaveLength(1);
    expect(known.find(SOURCE, [], { port: 8080, on: true })).toHaveLength(1);
    expect(known.find(SOURCE, [], { port: 8081 })).toHaveLength(0);
  });

  it("leaves nothing out that the configuration has", () => {
    const known = blocks([{}, { alias: "eu", written: new Set(["region"]) }]);
    const find = (config: unknown) => known.find(SOURCE, [], config).map(({ key }) => key);
    expect(find({ region: "eu" })).toEqual(["mock.eu"]);
    expect(find({ region: null })).toEqual(["mock", "mock.eu"]);
    expect(find({})).toEqual(["mock", "mock.eu"]);
    // What nobody wrote, core has asked the user for; blocks are no attributes.
    expect(find({ token: "t" })).toEqual(["mock", "mock.eu"]);
    expect(find({ endpoint: [{ url: "u" }] })).toEqual(["mock", "mock.eu"]);
  });

  it("may be one of several", () => {
    expect(blocks([{}, { alias: "eu" }]).find(SOURCE, [], {})).toHaveLength(2);
  });

  it("is none of another provider", () => {
    expect(blocks([{}]).find("example.com/a/mock", [], {})).toEqual([]);
  });
});

describe("integrations of a provider", () => {
  const known = blocks([{}, { alias: "eu" }, { localName: "other", source: "example.com/a/other" }], [{ alias: "eu" }]);

  it("are there when one of its blocks has any", () => {
    expect(known.hasIntegrations(SOURCE)).toBe(true);
    expect(known.hasIntegrations("example.com/a/other")).toBe(false);
    expect(known.hasIntegrations("example.com/a/third")).toBe(false);
    expect(known.declaredSources).toEqual([SOURCE]);
  });

  it("belong to the block of their name and alias", () => {
    const [none] = known.find(SOURCE, [], {});
    const [eu] = known.find(SOURCE, ["tagger"], {});
    expect([none?.integrations.length, eu?.integrations.length, eu?.alias]).toEqual([0, 1, "eu"]);
  });

  it("are found by the whole source address, whatever the configuration calls it", () => {
    const named = new ProviderBlocks(
      [configured({ source: "hashicorp/mock" })],
      [under()],
      (source) => `r.example/${source}`,
    );
    expect(named.declaredSources).toEqual(["r.example/hashicorp/mock"]);
    expect(named.find("r.example/hashicorp/mock", ["tagger"], {})).toMatchObject([{ key: "mock" }]);
    expect(named.hasIntegrations("hashicorp/mock")).toBe(false);
  });
});
