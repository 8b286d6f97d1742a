import { describe, expect, it } from "vitest";
import { initializeAnswer, resource, RUN, verdictsOf } from "../../../test/samples/harness.js";

const STAGE = ["plan-stage-complete", { run: RUN, resources: [] }] as const;
const PRICES = { toy: { attribute: "size", sizes: { s: 1.1, m: 2.2, l: 300 } } };

function toy(size: string, over: Record<string, unknown> = {}) {
  return ["post-plan-resource", resource({ address: `toy.${size}`, type: "toy", after: { size }, ...over })] as const;
}

async function last(maxCost: number, ...events: (readonly [string, unknown])[]) {
  const verdicts = await verdictsOf("budget-checker", { max_cost: maxCost, prices: PRICES }, ...events, STAGE);
  return verdicts[verdicts.length - 1];
}

describe("budget-checker", () => {
  it("passes a plan within the budget and tells the sum", async () => {
    expect(await last(5, toy("s"), toy("m"))).toEqual({
      status: "success",
      message: "3.30 USD a month of 5.00 USD allowed",
      findings: [],
      metadata: { monthly_cost: 3.3, max_cost: 5, currency: "USD" },
    });
  });

  it("passes at the budget and fails a cent above it", async () => {
    expect((await last(3.3, toy("s"), toy("m")))?.status).toBe("success");
    expect((await last(3.29, toy("s"), toy("m")))?.status).toBe("fail");
  });

  it("names the sum and the most expensive resources first", async () => {
    const verdict = await last(10, toy("s"), toy("l"), toy("m"));
    expect(verdict?.message).toBe(
      "303.30 USD a month is over the 10.00 USD allowed; most of it: toy.l 300.00 USD, toy.m 2.20 USD, toy.s 1.10 USD",
    );
    expect(verdict?.findings[0]).toMatchObject({ rule: "budget", severity: "high" });
  });

  it("fails at a resource that alone is over the budget, and at no other", async () => {
    const verdicts = await verdictsOf("budget-checker", { max_cost: 2.2, prices: PRICES }, toy("m"), toy("l"), STAGE);
    expect(verdicts.map(({ status }) => status)).toEqual(["success", "fail", "fail"]);
    expect(verdicts[1]).toMatchObject({
      message: "300.00 USD a month alone is over the 2.20 USD allowed",
      findings: [{ rule: "budget", severity: "high", path: ["size"] }],
    });
  });

  it("names a resource whose address is not known yet by what it can be", async () => {
    const verdict = await last(1, toy("l", { address: null, address_candidates: ["toy.a", "toy.b"] }));
    expect(verdict?.findings[0]?.message).toBe("toy.a or toy.b costs 300.00 USD a month");
  });

  it("names at most five resources", async () => {
    const many = Array.from({ length: 9 }, () => toy("l"));
    expect((await last(1, ...many))?.findings).toHaveLength(5);
  });

  it("adds up without rounding errors", async () => {
    const many = Array.from({ length: 1000 }, () => toy("s"));
    expect((await last(1100, ...many))?.metadata).toMatchObject({ monthly_cost: 1100 });
  });

  it.each([
    ["deleted", { action: "delete", after: null }],
    ["data", { mode: "data", action: "read" }],
    ["of a type without prices", { type: "other" }],
  ])("does not count what is %s", async (_what, over) => {
    expect((await last(0, toy("l", over)))?.status).toBe("success");
  });

  it.each(["no-op", "update", "replace"])("counts what is there after %s", async (action) => {
    expect((await last(0, toy("l", { action })))?.status).toBe("fail");
  });

  it("warns at a size without a price and says so at the end", async () => {
    const verdicts = await verdictsOf("budget-checker", { max_cost: 1, prices: PRICES }, toy("xxl"), STAGE);
    expect(verdicts.map(({ status }) => status)).toEqual(["warn", "success"]);
    expect(verdicts[0]?.findings[0]?.path).toEqual(["size"]);
    expect(verdicts[1]?.message).toContain("1 without a price");
  });

  it("starts anew with every plan stage", async () => {
    expect((await last(5, toy("l"), ["plan-stage-start", { run: RUN }], toy("s")))?.status).toBe("success");
  });

  it("has built-in prices that single sizes can override", async () => {
    const instance = (size: string) => ["post-plan-resource", resource({ after: { instance_type: size } })] as const;
    const prices = { aws_instance: { sizes: { "t3.micro": 1 } } };
    const verdicts = await verdictsOf(
      "budget-checker",
      { max_cost: 1000, prices },
      instance("t3.micro"),
      instance("t3.large"),
      STAGE,
    );
    expect(verdicts[2]?.metadata).toMatchObject({ monthly_cost: 61.7 });
  });

  it.each([
    {},
    { max_cost: -1 },
    { max_cost: "5" },
    { max_cost: 1, prices: [] },
    { max_cost: 1, prices: { toy: {} } },
    { max_cost: 1, prices: { toy: { attribute: "size", sizes: { s: -1 } } } },
    { max_cost: 1, prices: { toy: { attribute: "size", default: "x" } } },
  ])("refuses the configuration %j", async (config) => {
    expect(await initializeAnswer("budget-checker", config)).toMatchObject({ error: { code: -32602 } });
  });

  it("keeps a sum, so it must not run in several instances", async () => {
    const answer = await initializeAnswer("budget-checker", { max_cost: 1 });
    expect(answer).toMatchObject({ result: { name: "budget-checker" } });
    expect(answer).not.toMatchObject({ result: { stateless: true } });
  });
});
