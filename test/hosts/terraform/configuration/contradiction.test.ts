import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { contradicts } from "../../../../src/hosts/terraform/configuration/contradiction.js";
import type { JsonValue } from "../../../../src/declare/literal.js";

const UNKNOWN = [undefined, Symbol("unknown"), new Map(), new Uint8Array(1)];

describe("a literal contradicts", () => {
  test.each<[JsonValue, unknown]>([
    ["a", "b"],
    ["a", ""],
    ["a", null],
    [null, "a"],
    [null, 0],
    [1, 2],
    [1, "2"],
    [true, false],
    [true, "false"],
    [["a"], ["b"]],
    [["a"], []],
    [["a"], ["a", "b"]],
    [["a", "b"], ["a"]],
    [{ a: 1 }, { a: 2 }],
    [{ a: 1 }, { a: 1, b: 2 }],
    [{ a: 1 }, { a: null }],
    [{ a: { b: [1] } }, { a: { b: [2] } }],
    [[{ a: 1 }], [{ a: 2 }]],
  ])("%j and %j", (literal, value) => {
    expect(contradicts(literal, value)).toBe(true);
  });
});

describe("a literal may have become", () => {
  test.each<[JsonValue, unknown]>([
    ["a", "a"],
    [1, "1"],
    [1, 1n],
    ["1", 1],
    ["1.50", 1.5],
    ["true", true],
    ["1", true],
    [false, "false"],
    [1e21, "1000000000000000000000"],
    ["e\u0301", "\u00e9"],
    ["a\r\nb", "a\nb"],
    [null, null],
    [null, []],
    [
      ["b", "a", "a"],
      ["a", "b"],
    ],
    [["a"], "no list"],
    [{ a: 1 }, [{ a: 1, b: "block" }]],
    [{ a: 1, b: 2 }, { a: 1 }],
    [{ a: 1 }, { a: "1", b: null, c: [], d: {} }],
    ["a", ["a"]],
    [Array.from({ length: 100 }, () => "a"), ["b"]],
  ])("%j -> %o", (literal, value) => {
    expect(contradicts(literal, value)).toBe(false);
  });

  test.each(UNKNOWN)("something unknown: %o", (unknown) => {
    for (const literal of ["a", 1, true, null, ["a"], { a: 1 }]) expect(contradicts(literal, unknown)).toBe(false);
    expect(contradicts({ a: "x" }, { a: unknown })).toBe(false);
    expect(contradicts(["x"], [unknown])).toBe(false);
  });
});

test("no value contradicts itself, nor what conversion to strings and sets makes of it", () => {
  const asStrings = (value: JsonValue): JsonValue => {
    if (typeof value === "number" || typeof value === "boolean") return String(value);
    if (Array.isArray(value)) return [...(value as readonly JsonValue[])].reverse().map(asStrings);
    if (typeof value !== "object" || value === null) return value;
    return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, asStrings(item)]));
  };
  const json = fc.jsonValue({ maxDepth: 3 }).map((value) => JSON.parse(JSON.stringify(value)) as JsonValue);
  fc.assert(
    fc.property(json, (value) => {
      expect(contradicts(value, value)).toBe(false);
      expect(contradicts(value, asStrings(value))).toBe(false);
    }),
    { numRuns: 500 },
  );
});
