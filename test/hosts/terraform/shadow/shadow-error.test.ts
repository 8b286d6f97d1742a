import { describe, expect, it } from "vitest";
import { ShadowError, shadowReadError, shadowWriteError } from "../../../../src/hosts/terraform/shadow/shadow-error.js";

const failure = (code: string): Error => Object.assign(new Error(code), { code });

describe("what the system refuses", () => {
  it.each([
    ["ENOSPC", "SHADOW_NO_SPACE"],
    ["EDQUOT", "SHADOW_NO_SPACE"],
    ["EROFS", "SHADOW_NO_SPACE"],
    ["EACCES", "SHADOW_NO_SPACE"],
    ["EPERM", "SHADOW_NO_SPACE"],
    ["ENOSYS", "SHADOW_UNSUPPORTED"],
    ["ENAMETOOLONG", "SHADOW_UNSUPPORTED"],
  ])("to write with %s is %s, with a way out", (code, expected) => {
    const error = shadowWriteError("/x", failure(code));
    expect(error.code).toBe(expected);
    expect(error.remedy).toContain("airlock.hcl");
  });

  it("to read is told so", () => {
    expect(shadowReadError("/x", failure("EACCES")).code).toBe("SHADOW_UNREADABLE");
  });

  it("and was told already is told once", () => {
    const error = new ShadowError("SHADOW_LOOP", "x");
    expect(shadowWriteError("/x", error)).toBe(error);
    expect(shadowReadError("/x", error)).toBe(error);
  });
});
