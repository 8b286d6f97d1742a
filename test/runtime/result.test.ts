import { describe, expect, it } from "vitest";
import { GuestError } from "../../runtimes/guest-error.js";
import type { Verdict } from "../../src/protocol/verdict.js";
import { completeDeclaration } from "../../src/declare/complete.js";
import { brokenResult, resultError, verdictResult } from "../../src/runtime/result.js";

const FAILS = completeDeclaration({ name: "one", directory: "/" });
const WARNS = completeDeclaration({ name: "one", directory: "/", onError: "warn" });

describe("an error as a result", () => {
  it("keeps code, message and remedy of an error of ours", () => {
    const error = new GuestError("GUEST_TIMEOUT", "slow", true, { remedy: "Raise timeout." });
    expect(resultError(error)).toEqual({ code: "GUEST_TIMEOUT", message: "slow", remedy: "Raise timeout." });
    expect(resultError(new GuestError("GUEST_GONE", "m", true)).remedy).toBe(null);
  });

  it.each([new TypeError("x is not a function"), "text", 42, null, undefined])(
    "says of %s that it is our fault",
    (cause) => {
      const { code, message, remedy } = resultError(cause);
      expect(code).toBe("INTERNAL");
      expect(message).toContain(cause instanceof Error ? cause.message : String(cause));
      expect(remedy).not.toBe(null);
    },
  );

  it.each([
    [FAILS, "error"],
    [WARNS, "warn"],
  ])("means what on_error says", (declaration, status) => {
    const result = brokenResult(declaration, "shutdown", null, new GuestError("GUEST_CRASHED", "m", true));
    expect(result).toEqual({
      integration: "one",
      provider: null,
      hook: "shutdown",
      address: null,
      status,
      message: "m",
      findings: [],
      metadata: undefined,
      error: { code: "GUEST_CRASHED", message: "m", remedy: null },
    });
  });
});

describe("a verdict as a result", () => {
  it("is the same under every on_error: to fail is not to break", () => {
    const verdict: Verdict = { status: "fail", message: "m", findings: [], metadata: null };
    for (const declaration of [FAILS, WARNS]) {
      expect(verdictResult({ declaration, metadataVersion: 0 }, "post-plan-resource", "a.b", verdict)).toEqual({
        integration: "one",
        provider: null,
        hook: "post-plan-resource",
        address: "a.b",
        ...verdict,
        error: null,
      });
    }
  });
});
