import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { toCsv } from "../../src/report/csv.js";

function cell(value: unknown): string {
  return toCsv(["c"], [[value]])
    .split("\n")
    .slice(1, -1)
    .join("\n");
}

/** Cells of one line, as RFC 4180 has them. */
function parseLine(line: string): string[] {
  return [...`,${line}`.matchAll(/,(?:"((?:[^"]|"")*)"|([^",]*))/g)].map(([, quoted, plain]) => {
    return quoted === undefined ? (plain ?? "") : quoted.replaceAll('""', '"');
  });
}

describe("a cell of CSV", () => {
  it.each(["=1+1", "+1", "-1+cmd|' /C calc'!A0", "@SUM(A1)"])("is no formula in a spreadsheet: %s", (text) => {
    expect(parseLine(cell(text))).toEqual([`'${text}`]);
  });

  it.each(["\t=1", "\r=1"])("has no control characters that hide one: %j", (text) => {
    expect(parseLine(cell(text))[0]).toMatch(/^\\u00/);
  });

  it("leaves numbers what they are", () => {
    expect(toCsv(["a", "b", "c"], [[-5, 1.5, 0]])).toBe("a,b,c\n-5,1.5,0\n");
  });

  it("is empty for what is not there, and JSON for what is no text", () => {
    expect(toCsv(["a", "b", "c"], [[null, undefined, { x: [1] }]])).toBe('a,b,c\n,,"{""x"":[1]}"\n');
  });

  it("is one cell whatever stands in it", () => {
    fc.assert(
      fc.property(fc.array(fc.string(), { minLength: 1 }), (texts) => {
        const line = toCsv(["c"], [texts]).split("\n").slice(1, -1);
        expect(line).toHaveLength(1);
        expect(parseLine(line[0] ?? "")).toHaveLength(texts.length);
      }),
    );
  });
});
