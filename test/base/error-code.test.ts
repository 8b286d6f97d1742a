import { describe, expect, it } from "vitest";
import { errorCode } from "../../src/base/error-code.js";
import { SandboxError } from "../../src/sandbox/sandbox-error.js";

describe("the code of an error", () => {
  it("is that of the operating system, of Node, or of ours", () => {
    expect(errorCode(Object.assign(new Error("no such file"), { code: "ENOENT" }))).toBe("ENOENT");
    expect(errorCode(new SandboxError("SANDBOX_CLOSED", "closed"))).toBe("SANDBOX_CLOSED");
  });

  it("is undefined for whatever has none", () => {
    for (const thrown of [
      new Error("plain"),
      Object.assign(new Error("a number"), { code: 2 }),
      { code: "ENOENT" },
      null,
    ]) {
      expect(errorCode(thrown)).toBeUndefined();
    }
  });
});
