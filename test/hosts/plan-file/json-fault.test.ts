import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { findJsonFault } from "../../../src/hosts/plan-file/json-fault.js";

function parses(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

describe("findJsonFault", () => {
  it.each([
    ['{"a":1,}', 1, 8],
    ['{"a" 1}', 1, 6],
    ["[1 2]", 1, 4],
    ["[1,\n 2,\n x]", 3, 2],
    ['{"a":01}', 1, 7],
    ['"\\x"', 1, 2],
    ['"a\nb"', 1, 3],
    ["{}{}", 1, 3],
    ["[}", 1, 2],
    ["}", 1, 1],
    ["{a:1}", 1, 2],
    ["nul]", 1, 1],
  ])("finds the fault of %j", (text, line, column) => {
    expect(findJsonFault(text)).toEqual({ line, column, truncated: false });
  });

  it.each(["-", "-0.", "12.", "1e", "1.5E", "1e+", "1.25e-", "tru", '"\\u00', '"\\', '{"a":-', "[1.", "[0e"])(
    "calls %j truncated",
    (text) => {
      expect(findJsonFault(text)).toMatchObject({ truncated: true, column: text.length + 1 });
    },
  );

  it.each(["1.5.", "01.", "1e5e", "--", "+1.", ".5", "1.e", "[1.]", "[1e,"])("calls %j no cut", (text) => {
    expect(findJsonFault(text)).toMatchObject({ truncated: false });
  });

  it("finds a fault exactly where JSON.parse does", () => {
    const pieces = fc.constantFrom(
      ...'{}[]:,"\\ \n1-0.e+x'.split(""),
      '"a"',
      "true",
      "nul",
      "\\u12",
      "12.5e-3",
      "\u0001",
      "é",
    );
    fc.assert(
      fc.property(
        fc.array(pieces).map((parts) => parts.join("")),
        (text) => {
          expect(findJsonFault(text) === null).toBe(parses(text));
        },
      ),
      { numRuns: 2000 },
    );
  });

  it("calls every cut of a JSON object truncated", () => {
    fc.assert(
      fc.property(
        fc.dictionary(fc.string(), fc.jsonValue()),
        fc.double({ min: 0, max: 1, maxExcluded: true }),
        (value, part) => {
          const text = JSON.stringify(value, null, 1);
          const fault = findJsonFault(text.slice(0, Math.floor(part * text.length)));
          expect(fault?.truncated).toBe(true);
        },
      ),
      { numRuns: 500 },
    );
  });

  it("reads long strings and deep nesting without trouble", () => {
    expect(findJsonFault(JSON.stringify("x\\n".repeat(1_000_000)))).toBe(null);
    expect(findJsonFault("[".repeat(200_000))?.truncated).toBe(true);
  });
});
