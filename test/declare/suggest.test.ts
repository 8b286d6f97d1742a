import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { quote, remedyForUnknown, suggest } from "../../src/declare/suggest.js";
import { HOOKS } from "../../src/protocol/hooks.js";

describe("suggest", () => {
  test.each([
    ["post-plan-resourc", "post-plan-resource"],
    ["Plan-Stage-Complete", "plan-stage-complete"],
    ["pre-read-dta", "pre-read-data"],
  ])("%s is probably %s", (word, meant) => {
    expect(suggest(word, HOOKS)).toBe(meant);
  });

  test.each(["", "x", "tagger", "post"])("%j is near none", (word) => {
    expect(suggest(word, HOOKS)).toBeUndefined();
  });

  test("nothing to choose from gives nothing", () => {
    expect(suggest("a", [])).toBeUndefined();
    expect(remedyForUnknown("a", [])).not.toBe("");
  });

  test("64 characters are compared, 65 are not", () => {
    expect(suggest("x".repeat(64), ["x".repeat(63)])).toBeDefined();
    expect(suggest("x".repeat(65), ["x".repeat(64)])).toBeUndefined();
  });

  test("one changed character always leads back", () => {
    fc.assert(
      fc.property(fc.constantFrom(...HOOKS), fc.nat(), (hook, seed) => {
        const at = seed % hook.length;
        expect(suggest(`${hook.slice(0, at)}~${hook.slice(at + 1)}`, HOOKS)).toBeDefined();
      }),
    );
  });
});

describe("quote", () => {
  test("keeps control characters out of messages", () => {
    expect(quote("a\u001b[31m\n")).toBe('"a\\u001b[31m\\n"');
  });

  test("cuts what is longer than 80", () => {
    expect(quote("x".repeat(80))).toHaveLength(82);
    expect(quote("x".repeat(1_000))).toHaveLength(83);
  });
});
