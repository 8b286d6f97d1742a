import { describe, expect, test } from "vitest";
import { quote } from "../../src/base/quote.js";

describe("quote", () => {
  test("keeps control characters out of messages", () => {
    expect(quote("a\u001b[31m\n")).toBe('"a\\u001b[31m\\n"');
    expect(quote("\u007f\u0085\u009b31m")).toBe('"\\u007f\\u0085\\u009b31m"');
  });

  test("cuts what is longer than 80", () => {
    expect(quote("x".repeat(80))).toHaveLength(82);
    expect(quote("x".repeat(1_000))).toHaveLength(83);
  });
});
