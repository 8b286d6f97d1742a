import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { formatAddress, instanceKey, parseAddress } from "../../../../src/hosts/terraform/records/address.js";
import type { AddressParts } from "../../../../src/hosts/terraform/records/address.js";

const name = fc.stringMatching(/^[a-z_][a-z0-9_-]{0,8}$/).filter((text) => text !== "module" && text !== "data");
/** Keys that look like everything else in an address. */
const hostile = fc.constantFrom(
  ...['"', "\\", "${", "$${", "%{x}", "a.b", "[0]", '["a"]', "module.a", "\\U00000041", "\\u0041", "\\n"],
  ...["\n\r\t", "\u0000", "\b\f", "\u00a0", "\u200b", "\u202e", "größe", "\u{1F600}", "\u{E0001}", "", "$", "{", "]"],
);
const key = fc.oneof(fc.nat(1_000_000), fc.string({ unit: "grapheme" }), hostile);
const moduleStep = fc.tuple(name, fc.option(key)).map(([own, at]) => `module.${own}${instanceKey(at)}`);
const parts: fc.Arbitrary<AddressParts> = fc.record({
  module: fc.option(fc.array(moduleStep, { minLength: 1, maxLength: 3 }).map((steps) => steps.join("."))),
  mode: fc.constantFrom("managed", "data"),
  type: name,
  name,
  index: fc.option(key),
});

describe("an address", () => {
  it("has the parts that it was made of, whatever its keys hold", () => {
    fc.assert(
      fc.property(parts, (given) => {
        expect(parseAddress(formatAddress(given))).toEqual(given);
      }),
    );
  });

  it("is read in every form that core writes", () => {
    const plain = { module: null, mode: "managed", type: "aws_instance", name: "web", index: null };
    expect(parseAddress("aws_instance.web")).toEqual(plain);
    expect(parseAddress("aws_instance.web[3]")).toEqual({ ...plain, index: 3 });
    expect(parseAddress('aws_instance.web["3"]')).toEqual({ ...plain, index: "3" });
    expect(parseAddress("data.aws_instance.web")).toEqual({ ...plain, mode: "data" });
    expect(parseAddress('module.a.module.b["x.y"].data.aws_instance.web[0]')).toEqual({
      ...plain,
      module: 'module.a.module.b["x.y"]',
      mode: "data",
      index: 0,
    });
  });

  it("of a resource that is named like a keyword is read as one", () => {
    expect(parseAddress("null_resource.module")).toMatchObject({ type: "null_resource", name: "module" });
    expect(parseAddress("module.data.null_resource.data")).toMatchObject({ module: "module.data", name: "data" });
    expect(parseAddress("module.module.data.t.module")).toMatchObject({
      module: "module.module",
      mode: "data",
      type: "t",
      name: "module",
    });
  });

  it.each([
    "",
    ".",
    "a",
    "a.",
    ".a.b",
    "a..b",
    "a.b.",
    "module.a",
    "module.a.b",
    "data.a",
    "a.b.c",
    "a.b[",
    "a.b[]",
    "a.b[x]",
    "a.b[-1]",
    'a.b["x]',
    'a.b["x\\"]',
    'a.b"x"',
    'a.b["x"]c',
    "ephemeral.a.b",
    "a.b[0][1]",
  ])("%j is none", (text) => {
    expect(parseAddress(text)).toBeNull();
  });

  it("that is no address is told from one without going wrong, whatever it holds", () => {
    fc.assert(
      fc.property(
        fc.string({ unit: fc.constantFrom(...'ab.[]"\\0${ module data'.split("")), maxLength: 40 }),
        (text) => {
          const found = parseAddress(text);
          if (found !== null) expect([found.type, found.name].every((part) => part !== "")).toBe(true);
        },
      ),
    );
  });

  it("of great length is read in time that grows with it", () => {
    const deep = `${"module.m.".repeat(20_000)}a.b["${"\\\\".repeat(50_000)}"]`;
    expect(parseAddress(deep)?.index).toBe("\\".repeat(50_000));
    expect(parseAddress(`${deep}x`)).toBeNull();
  });
});
