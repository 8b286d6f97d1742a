import { describe, expect, it } from "vitest";
import { callAlone } from "../../bench/alone.js";
import { conversation } from "../../bench/conversation.js";
import type { IntegrationPackage } from "../../src/package/integration-package.js";
import { jsIntegration } from "../support/projects.js";
import { rejectedCode } from "../support/codes.js";

function packageOf(source: string): IntegrationPackage {
  const code = new TextEncoder().encode(source);
  return {
    source: "guest.js",
    kind: "js",
    path: "/guest.js",
    directory: "/",
    digest: "sha256:",
    code,
    isFolder: false,
    manifest: null,
  };
}

describe("a guest alone", () => {
  it("is measured once for each call, and not for initialize", async () => {
    const guest = packageOf(jsIntegration('return { status: "success" };'));
    const times = await callAlone(guest, conversation(5, 1_024));
    expect(times).toHaveLength(5);
    expect(Math.min(...times)).toBeGreaterThan(0);
  });

  it("is no measurement when it does not pass what it should", async () => {
    const guest = packageOf(jsIntegration('return { status: "fail" };'));
    expect(await rejectedCode(callAlone(guest, conversation(5, 1_024)))).toBe("BENCH_WRONG_ANSWER");
  });

  it("is no measurement when it breaks", async () => {
    const guest = packageOf(jsIntegration('throw new Error("broken");'));
    expect(await rejectedCode(callAlone(guest, conversation(5, 1_024)))).toBe("GUEST_CRASHED");
  });
});
