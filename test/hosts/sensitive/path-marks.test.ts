import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { mergeMarks, pathMarks } from "../../../src/hosts/sensitive/path-marks.js";
import { redactValue } from "./redacting.js";
import { SecretSet } from "../../../src/hosts/sensitive/secret-set.js";
import type { Path } from "../../../src/protocol/events.js";
import { masked, TOKEN } from "../../support/tokens.js";

const none = new SecretSet();
const redact = (paths: readonly Path[], value: unknown) => redactValue(value, pathMarks(paths, value), none);

describe("the marks of paths", () => {
  it("hide what the paths lead to, and nothing else", () => {
    const value = { a: "x", list: [{ b: 1, c: 2 }, { b: 3 }], map: { "k.l": "y", other: "z" } };
    expect(redact([["a"], ["list", 0, "b"], ["map", "k.l"]], value)).toEqual({
      value: {
        a: TOKEN,
        list: [{ b: TOKEN, c: 2 }, { b: 3 }],
        map: { "k.l": TOKEN, other: "z" },
      },
      paths: [["a"], ["list", 0, "b"], ["map", "k.l"]],
    });
  });

  it("of no path mark nothing", () => {
    expect(pathMarks([], { a: 1 })).toBe(false);
    expect(redact([], { a: 1 }).value).toEqual({ a: 1 });
  });

  it("of the empty path mark all of it", () => {
    expect(redact([[]], { a: 1 }).value).toEqual(TOKEN);
    expect(redact([["a"], []], { a: 1 }).value).toEqual(TOKEN);
  });

  it.each<[string, Path, unknown, unknown]>([
    ["into a text", ["a", "b"], { a: "text" }, { a: TOKEN }],
    ["into a number", ["a", 0], { a: 17 }, { a: TOKEN }],
    ["into a set, by what is no number", ["set", "x"], { set: ["s", "t"] }, { set: TOKEN }],
    ["behind the end of a list", ["list", 5], { list: ["s"] }, { list: TOKEN }],
    ["below nothing", ["a", "b", 0], { a: null }, { a: null }],
  ])("that lead %s hide the whole of what is there", (_, path, value, redacted) => {
    expect(redact([path], value).value).toEqual(redacted);
  });

  it("that lead to what is not there hide nothing: names of attributes are no secret", () => {
    expect(redact([["missing"]], { a: 1 }).value).toEqual({ a: 1 });
    expect(redact([["map", "missing"]], { map: { a: 1 } }).value).toEqual({ map: { a: 1 } });
  });

  it("take a number for the key of a map, as texts of numbers are", () => {
    expect(redact([["map", 0]], { map: { "0": "s", "1": "t" } }).value).toEqual({
      map: { "0": TOKEN, "1": "t" },
    });
  });

  it("may overlap: what either calls sensitive is", () => {
    const value = { a: { b: [1, 2], c: 3 } };
    expect(
      redact(
        [
          ["a", "b", 0],
          ["a", "b"],
        ],
        value,
      ).value,
    ).toEqual({ a: { b: TOKEN, c: 3 } });
    expect(redact([["a"], ["a", "c"]], value).value).toEqual({ a: TOKEN });
  });

  it("leave keys of Object.prototype ordinary keys", () => {
    const value: unknown = JSON.parse('{"__proto__":{"a":"s","b":"t"},"constructor":"u"}');
    const { value: redacted } = redact([["__proto__", "a"], ["constructor"]], value);
    expect(masked(redacted)).toBe('{"__proto__":{"a":"(token)","b":"t"},"constructor":"(token)"}');
    expect(({} as Record<string, unknown>)["a"]).toBeUndefined();
  });
});

/** A value, and paths to some of its parts, its own leaves all different. */
const valueAndPaths = fc.jsonValue({ maxDepth: 4 }).chain((json) => {
  let count = 0;
  const all: Path[] = [];
  const visit = (part: unknown, at: Path): unknown => {
    all.push(at);
    if (Array.isArray(part)) return part.map((one, index) => visit(one, [...at, index]));
    if (typeof part === "object" && part !== null) {
      return Object.fromEntries(
        Object.entries(part).map(([key, one]): [string, unknown] => [key, visit(one, [...at, key])]),
      );
    }
    count += 1;
    return `leaf ${count}.`;
  };
  const value = visit(json, []);
  return fc.record({ value: fc.constant(value), paths: fc.subarray(all, { maxLength: Math.min(4, all.length) }) });
});

function leaves(value: unknown, at: Path = []): [Path, unknown][] {
  if (typeof value !== "object" || value === null) return [[at, value]];
  return Object.entries(value).flatMap(([key, part]: [string, unknown]) =>
    leaves(part, [...at, Array.isArray(value) ? Number(key) : key]),
  );
}

const isBelow = (path: Path, at: Path): boolean => path.every((step, index) => step === at[index]);

describe("every path", () => {
  it("hides all that is at it or below it, and what is at no path stays", () => {
    fc.assert(
      fc.property(valueAndPaths, ({ value, paths }) => {
        const { value: redacted } = redact(paths, value);
        const text = JSON.stringify(redacted);
        for (const [at, leaf] of leaves(value)) {
          const isHidden = paths.some((path) => isBelow(path, at));
          expect(text.includes(String(leaf)), JSON.stringify(at)).toBe(!isHidden);
        }
      }),
      { numRuns: 300 },
    );
  });

  it("gives the same marks in whatever order paths come", () => {
    fc.assert(
      fc.property(valueAndPaths, ({ value, paths }) => {
        expect(redact([...paths].reverse(), value).value).toEqual(redact(paths, value).value);
      }),
    );
  });
});

describe("merged marks", () => {
  it("mark what either marks", () => {
    const one = { a: true, b: [false, true], c: { d: true } };
    const other = { b: [true, false, true], c: { e: true }, f: false };
    const value = { a: 1, b: [1, 2, 3, 4], c: { d: 1, e: 2, g: 3 }, f: 4 };
    expect(redactValue(value, mergeMarks(one, other), none).value).toEqual({
      a: TOKEN,
      b: [TOKEN, TOKEN, TOKEN, 4],
      c: { d: TOKEN, e: TOKEN, g: 3 },
      f: 4,
    });
  });

  it("of one that is missing are the other", () => {
    expect(mergeMarks(undefined, { a: true })).toEqual({ a: true });
    expect(mergeMarks([true], false)).toEqual([true]);
    expect(mergeMarks(null, true)).toBe(true);
    expect(mergeMarks(false, false)).toBe(false);
  });

  it("that are of different shapes mark all", () => {
    expect(mergeMarks([true], { a: true })).toBe(true);
  });
});
