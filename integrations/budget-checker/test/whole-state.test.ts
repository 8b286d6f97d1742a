import { describe, expect, it } from "vitest";
import { initializeAnswer, resource, RUN, verdictsOf } from "../../../test/samples/harness.js";

const PRICES = { toy: { attribute: "size", sizes: { s: 1.1, l: 300 } } };

/** A resource as it is planned, and in the whole view; `cost` is what `cost_estimator` attached. */
function toy(name: string, cost?: unknown, over: Record<string, unknown> = {}): Record<string, unknown> {
  const metadata = cost === undefined ? {} : { cost_estimator: { monthly_cost: cost, currency: "USD" } };
  return resource({ address: `toy.${name}`, type: "toy", action: "no-op", after: { size: "s" }, metadata, ...over });
}

interface Plan {
  readonly planned?: readonly Record<string, unknown>[];
  readonly whole: readonly Record<string, unknown>[];
  readonly config?: Record<string, unknown>;
}

async function verdictOf({ planned = [], whole, config = {} }: Plan) {
  const verdicts = await verdictsOf(
    "budget-checker",
    { max_cost: 1000, prices: PRICES, ...config },
    ...planned.map((one) => ["post-plan-resource", one] as const),
    ["plan-stage-complete", { run: RUN, resources: whole }],
  );
  return verdicts[verdicts.length - 1];
}

async function sumOf(plan: Plan): Promise<unknown> {
  return (await verdictOf(plan))?.metadata?.["monthly_cost"];
}

describe("budget-checker, where costs are attached to resources", () => {
  it("adds up all that is there after the plan, whether it was planned or not", async () => {
    const changed = toy("changed", 20, { action: "update" });
    expect(await sumOf({ planned: [changed], whole: [changed, toy("same", 300), toy("aside", 4.5)] })).toBe(324.5);
  });

  it("fails a plan for what it leaves aside", async () => {
    const changed = toy("changed", 20, { action: "update" });
    const verdict = await verdictOf({ planned: [changed], whole: [changed, toy("aside", 990)] });
    expect(verdict?.status).toBe("fail");
    expect(verdict?.message).toBe(
      "1010.00 USD a month is over the 1000.00 USD allowed; most of it: toy.aside 990.00 USD, toy.changed 20.00 USD",
    );
  });

  it("does not count what is deleted or forgotten, nor data", async () => {
    const whole = [
      toy("gone", 500, { action: "delete", after: null }),
      toy("forgotten", 500, { after: null }),
      toy("data", 500, { mode: "data", action: "read" }),
      toy("there", 7),
    ];
    expect(await sumOf({ whole })).toBe(7);
  });

  it("counts a replaced resource once, with its new cost, beside its deposed object", async () => {
    const replaced = toy("one", 40, { action: "replace", before: { size: "l" } });
    const deposed = toy("one", 40, { action: "delete", after: null });
    expect(await sumOf({ planned: [replaced], whole: [replaced, deposed] })).toBe(40);
  });

  it("prices by itself what has no cost attached", async () => {
    expect(await sumOf({ whole: [toy("one", 40), toy("two"), toy("three", undefined, { type: "other" })] })).toBe(41.1);
  });

  it.each([["40"], [-1], [null], [{}]])("prices by itself where %j is attached, which is no cost", async (cost) => {
    expect(await sumOf({ whole: [toy("one", 40), toy("two", cost)] })).toBe(41.1);
  });

  it("takes the costs of the integration that it is told", async () => {
    const two = toy("two", 500, { metadata: { prices: { monthly_cost: 2 } } });
    expect(await sumOf({ whole: [toy("one", 500), two], config: { cost_from: "prices" } })).toBe(3.1);
  });

  it("counts a cost of another currency as one that is not known", async () => {
    const metadata = { cost_estimator: { monthly_cost: 500, currency: "EUR" } };
    const verdict = await verdictOf({ whole: [toy("one", 40), toy("two", undefined, { metadata })] });
    expect(verdict?.metadata).toMatchObject({ monthly_cost: 40 });
    expect(verdict?.message).toContain("1 without a price");
  });

  it("fails at a resource whose attached cost alone is over the budget", async () => {
    const event = ["post-plan-resource", toy("one", 1000.01)] as const;
    const [verdict] = await verdictsOf("budget-checker", { max_cost: 1000 }, event);
    expect(verdict).toMatchObject({ status: "fail", findings: [{ rule: "budget", severity: "high" }] });
    expect(verdict?.findings[0]).not.toHaveProperty("path");
  });

  it("adds up what was planned where no cost is attached to anything that remains", async () => {
    const gone = toy("gone", 500, { action: "delete", after: null });
    expect(await sumOf({ planned: [toy("one")], whole: [toy("one"), toy("aside"), gone] })).toBe(1.1);
  });

  it("takes no name of the prototype for an integration", async () => {
    expect(await sumOf({ planned: [toy("one")], whole: [toy("one")], config: { cost_from: "__proto__" } })).toBe(1.1);
  });

  it.each([{ cost_from: "" }, { cost_from: 5 }])("refuses the configuration %j", async (config) => {
    expect(await initializeAnswer("budget-checker", { max_cost: 1, ...config })).toMatchObject({
      error: { code: -32602 },
    });
  });
});
