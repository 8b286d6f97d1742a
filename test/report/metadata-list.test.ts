import { describe, expect, it } from "vitest";
import { listingOf, renderListing } from "../../src/report/metadata-list.js";
import { toTable } from "../../src/report/table.js";

const PLAIN = { columns: null, color: false };

describe("any value as a list", () => {
  it.each([
    [
      [{ a: 1 }, { b: 2, a: 3 }],
      {
        columns: ["a", "b"],
        rows: [
          [1, undefined],
          [3, 2],
        ],
      },
    ],
    [{ a: 1 }, { columns: ["a"], rows: [[1]] }],
    [[1, { a: 1 }], { columns: ["value"], rows: [[1], [{ a: 1 }]] }],
    [[[1], null], { columns: ["value"], rows: [[[1]], [null]] }],
    ["text", { columns: ["value"], rows: [["text"]] }],
    [null, { columns: ["value"], rows: [[null]] }],
    [[], { columns: ["value"], rows: [] }],
  ])("%j has rows and columns", (value, listing) => {
    expect(listingOf(value)).toEqual(listing);
  });

  it("has keys of prototypes as any others", () => {
    expect(listingOf(JSON.parse('[{"__proto__":1},{}]'))).toEqual({ columns: ["__proto__"], rows: [[1], [undefined]] });
  });

  it("is empty as a table without rows, and not as JSON", () => {
    expect(renderListing("table", [], PLAIN)).toBe("");
    expect(renderListing("json", [], PLAIN)).toBe("[]\n");
  });
});

describe("a table", () => {
  it("has its last column cut to fit, others never", () => {
    const text = toTable(["A", "B"], [["x".repeat(30), "y".repeat(100)]], { columns: 60, color: false });
    expect(text.split("\n").map((line) => line.length)).toEqual([33, 60, 0]);
    const narrow = toTable(["A", "B"], [["x".repeat(30), "y".repeat(100)]], { columns: 10, color: false });
    expect(narrow.split("\n")[1]).toHaveLength(52);
  });

  it("is in colour only when it is told so", () => {
    expect(toTable(["A"], [["x"]], { columns: null, color: false })).toBe("A\nx\n");
    expect(toTable(["A"], [["x"]], { columns: null, color: true })).toContain("\u001b[");
  });
});
