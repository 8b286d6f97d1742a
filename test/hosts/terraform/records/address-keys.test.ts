import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { instanceKey, parseAddress, withoutKeys } from "../../../../src/hosts/terraform/records/address.js";

/** What `toHCLQuotedString` of OpenTofu 1.12.6 gives. */
const AS_CORE_WRITES: readonly (readonly [key: string, written: string])[] = [
  ["", '""'],
  ["a", '"a"'],
  ['"', '"\\""'],
  ["\\", '"\\\\"'],
  ["\n\r\t", '"\\n\\r\\t"'],
  ["\b\f\u0000\u001b", '"\\u0008\\u000c\\u0000\\u001b"'],
  ["\u007f\u00a0\u00ad", '"\\u007f\\u00a0\\u00ad"'],
  ["\u200b\u202e\ufeff", '"\\u200b\\u202e\\ufeff"'],
  ["\u{E0001}", '"\\U000e0001"'],
  ["größe \u{1F600} 中", '"größe \u{1F600} 中"'],
  ["${", '"$${"'],
  ["$${", '"$$${"'],
  ["%{if}", '"%%{if}"'],
  ["$ { % }", '"$ { % }"'],
  ["<&>/'", '"<&>/\'"'],
  ["\\U00000041", '"\\\\U00000041"'],
];

describe("an instance key", () => {
  it.each(AS_CORE_WRITES)("%j is written as core does, and read again", (key, written) => {
    expect(instanceKey(key)).toBe(`[${written}]`);
    expect(parseAddress(`a.b[${written}]`)?.index).toBe(key);
  });

  it("that is a number has no quotes, and none is nothing", () => {
    expect([instanceKey(0), instanceKey(17), instanceKey(null)]).toEqual(["[0]", "[17]", ""]);
  });

  it("is read from capital hex digits, and stays as it is where an escape is none of core's", () => {
    expect(parseAddress('a.b["\\u00E9\\U0001F600"]')?.index).toBe("é\u{1F600}");
    expect(parseAddress('a.b["\\q"]')?.index).toBe("q");
    expect(parseAddress('a.b["\\U00110000"]')?.index).toBe("");
  });

  it("holds nothing but printed characters, so that no address breaks a line or deceives", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary" }), (key) => {
        expect(instanceKey(key)).not.toMatch(/[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/u);
      }),
    );
  });
});

describe("an address without keys", () => {
  it("is that of the block", () => {
    expect(withoutKeys('module.a["x.y"].module.b[0].data.t.n["]\\"["]')).toBe("module.a.module.b.data.t.n");
    expect(withoutKeys("t.n")).toBe("t.n");
  });

  it("is the same for every key", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary" }), fc.nat(), (one, other) => {
        expect(withoutKeys(`module.m${instanceKey(one)}.t.n${instanceKey(other)}`)).toBe("module.m.t.n");
      }),
    );
  });
});
