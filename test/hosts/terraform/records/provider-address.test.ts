import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { parseProviderAddress } from "../../../../src/hosts/terraform/records/provider-address.js";

const SOURCE = "registry.opentofu.org/hashicorp/time";

describe("the address of a provider configuration", () => {
  it.each([
    [`provider["${SOURCE}"]`, null],
    [`provider["${SOURCE}"].eu`, "eu"],
    [`module.a.provider["${SOURCE}"]`, null],
    [`module.a["x"].module.b.provider["${SOURCE}"].eu`, "eu"],
    [`provider["${SOURCE}"].by_region["eu.west"]`, "by_region"],
    [`provider["${SOURCE}"].by_region["a\\"]"]`, "by_region"],
    [`provider["${SOURCE}"].by_number[2]`, "by_number"],
  ])("%s tells source and alias", (text, alias) => {
    expect(parseProviderAddress(text)).toEqual({ source: SOURCE, alias });
  });

  it.each([
    "",
    "provider",
    "provider[]",
    'provider[""]',
    `provider["${SOURCE}"`,
    `provider["${SOURCE}"].`,
    `provider["${SOURCE}"].a.b`,
    `provider["${SOURCE}"] `,
    `xprovider["${SOURCE}"]`,
    `provider["a\\"b"]`,
    "provider.time",
    "provider.time.eu",
  ])("%j is none", (text) => {
    expect(parseProviderAddress(text)).toBeNull();
  });

  it("is read in time that grows with its length, whatever it holds", () => {
    fc.assert(
      fc.property(
        fc.string({ unit: fc.constantFrom('provider["', '"]', ".", "[", "\\", '"', "a"), maxLength: 60 }),
        (text) => {
          const found = parseProviderAddress(text);
          if (found !== null) expect(text).toContain(`provider["${found.source}"]`);
        },
      ),
    );
    expect(parseProviderAddress(`${"module.a.".repeat(50_000)}provider["${SOURCE}"]`)?.source).toBe(SOURCE);
    expect(parseProviderAddress(`provider["${SOURCE}"]["${"\\a".repeat(50_000)}`)).toBeNull();
  });
});
