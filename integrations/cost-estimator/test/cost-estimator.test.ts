import { describe, expect, it } from "vitest";
import { initializeAnswer, resource, verdictsOf } from "../../../test/samples/harness.js";

async function estimate(over: Record<string, unknown>, config: unknown = {}) {
  const [verdict] = await verdictsOf("cost-estimator", config, ["post-plan-resource", resource(over)]);
  return verdict;
}

describe("cost-estimator", () => {
  it("attaches cost and currency", async () => {
    expect(await estimate({ after: { instance_type: "t3.micro" } })).toEqual({
      status: "success",
      message: "",
      findings: [],
      metadata: { monthly_cost: 7.6, currency: "USD" },
    });
  });

  it.each(["create", "update", "replace", "no-op"])("attaches it on %s", async (action) => {
    expect((await estimate({ action, after: { instance_type: "m5.large" } }))?.metadata).toEqual({
      monthly_cost: 70.1,
      currency: "USD",
    });
  });

  it("takes the price of any size where the type has one", async () => {
    expect((await estimate({ type: "aws_lb", after: {} }))?.metadata).toMatchObject({ monthly_cost: 16.4 });
  });

  it("lets the configuration override and add prices", async () => {
    const prices = { aws_instance: { default: 5 }, toy: { attribute: "size", sizes: { s: 0 } } };
    expect((await estimate({ after: { instance_type: "new" } }, { prices }))?.metadata).toMatchObject({
      monthly_cost: 5,
    });
    expect((await estimate({ type: "toy", after: { size: "s" } }, { prices }))?.metadata).toMatchObject({
      monthly_cost: 0,
    });
  });

  it.each([
    ["is deleted", { action: "delete", after: null }],
    ["has no price", { type: "null_resource" }],
  ])("clears what is attached when the resource %s", async (_what, over) => {
    expect(await estimate(over)).toMatchObject({ status: "success", metadata: null });
  });

  it("warns about a size without a price", async () => {
    expect(await estimate({ after: { instance_type: "x9.huge" } })).toMatchObject({ status: "warn", metadata: null });
  });

  it("attaches it to what a refresh finds, without a warning where planning warns", async () => {
    const found = (size: string) => resource({ action: "no-op", after: { instance_type: size } });
    const events = [
      ["post-refresh-resource", found("t3.micro")],
      ["post-refresh-resource", found("x9.huge")],
      ["post-refresh-resource", resource({ action: "delete", after: null })],
    ] as const;
    expect(await verdictsOf("cost-estimator", {}, ...events)).toMatchObject([
      { status: "success", metadata: { monthly_cost: 7.6, currency: "USD" } },
      { status: "success", metadata: null },
      { status: "success", metadata: null },
    ]);
  });

  it("leaves data sources alone", async () => {
    expect(await estimate({ mode: "data", after: { instance_type: "t3.micro" } })).not.toHaveProperty("metadata");
  });

  it("may run in several instances and numbers its metadata", async () => {
    expect(await initializeAnswer("cost-estimator", {})).toMatchObject({
      result: { stateless: true, metadata_version: 1 },
    });
  });

  it("refuses prices that are none", async () => {
    expect(await initializeAnswer("cost-estimator", { prices: { toy: 5 } })).toMatchObject({ error: { code: -32602 } });
  });
});
