import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { PlannedValues } from "../../../../src/hosts/terraform/records/planned-values.js";

const one = (value: unknown, unknown: unknown = {}, found = "one") => ({ planned: { value, unknown }, found });

function finds(value: unknown, unknown: unknown, real: unknown): boolean {
  return new PlannedValues([one(value, unknown)]).find(real).length === 1;
}

describe("a planned value", () => {
  it("is found by the same value, whatever the order of keys", () => {
    expect(finds({ a: 1, b: { c: [1, "x", null], d: true } }, {}, { b: { d: true, c: [1, "x", null] }, a: 1 })).toBe(
      true,
    );
  });

  it.each<[string, unknown]>([
    ["another value", { a: 2, b: [1, 2] }],
    ["another type", { a: "1", b: [1, 2] }],
    ["another order", { a: 1, b: [2, 1] }],
    ["a longer list", { a: 1, b: [1, 2, 3] }],
    ["a missing part", { a: 1 }],
    ["null", null],
    ["a text", "a"],
  ])("is not found by %s", (_, real) => {
    expect(finds({ a: 1, b: [1, 2] }, {}, real)).toBe(false);
  });

  it("that is wholly unknown is found by any value", () => {
    fc.assert(
      fc.property(fc.jsonValue(), (real) => {
        expect(finds(null, true, real)).toBe(true);
      }),
    );
  });

  it.each<[string, unknown, unknown, unknown, unknown]>([
    ["an attribute", { a: 1 }, { b: true }, { a: 1, b: "now" }, { a: 2, b: "now" }],
    ["an element", { a: [1, null] }, { a: [false, true] }, { a: [1, 2] }, { a: [2, 2] }],
    ["a part of an object", { a: { b: 1 } }, { a: { c: true } }, { a: { b: 1, c: 5 } }, { a: { b: 2, c: 5 } }],
    ["a key of a map", { a: { x: 1 } }, { a: { y: true } }, { a: { x: 1, y: 2 } }, { a: { x: 2, y: 2 } }],
    [
      "a part of a block in a list",
      { a: [{ b: 1 }, { b: 2 }] },
      { a: [{ c: true }, { c: true }] },
      {
        a: [
          { b: 1, c: "x" },
          { b: 2, c: "y" },
        ],
      },
      {
        a: [
          { b: 1, c: "x" },
          { b: 3, c: "y" },
        ],
      },
    ],
    ["the number of elements", { a: [null] }, { a: [true] }, { a: [7] }, { a: [7, 8] }],
  ])("with %s unknown is found by what it can become, and by nothing else", (_, value, unknown, fits, not) => {
    expect(finds(value, unknown, fits)).toBe(true);
    expect(finds(value, unknown, not)).toBe(false);
  });

  it("that was to be an object or a list is not found by what is neither", () => {
    expect(finds({ a: { b: 1 } }, { a: { c: true } }, { a: "text" })).toBe(false);
    expect(finds({ a: [1, null] }, { a: [false, true] }, { a: { 0: 1, 1: 2 } })).toBe(false);
    expect(finds({ a: [1, null] }, { a: [false, true] }, { a: null })).toBe(false);
  });

  it("is always found by what it becomes, wherever it was unknown", () => {
    fc.assert(
      fc.property(
        fc.dictionary(fc.constantFrom("a", "b", "c", "d"), fc.jsonValue({ maxDepth: 2 })),
        fc.func(fc.boolean()),
        (real, isUnknown) => {
          const marks = Object.keys(real).filter((name) => isUnknown(name));
          const known = Object.fromEntries(Object.entries(real).filter(([name]) => !marks.includes(name)));
          expect(finds(known, Object.fromEntries(marks.map((name) => [name, true])), real)).toBe(true);
        },
      ),
    );
  });
});

describe("many planned values", () => {
  it("that look alike are all found", () => {
    const alike = ["a", "b", "c"].map((found) => one({ size: 1 }, { id: true }, found));
    expect(new PlannedValues([...alike, one({ size: 2 }, { id: true }, "d")]).find({ id: "i", size: 1 })).toEqual([
      "a",
      "b",
      "c",
    ]);
  });

  it("of which some know less are found by what each of them knows", () => {
    const values = new PlannedValues([
      one({ name: "a", size: 1 }, {}, "knows all"),
      one({ size: 1 }, { name: true }, "knows no name"),
      one({ name: "b", size: 1 }, {}, "is another"),
    ]);
    expect(values.find({ name: "a", size: 1 })).toEqual(["knows all", "knows no name"]);
    expect(values.find({ name: "c", size: 1 })).toEqual(["knows no name"]);
  });

  it("that are none find nothing", () => {
    expect(new PlannedValues([]).find({ a: 1 })).toEqual([]);
  });

  /** How often a value is looked into until it is found among these. */
  function looks(count: number, size: (index: number) => number): number {
    const values = new PlannedValues(
      Array.from({ length: count }, (_, index) =>
        one({ name: "same", size: size(index) }, { id: true }, String(index)),
      ),
    );
    let looked = 0;
    const real = {
      id: "i",
      name: "same",
      get size() {
        looked += 1;
        return 1;
      },
    };
    expect(values.find(real)).not.toHaveLength(0);
    return looked;
  }

  it("are not compared one by one: 10,000 take no more looks than 10", () => {
    expect(looks(10_000, (index) => index)).toBe(looks(10, (index) => index));
  });

  it("are compared once when nothing tells them apart: 10,000 take no more looks than one", () => {
    expect(looks(10_000, () => 1)).toBe(looks(1, () => 1));
  });

  it("are compared only with those that know the same", () => {
    expect(looks(10_000, (index) => index % 1000)).toBe(looks(20, (index) => index % 2));
  });
});
