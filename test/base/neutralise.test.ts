import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { safeJson, safeLine, safeLines, shorten } from "../../src/base/neutralise.js";
import { DECEPTIVE } from "../report/results.js";

const FORBIDDEN = /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/u;

describe("safeLine", () => {
  it("shows what could deceive as an escape", () => {
    expect(safeLine("a\u001b[2Jb\u202ec\u{e0041}\n")).toBe(String.raw`a\u001b[2Jb\u202ec\u{e0041}\u000a`);
  });

  it("leaves ordinary text of any script as it is", () => {
    expect(safeLine("größer 日本語 العربية 🙂 → ok")).toBe("größer 日本語 العربية 🙂 → ok");
  });

  it("holds nothing deceptive and stays bounded, whatever it is given", () => {
    const text = fc.oneof(
      fc.string({ unit: "binary" }),
      fc.string().map((one) => one + DECEPTIVE + one),
    );
    fc.assert(
      fc.property(text, fc.integer({ min: 1, max: 40 }), (given, max) => {
        const line = safeLine(given, max);
        expect(line).not.toMatch(FORBIDDEN);
        expect(line.length).toBeLessThanOrEqual(max * "\\u{e0041}".length);
      }),
    );
  });
});

describe("safeLines", () => {
  it("keeps the lines apart", () => {
    expect(safeLines("one\r\ntwo\n\u001b\n")).toEqual(["one", "two", "\\u001b"]);
  });

  it("shows as many lines as allowed and says how many are left out", () => {
    expect(safeLines("1\n2\n3", 10, 3)).toEqual(["1", "2", "3"]);
    expect(safeLines("1\n2\n3\n4", 10, 3)).toEqual(["1", "2", "3", "… 1 more lines"]);
  });

  it("bounds one endless line", () => {
    expect(safeLines("x".repeat(10_000_000), 50, 3)).toEqual([`${"x".repeat(49)}…`]);
  });
});

describe("shorten", () => {
  it("cuts what is longer and leaves what fits", () => {
    expect([shorten("abc", 3), shorten("abcd", 3)]).toEqual(["abc", "ab…"]);
  });
});

describe("safeJson", () => {
  it("stands for the same value and holds nothing deceptive", () => {
    const value = fc.oneof(fc.jsonValue(), fc.string({ unit: "binary" }), fc.constant({ [DECEPTIVE]: DECEPTIVE }));
    fc.assert(
      fc.property(value, (given) => {
        const json = safeJson(JSON.stringify(given, null, 2));
        expect(JSON.parse(json)).toEqual(JSON.parse(JSON.stringify(given)));
        expect(json.replaceAll("\n", "")).not.toMatch(FORBIDDEN);
      }),
    );
  });
});
