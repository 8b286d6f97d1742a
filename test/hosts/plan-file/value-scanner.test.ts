import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { SCAN, ValueScanner } from "../../../src/hosts/plan-file/value-scanner.js";

const DEPTH = 16;

/** What the scanner makes of a text as a whole: whether it is one value. Behind each document stands white space, and 0. */
function scanned(text: string): "value" | "none" | "deep" {
  const bytes = Buffer.from(`${text} \0`);
  const start = bytes.findIndex((byte) => !" \t\r\n".includes(String.fromCharCode(byte)));
  const end = new ValueScanner(DEPTH).scan(bytes, start, bytes.length - 1, 0);
  if (end === SCAN.tooDeep) return "deep";
  return end >= 0 && bytes.toString("latin1", end, bytes.length - 1).trim() === "" ? "value" : "none";
}

function parsed(text: string): "value" | "none" {
  try {
    JSON.parse(text);
    return "value";
  } catch {
    return "none";
  }
}

const pieces = fc.constantFrom(
  ...["{", "}", "[", "]", ",", ":", '"', "\\", '"a"', '"b":', "0", "-", "1.5", "1e", "e+3", "01", "true", "tru", "null", "\\u00e", " ", "\n", "\u0001"], // prettier-ignore
);
const almostJson = fc.oneof(
  fc.json({ maxDepth: 6 }),
  fc.array(pieces, { maxLength: 12 }).map((all) => all.join("")),
  fc.tuple(fc.json(), fc.nat(200), pieces).map(([text, at, piece]) => text.slice(0, at) + piece + text.slice(at + 1)),
);

describe("scanning a value", () => {
  it("takes and refuses what JSON.parse does", () => {
    fc.assert(
      fc.property(almostJson, (text) => {
        expect(scanned(text)).toBe(parsed(text));
      }),
      { numRuns: 2_000 },
    );
  });

  it("says of each cut that more is to come, or that it is at fault already", () => {
    fc.assert(
      fc.property(fc.json({ maxDepth: 6 }), (text) => {
        const bytes = Buffer.from(text);
        for (let length = 1; length < bytes.length; length += 1) {
          const cut = Buffer.concat([bytes.subarray(0, length), Buffer.alloc(1)]);
          expect(new ValueScanner(DEPTH).scan(cut, 0, length, 0)).not.toBe(SCAN.fault);
        }
      }),
    );
  });

  it("takes values at the depth limit, and none one level deeper", () => {
    const deep = (levels: number): string => "[".repeat(levels) + "]".repeat(levels);
    expect([scanned(deep(DEPTH)), scanned(deep(DEPTH + 1))]).toEqual(["value", "deep"]);
  });

  it("finds members as JSON.parse does: the last one of a name, and those of one member inside", () => {
    const text = '{"a":{"b":1},"b":[{"a":2}],"a":{"b":{"a":3},"c":"}"}}';
    const bytes = Buffer.from(`${text}\0`);
    const scanner = new ValueScanner(DEPTH);
    expect(scanner.scan(bytes, 0, text.length, 0)).toBe(text.length);
    const a = scanner.member(bytes, "a") ?? expect.fail("there is an a");
    const textOf = (name: string): unknown => {
      const span = scanner.member(bytes, name, a);
      return span && (JSON.parse(bytes.toString("utf8", span.start, span.end)) as unknown);
    };
    expect([textOf("b"), textOf("c"), textOf("d")]).toEqual([{ a: 3 }, "}", undefined]);
  });

  it("does not know the members of an object with an escape in a name", () => {
    const text = '{"\\u0061":1}';
    const bytes = Buffer.from(`${text}\0`);
    const scanner = new ValueScanner(DEPTH);
    scanner.scan(bytes, 0, text.length, 0);
    expect(scanner.member(bytes, "a")).toBeNull();
  });
});
