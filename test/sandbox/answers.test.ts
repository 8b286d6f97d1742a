import { describe, expect, it } from "vitest";
import { CALL_LIMITS } from "../../src/protocol/limits.js";
import { readAnswer } from "../../src/sandbox/messages.js";
import { thrownCode } from "../support/codes.js";

function codeOf(text: string, figure: number): string | undefined {
  return thrownCode(() => readAnswer({ guest: 1, seq: 2, figure, text: Buffer.from(text) }));
}

describe("an answer of the sandbox host", () => {
  it("is taken apart into its lines", () => {
    expect(readAnswer({ guest: 1, seq: 2, figure: 3.5, text: Buffer.from("é\n\nb") })).toEqual([
      "answer",
      1,
      2,
      ["é", "", "b"],
      3.5,
    ]);
  });

  it("has as many lines as a guest may write in one call, and no more", () => {
    const most = "\n".repeat(CALL_LIMITS.lines - 1);
    expect(readAnswer({ guest: 1, seq: 2, figure: 0, text: Buffer.from(most) })[3]).toHaveLength(CALL_LIMITS.lines);
    expect(codeOf(`${most}\n`, 0)).toBe("SANDBOX_BAD_FRAME");
  });

  it.each([NaN, -1, Infinity, Number.MAX_SAFE_INTEGER + 1])("took a time, which %d us is not", (figure) => {
    expect(codeOf("a", figure)).toBe("SANDBOX_BAD_FRAME");
  });
});
