import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { matchesGlob } from "../../src/base/glob.js";

describe("a glob", () => {
  it.each([
    ["aws_*", "aws_instance", true],
    ["aws_*", "azurerm_vm", false],
    ["*", "", true],
    ["", "a", false],
    ["aws_s3_bucket", "aws_s3_bucket", true],
    ["aws_s3_bucket", "aws_s3_bucket_policy", false],
    ["*_policy", "aws_s3_bucket_policy", true],
    ["a?c", "abc", true],
    ["a?c", "ac", false],
    ["a*b*c", "axxbxxbxc", true],
    ["a.c", "abc", false],
    ["[ab]", "a", false],
  ])("%s on %s: %s", (pattern, text, matches) => {
    expect(matchesGlob(pattern, text)).toBe(matches);
  });

  it("agrees with the regular expression of the same meaning", () => {
    const letters = fc.string({ unit: fc.constantFrom("a", "b", "*", "?"), maxLength: 6 });
    fc.assert(
      fc.property(letters, fc.string({ unit: fc.constantFrom("a", "b"), maxLength: 8 }), (pattern, text) => {
        const same = new RegExp(`^${pattern.replaceAll("?", ".").replaceAll("*", ".*")}$`);
        expect(matchesGlob(pattern, text)).toBe(same.test(text));
      }),
    );
  });

  it("is not slowed down by a pattern made to backtrack", () => {
    expect(matchesGlob("*a".repeat(2_000) + "b", "a".repeat(4_000))).toBe(false);
  });
});
