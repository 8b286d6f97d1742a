import { describe, expect, it } from "vitest";
import { errorSummary } from "../../../../src/hosts/terraform/core/error-summary.js";

describe("the first error of core", () => {
  it("stands in one line, without frame and colours", () => {
    const stderr =
      "\u001b[31m╷\u001b[0m\n\u001b[31m│\u001b[0m \u001b[1mError: \u001b[0mInvalid thing\n│ \n│   on main.tf line 1:\n" +
      "│    1: x\n│ \n│ It is wrong.\n╵\n╷\n│ Error: Second\n╵\n";
    expect(errorSummary(stderr)).toBe("Invalid thing on main.tf line 1: 1: x It is wrong.");
  });

  it("ends where the next diagnostic begins", () => {
    expect(errorSummary("Warning: a\n\nb\n\nError: c\n\nd\n\nWarning: e\n\nf\n")).toBe("c d");
    expect(errorSummary("Error: a\nError: b\n")).toBe("a");
  });

  it("is the last line when there is no error", () => {
    expect(errorSummary("one\ntwo\n\n")).toBe("two");
    expect(errorSummary("")).toBe("");
    expect(errorSummary("\n \n")).toBe("");
  });

  it("is bounded", () => {
    expect(errorSummary(`Error: ${"x".repeat(10_000)}`).length).toBe(600);
    expect(errorSummary("y".repeat(10_000)).length).toBe(600);
    expect(errorSummary(`Error: a${"\nb".repeat(100)}`)).toBe("a b b b b");
  });
});
