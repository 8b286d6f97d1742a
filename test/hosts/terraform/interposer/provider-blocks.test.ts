import { describe, expect, it } from "vitest";
import { ProviderBlocks } from "../../../../src/hosts/terraform/interposer/provider-blocks.js";
import { configured, SOURCE, under } from "./sessions.js";

type Configured = Parameters<typeof configured>[0];

/** The aliases of the blocks that a configuration can come from; each block has one integration, `tagger`. */
function aliasesOf(blocks: readonly Configured[], config: unknown, names = ["tagger"]): (string | null)[] {
  const providers = blocks.map((block) => configured(block));
  const integrations = providers.map(({ alias }) => under({ alias }));
  const found = new ProviderBlocks(providers, integrations, (source) => source).find(SOURCE, names, config);
  return found.map(({ alias }) => alias);
}

const plain: Configured = { alias: null };
const literal: Configured = { alias: "eu", literals: new Map([["region", "eu"]]) };
const evaluated: Configured = { alias: "eu", written: new Set(["region"]) };

describe("the block of a provider configuration", () => {
  it("is not one whose literal says something else", () => {
    expect(aliasesOf([plain, literal], { region: "us" })).toEqual([null]);
  });

  it.each([
    ["a literal", literal],
    ["an expression", evaluated],
  ])("is not one that leaves out what has a value: it stands as %s in another", (_how, eu) => {
    expect(aliasesOf([plain, eu], { region: "eu", tags: { a: "b" }, rules: [] })).toEqual(["eu"]);
    expect(aliasesOf([plain, eu], { region: null })).toContain(null);
  });

  it("stays in doubt where none of them has what the user was asked for", () => {
    expect(aliasesOf([plain, { alias: "eu" }], { token: "typed" })).toEqual([null, "eu"]);
  });

  it("has the integrations that core gave", () => {
    expect(aliasesOf([plain], {}, [])).toEqual([]);
    expect(aliasesOf([plain], {}, ["other"])).toEqual([]);
  });
});
