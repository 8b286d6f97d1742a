import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { nearest, remedyForUnknown } from "../../src/base/nearest.js";
import { HOOKS } from "../../src/protocol/hooks.js";

describe("nearest", () => {
  test.each([
    ["post-plan-resourc", "post-plan-resource"],
    ["Plan-Stage-Complete", "plan-stage-complete"],
    ["pre-read-dta", "pre-read-data"],
  ])("%s is probably %s", (word, meant) => {
    expect(nearest(word, HOOKS)).toBe(meant);
  });

  test.each(["", "x", "tagger", "post"])("%j is near none", (word) => {
    expect(nearest(word, HOOKS)).toBeUndefined();
  });

  test("the word itself is no answer, another spelling of its case is", () => {
    expect(nearest("logger", ["logger"])).toBeUndefined();
    expect(nearest("Integration.json", ["README.md", "integration.JSON"])).toBe("integration.JSON");
  });

  test("nothing to choose from gives nothing", () => {
    expect(nearest("a", [])).toBeUndefined();
    expect(remedyForUnknown("a", [])).not.toBe("");
  });

  test("64 characters are compared, 65 are not", () => {
    expect(nearest("x".repeat(64), ["x".repeat(63)])).toBeDefined();
    expect(nearest("x".repeat(65), ["x".repeat(64)])).toBeUndefined();
  });

  test("one changed character always leads back", () => {
    fc.assert(
      fc.property(fc.constantFrom(...HOOKS), fc.nat(), (hook, seed) => {
        const at = seed % hook.length;
        expect(nearest(`${hook.slice(0, at)}~${hook.slice(at + 1)}`, HOOKS)).toBeDefined();
      }),
    );
  });
});
