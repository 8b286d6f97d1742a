import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { graver, reduceResults } from "../../src/runtime/reduce.js";
import type { IntegrationResult, ResultStatus } from "../../src/runtime/types.js";

const result = (status: ResultStatus): IntegrationResult => ({
  integration: "x",
  provider: null,
  hook: "post-plan-resource",
  address: null,
  status,
  message: "",
  findings: [],
  metadata: undefined,
  error: null,
});
const statuses = fc.array(fc.constantFrom<ResultStatus>("success", "warn", "fail", "error"));

describe("the reduction", () => {
  it("is pass without results", () => {
    expect(reduceResults([])).toBe("pass");
  });

  it("is the gravest status: error > fail > warn > success", () => {
    fc.assert(
      fc.property(statuses, (all) => {
        const gravest = (["error", "fail", "warn"] as const).find((status) => all.includes(status)) ?? "pass";
        expect(reduceResults(all.map(result))).toBe(gravest);
      }),
    );
  });

  it("does not depend on the order", () => {
    fc.assert(
      fc.property(statuses, (all) => {
        expect(reduceResults(all.map(result))).toBe(reduceResults([...all].reverse().map(result)));
      }),
    );
  });

  it("of two verdicts is the graver one", () => {
    expect([graver("pass", "warn"), graver("fail", "warn"), graver("error", "fail"), graver("pass", "pass")]).toEqual([
      "warn",
      "fail",
      "error",
      "pass",
    ]);
  });
});
