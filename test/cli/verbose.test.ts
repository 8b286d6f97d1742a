import { describe, expect, it } from "vitest";
import { circuitLine, noticeLine } from "../../src/cli/notice-line.js";
import type { RuntimeNotice, RuntimeOptions } from "../../src/runtime/types.js";
import { FakeRuntime, resultOf } from "../hosts/fake-runtime.js";
import { planJson } from "../hosts/plan-file/plans.js";
import { run } from "./fake-io.js";

const ERROR = { code: "GUEST_LOAD", message: "no \u001b[2Jroom", remedy: null };

/** What a check shows on standard error of these notices. */
async function shown(notices: readonly RuntimeNotice[], ...more: string[]): Promise<string> {
  const createRuntime = ({ observer }: RuntimeOptions) => {
    for (const notice of notices) observer?.(notice);
    return Promise.resolve(new FakeRuntime());
  };
  return (await run(["check", "-", ...more], { stdin: planJson() }, { createRuntime })).stderr;
}

const TOLD: readonly RuntimeNotice[] = [
  { type: "log", integration: "one", record: { level: "warn", message: "a\nb" } },
  { type: "guest-restarted", integration: "one", instance: 0, code: "GUEST_TIMEOUT" },
  { type: "instance-failed", integration: "one", instance: 2, error: ERROR },
  { type: "sandbox-restarted" },
  {
    type: "http-request",
    integration: "one",
    method: "GET",
    host: "api.example.com:443",
    status: 200,
    bytes: 12,
    elapsedMs: 3,
    code: null,
  },
  { type: "circuit", integration: "one", instance: 0, state: "open", error: ERROR },
  { type: "circuit", integration: "one", instance: 0, state: "closed", error: null },
];
const UNTOLD: readonly RuntimeNotice[] = [
  { type: "guest-started", integration: "one", instance: 0, elapsedMs: 3 },
  { type: "integration-broken", integration: "one", error: ERROR },
  { type: "result", result: resultOf(), elapsedUs: 5 },
  { type: "circuit", integration: "one", instance: 0, state: "half-open", error: ERROR },
  { type: "skipped", integration: "one", hook: "pre-plan-resource", address: "a.b" },
];

describe("--verbose", () => {
  it("tells in one safe line each what the report does not", async () => {
    const lines = (await shown(TOLD, "--verbose")).trimEnd().split("\n");
    expect(lines).toHaveLength(TOLD.length);
    expect(lines[0]).toBe("[one] warn: a\\u000ab");
    expect(lines[1]).toContain("GUEST_TIMEOUT");
    expect(lines[2]).toContain("no \\u001b[2Jroom");
    expect(lines[3]).toContain("sandbox host");
    expect(lines[4]).toBe("[one] GET api.example.com:443: 200, 12 bytes, 3 ms");
    expect(lines[5]).toContain("no \\u001b[2Jroom");
    expect(lines[6]).toContain("called again");
  });

  it("is not needed to hear of a missing grant, in one safe line", async () => {
    const notice = { type: "grant-warning", integration: "one", message: "no\nhost", remedy: "grants = { }" } as const;
    expect(await shown([notice])).toBe("warning: integration one: no\\u000ahost; grants = { }\n");
  });

  it("repeats nothing that the report tells", async () => {
    expect(await shown(UNTOLD, "--verbose")).toBe("");
  });

  it("bounds what one log line can fill", async () => {
    const record = { level: "info", message: "x".repeat(100_000) } as const;
    expect((await shown([{ type: "log", integration: "n".repeat(10_000), record }], "--verbose")).length).toBeLessThan(
      3_000,
    );
  });

  it("leaves out nothing that live runs tell without it: that an integration is left alone, and is back", () => {
    const told = [...TOLD, ...UNTOLD].filter((notice) => circuitLine(notice) !== null);
    expect(told).toEqual(TOLD.slice(5));
    expect(told.map(circuitLine)).toEqual(told.map((notice) => noticeLine(notice, true)));
  });

  it("is quiet unless asked for", async () => {
    expect(await shown([...TOLD, ...UNTOLD])).toBe("");
  });
});
