import { describe, expect, it } from "vitest";
import { EXIT_CODES, exitCodeOf } from "../../src/report/exit-code.js";

describe("the exit code", () => {
  it.each([
    ["pass", 0],
    ["warn", 0],
    ["fail", 1],
    ["error", 3],
  ] as const)("of %s is %d", (verdict, code) => {
    expect(exitCodeOf(verdict)).toBe(code);
  });

  it("is stable for what is no verdict", () => {
    expect([EXIT_CODES.usage, EXIT_CODES.interrupted]).toEqual([2, 130]);
  });
});
