import { describe, expect, it } from "vitest";
import { createRuntime } from "../../src/runtime/runtime.js";
import type { RuntimeNotice } from "../../src/runtime/types.js";
import { rejectedCode, thrownCode } from "../support/codes.js";
import { jsIntegration, resourceEvent, temporaryFolder } from "../support/projects.js";

const GOOD = jsIntegration(`return { status: "success" };`);

describe("start", () => {
  it("starts what can be started and tells what cannot, each with its code", async () => {
    const directory = temporaryFolder({
      "good.js": GOOD,
      "text.wasm": "this is text",
      "syntax.js": "let = 1;",
      "throws.js": "throw new Error('at load')",
      "other-version.js": jsIntegration("", { protocol_version: 7 }),
      "no-handle.js": "export const other = 1;",
    });
    const names = ["good", "missing", "text", "syntax", "throws", "other-version", "no-handle"];
    const sources = [
      "good.js",
      "missing.js",
      "text.wasm",
      "syntax.js",
      "throws.js",
      "other-version.js",
      "no-handle.js",
    ];
    await using runtime = createRuntime({
      integrations: names.map((name, at) => ({ name, directory, source: `./${sources[at] ?? ""}` })),
    });
    const broken = await runtime.start();
    expect(broken.map(({ integration, hook, status, error }) => [integration, hook, status, error?.code])).toEqual([
      ["missing", "initialize", "error", "PACKAGE_NOT_FOUND"],
      ["text", "initialize", "error", "PACKAGE_NOT_WASM"],
      ["syntax", "initialize", "error", "GUEST_LOAD"],
      ["throws", "initialize", "error", "GUEST_LOAD"],
      ["other-version", "initialize", "error", "PROTOCOL_VERSION_MISMATCH"],
      ["no-handle", "initialize", "error", "GUEST_LOAD"],
    ]);
    const outcome = await runtime.dispatch(resourceEvent("a.b"));
    expect(outcome.results.map(({ integration, status }) => [integration, status])).toEqual([["good", "success"]]);
  });

  it("makes a broken integration a warning under on_error = warn", async () => {
    const directory = temporaryFolder();
    await using runtime = createRuntime({
      integrations: [{ name: "gone", directory, source: "./gone.js", onError: "warn" }],
    });
    expect(await runtime.start()).toMatchObject([{ status: "warn", error: { code: "PACKAGE_NOT_FOUND" } }]);
  });

  it("checks a config against the schema of its package before the guest starts, and names the path", async () => {
    const manifest = {
      name: "strict",
      version: "1.0.0",
      kind: "js",
      entry: "main.js",
      config_schema: {
        type: "object",
        properties: { rules: { type: "array", items: { type: "string" } } },
        additionalProperties: false,
      },
    };
    const directory = temporaryFolder({ "integration.json": JSON.stringify(manifest), "main.js": GOOD });
    const started: RuntimeNotice[] = [];
    await using runtime = createRuntime({
      integrations: [
        { name: "bad", directory, source: directory, config: { rules: ["a", 3] } },
        { name: "good", directory, source: directory, config: { rules: ["a"] } },
      ],
      observer: (notice) => {
        if (notice.type === "guest-started") started.push(notice);
      },
    });
    const broken = await runtime.start();
    expect(broken.map(({ integration, error }) => [integration, error?.code])).toEqual([["bad", "GUEST_CONFIG"]]);
    expect(broken[0]?.message).toContain("config.rules[1]");
    expect(started.map((notice) => "integration" in notice && notice.integration)).toEqual(["good"]);
  });

  it("is not held up by a schema whose pattern never ends", async () => {
    const manifest = {
      name: "slow",
      version: "1.0.0",
      kind: "js",
      entry: "main.js",
      config_schema: { properties: { a: { pattern: "^(a+)+$" } } },
    };
    const directory = temporaryFolder({ "integration.json": JSON.stringify(manifest), "main.js": GOOD });
    const config = { a: `${"a".repeat(60)}!` };
    const initializeTimeoutMs = 2_000;
    await using runtime = createRuntime({
      integrations: [
        { name: "slow", directory, source: directory, config, initializeTimeoutMs },
        { name: "next", directory, source: directory, config: { a: "aaa" } },
      ],
    });
    const broken = await runtime.start();
    expect(broken.map(({ integration, error }) => [integration, error?.code])).toEqual([["slow", "GUEST_TIMEOUT"]]);
  });

  it("may be called once, and dispatch only after it", async () => {
    await using runtime = createRuntime({ integrations: [] });
    expect(await rejectedCode(runtime.dispatch(resourceEvent("a.b")))).toBe("RUNTIME_STATE");
    await runtime.start();
    expect(await rejectedCode(runtime.start())).toBe("RUNTIME_STATE");
    await runtime.stop();
    expect(await rejectedCode(runtime.dispatch(resourceEvent("a.b")))).toBe("RUNTIME_STATE");
  });
});

describe("createRuntime", () => {
  const directory = "/";
  it.each([
    [
      "DECLARE_DUPLICATE_NAME",
      [
        { name: "a", directory },
        { name: "a", directory },
      ],
    ],
    ["DECLARE_UNKNOWN_AFTER", [{ name: "a", directory, after: ["b"] }]],
    [
      "DECLARE_CYCLE",
      [
        { name: "a", directory, after: ["b"] },
        { name: "b", directory, after: ["a"] },
      ],
    ],
    ["DECLARE_BAD_VALUE", [{ name: "a", directory, timeoutMs: 0 }]],
  ])("throws %s for declarations that are wrong in themselves", (code, integrations) => {
    expect(thrownCode(() => createRuntime({ integrations }))).toBe(code);
  });
});

describe("createRuntime's options", () => {
  it.each([0, -1, 1.5, NaN, 257])("refuses a parallelism of %d", (parallelism) => {
    expect(thrownCode(() => createRuntime({ integrations: [], parallelism }))).toBe("RUNTIME_OPTION");
  });

  it.each([1, 256])("takes a parallelism of %d", async (parallelism) => {
    await using runtime = createRuntime({ integrations: [], parallelism });
    expect(await runtime.start()).toEqual([]);
  });

  it.each([0, -1, 1.5, NaN, 3_600_001])("refuses %d as a figure of health", (idlePingMs) => {
    expect(thrownCode(() => createRuntime({ integrations: [], health: { idlePingMs } }))).toBe("RUNTIME_OPTION");
  });

  it.each([1, 3_600_000])("takes %d as a figure of health", async (idlePingMs) => {
    await using runtime = createRuntime({ integrations: [], health: { idlePingMs } });
    expect(await runtime.start()).toEqual([]);
  });

  it("refuses an integration under a provider, which only live runs can honour", () => {
    const integrations = [{ name: "a", directory: "/", scope: "provider", provider: "aws" } as const];
    expect(thrownCode(() => createRuntime({ integrations }))).toBe("RUNTIME_OPTION");
  });
});
