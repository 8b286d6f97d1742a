import { describe, expect, it } from "vitest";
import type { ConfiguredResource } from "../../../../src/hosts/terraform/configuration/types.js";
import { ConfigurationBlocks } from "../../../../src/hosts/terraform/stages/configuration-blocks.js";
import { configurationOf, resourceBlock } from "./stage-runs.js";

const blocks = (resources: readonly Partial<ConfiguredResource>[], incomplete = false) =>
  new ConfigurationBlocks(configurationOf({ resources: resources.map(resourceBlock), incomplete }));

const named = (name: string, literal: string): Partial<ConfiguredResource> => ({
  name,
  address: `mock_thing.${name}`,
  literals: new Map([["name", literal]]),
});

describe("the blocks that an object can come from", () => {
  it("are those of its type and mode whose literals are not against it", () => {
    const known = blocks([named("one", "a"), named("two", "b"), { mode: "data", address: "data.mock_thing.one" }]);
    expect(known.find("managed", "mock_thing", { name: "a" })).toEqual([
      { address: "mock_thing.one", single: true, alias: null },
    ]);
    expect(known.find("data", "mock_thing", {}).map(({ address }) => address)).toEqual(["data.mock_thing.one"]);
    expect(known.find("managed", "mock_other", {})).toEqual([]);
  });

  it("are no exact ones when there are several, or instances, or files that could not be read", () => {
    const config = { name: "a" };
    const singles = (known: ConfigurationBlocks) =>
      known.find("managed", "mock_thing", config).map(({ single }) => single);
    expect(singles(blocks([named("one", "a"), named("two", "a")]))).toEqual([false, false]);
    expect(singles(blocks([{ ...named("one", "a"), repeated: true }]))).toEqual([false]);
    expect(singles(blocks([named("one", "a")], true))).toEqual([false]);
    expect(singles(blocks([named("one", "a")]))).toEqual([true]);
  });

  it("have the alias of their provider where the root module tells it", () => {
    const provider = { ...resourceBlock().provider, alias: "eu" };
    const alias = (resource: Partial<ConfiguredResource>) =>
      blocks([resource])
        .find("managed", "mock_thing", {})
        .map((block) => block.alias);
    expect(alias({ provider })).toEqual(["eu"]);
    expect(alias({ provider: { ...provider, modulePath: ["m"] } })).toEqual([undefined]);
  });

  it("are looked for whatever the configuration of the object is", () => {
    const known = blocks([named("one", "a")]);
    for (const config of [null, undefined, "text", 1]) {
      expect(known.find("managed", "mock_thing", config)).toHaveLength(1);
    }
  });
});
