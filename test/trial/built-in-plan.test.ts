import { describe, expect, it } from "vitest";
import { checkPlan } from "../../src/hosts/plan-file/check.js";
import { readPlan } from "../../src/hosts/plan-file/read-plan.js";
import { builtInPlan } from "../../src/trial/built-in-plan.js";
import { FakeRuntime } from "../hosts/fake-runtime.js";

async function* inMemory(): AsyncGenerator<string> {
  yield await Promise.resolve(builtInPlan());
}

describe("the built-in plan", () => {
  it("is a plan like any other, and nothing of it is left out", async () => {
    const runtime = new FakeRuntime();
    const { resources, notices } = await checkPlan({ plan: readPlan({ stream: inMemory() }), runtime });
    expect([resources, notices]).toEqual([60, []]);
  });

  it("is the same every time", () => {
    expect(builtInPlan()).toBe(builtInPlan());
  });
});
