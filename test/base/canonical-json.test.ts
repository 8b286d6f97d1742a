import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { canonicalJson } from "../../src/base/canonical-json.js";

/** The same value with the keys of every object in another order. */
function turned(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(turned);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .reverse()
      .map(([key, part]) => [key, turned(part)]),
  );
}

describe("canonical JSON", () => {
  it("is one text for equal values, whatever the order of their keys", () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        expect(canonicalJson(turned(value))).toBe(canonicalJson(value));
      }),
    );
  });

  it("is the value again", () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        expect(JSON.parse(canonicalJson(value))).toEqual(JSON.parse(JSON.stringify(value)));
      }),
    );
  });

  it("tells lists of another order, texts from numbers, and null from absent apart", () => {
    const texts = [[1, 2], [2, 1], ["1", 2], { a: null }, {}, { a: {} }, { a: [] }, [[1], 2], null, "null", false];
    expect(new Set(texts.map(canonicalJson)).size).toBe(texts.length);
  });

  it("keeps a key __proto__ as a key", () => {
    const odd: unknown = JSON.parse('{"b":1,"__proto__":{"a":1}}');
    expect(canonicalJson(odd)).toBe('{"__proto__":{"a":1},"b":1}');
    expect(canonicalJson(odd)).not.toBe(canonicalJson({ b: 1 }));
  });

  it("leaves the value as it is", () => {
    const value = { b: 1, a: { d: 1, c: 2 } };
    canonicalJson(value);
    expect(JSON.stringify(value)).toBe('{"b":1,"a":{"d":1,"c":2}}');
  });
});
