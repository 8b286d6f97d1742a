import { describe, expect, it } from "vitest";
import { createRuntime } from "../../src/runtime/runtime.js";
import type { Audience, EventOutcome } from "../../src/runtime/types.js";
import { rejectedCode } from "../support/codes.js";
import { jsIntegration, resourceEvent, temporaryFolder } from "../support/projects.js";

const COUNTS = jsIntegration(
  `globalThis.n = (globalThis.n ?? 0) + 1; return { status: "success", message: String(n) };`,
);
const FAILS = jsIntegration(`return { status: "fail", message: "no" };`, { hooks: ["pre-plan-resource"] });
const EU: Audience = { project: true, provider: "aws.eu" };

function folder(): string {
  return temporaryFolder({ "counts.js": COUNTS, "fails.js": FAILS, "throws.js": "throw new Error('at load')" });
}

const said = ({ results }: EventOutcome) => results.map((one) => [one.integration, one.provider, one.message]);

describe("join", () => {
  it("lets the integrations of a provider see only events whose audience names it", async () => {
    const directory = folder();
    const integrations = [{ name: "logger", directory, source: "./counts.js" }];
    await using runtime = createRuntime({ integrations });
    await runtime.start();
    expect(await runtime.join("aws", [{ name: "tagger", directory, source: "./counts.js" }])).toEqual([]);
    expect(said(await runtime.dispatch(resourceEvent("a.b")))).toEqual([["logger", null, "1"]]);
    expect(said(await runtime.dispatch(resourceEvent("a.c"), EU))).toEqual([["logger", null, "2"]]);
    expect(said(await runtime.dispatch(resourceEvent("a.d"), { project: true, provider: "aws" }))).toEqual([
      ["logger", null, "3"],
      ["tagger", "aws", "1"],
    ]);
    expect(said(await runtime.dispatch(resourceEvent("a.e"), { project: false, provider: "aws" }))).toEqual([
      ["tagger", "aws", "2"],
    ]);
  });

  it("makes two guests of one integration under two providers", async () => {
    const directory = folder();
    await using runtime = createRuntime({ integrations: [] });
    await runtime.start();
    for (const provider of ["aws", "aws.eu"])
      await runtime.join(provider, [{ name: "tagger", directory, source: "./counts.js" }]);
    await runtime.dispatch(resourceEvent("a.b"), EU);
    expect(said(await runtime.dispatch(resourceEvent("a.c"), EU))).toEqual([["tagger", "aws.eu", "2"]]);
    expect(said(await runtime.dispatch(resourceEvent("a.d"), { project: true, provider: "aws" }))).toEqual([
      ["tagger", "aws", "1"],
    ]);
    expect(runtime.report().map(({ name, provider, calls }) => [name, provider, calls])).toEqual([
      ["tagger", "aws", 1],
      ["tagger", "aws.eu", 2],
    ]);
  });

  it("keeps to the order: what comes after a failing one of the project is not asked", async () => {
    const directory = folder();
    await using runtime = createRuntime({ integrations: [{ name: "gate", directory, source: "./fails.js" }] });
    await runtime.start();
    await runtime.join("aws.eu", [{ name: "late", directory, source: "./fails.js", after: ["gate"] }]);
    const outcome = await runtime.dispatch(resourceEvent("a.b", "pre-plan-resource"), EU);
    expect(outcome).toMatchObject({ verdict: "fail", results: [{ integration: "gate" }] });
  });

  it("says what could not start, and goes on with the others", async () => {
    const directory = folder();
    await using runtime = createRuntime({ integrations: [] });
    await runtime.start();
    const broken = await runtime.join("aws.eu", [
      { name: "throws", directory, source: "./throws.js" },
      { name: "counts", directory, source: "./counts.js" },
    ]);
    expect(broken).toMatchObject([{ integration: "throws", provider: "aws.eu", error: { code: "GUEST_LOAD" } }]);
    expect(said(await runtime.dispatch(resourceEvent("a.b"), EU))).toEqual([["counts", "aws.eu", "1"]]);
    expect(runtime.wants("post-plan-resource", "a", EU)).toBe(true);
    expect(runtime.wants("post-plan-resource", "a")).toBe(false);
  });

  it.each([
    ["DECLARE_DUPLICATE_NAME", [{ name: "logger" }]],
    ["DECLARE_UNKNOWN_AFTER", [{ name: "tagger", after: ["nobody"] }]],
    ["DECLARE_BAD_VALUE", [{ name: "tagger", timeoutMs: 0 }]],
  ])("rejects with %s for wrong declarations, and the name may join again", async (code, inputs) => {
    const directory = folder();
    await using runtime = createRuntime({ integrations: [{ name: "logger", directory, source: "./counts.js" }] });
    await runtime.start();
    const source = "./counts.js";
    expect(
      await rejectedCode(
        runtime.join(
          "aws",
          inputs.map((one) => ({ ...one, directory, source })),
        ),
      ),
    ).toBe(code);
    expect(await runtime.join("aws", [{ name: "tagger", directory, source }])).toEqual([]);
  });

  it("rejects before start, after stop, and for a provider that has joined", async () => {
    const runtime = createRuntime({ integrations: [] });
    expect(await rejectedCode(runtime.join("aws", []))).toBe("RUNTIME_STATE");
    await runtime.start();
    await runtime.join("aws", []);
    expect(await rejectedCode(runtime.join("aws", []))).toBe("RUNTIME_STATE");
    await runtime.stop();
    expect(await rejectedCode(runtime.join("azure", []))).toBe("RUNTIME_STATE");
  });
});
