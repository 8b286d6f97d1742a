import { describe, expect, it } from "vitest";
import * as v from "valibot";
import { planJson, RESOURCE_BYTES } from "../../bench/plan.js";
import { isTagged } from "../../bench/resources.js";
import { PlanSchema } from "../../src/hosts/plan-file/plan-schema.js";

function planOf(count: number) {
  return v.parse(PlanSchema, JSON.parse([...planJson(count)].join("")));
}

describe("a generated plan", () => {
  it.each([0, 1, 25])("holds %d resources in every part", (count) => {
    const plan = planOf(count);
    expect(plan.resource_changes).toHaveLength(count);
    expect(plan.planned_values?.root_module?.resources).toHaveLength(count);
    expect(plan.configuration?.root_module?.resources).toHaveLength(count);
  });

  it("names every resource once, and alike in every part", () => {
    const plan = planOf(25);
    const addresses = plan.resource_changes.map(({ address }) => address);
    expect(new Set(addresses).size).toBe(25);
    expect(plan.planned_values?.root_module?.resources.map(({ address }) => address)).toEqual(addresses);
    expect(plan.configuration?.root_module?.resources.map(({ address }) => address)).toEqual(addresses);
  });

  it("creates, updates and keeps resources of about a kilobyte", () => {
    const { resource_changes: changes } = planOf(10);
    expect(changes.map(({ change }) => change.actions[0])).toEqual([
      ...Array.from({ length: 7 }, () => "create"),
      "update",
      "update",
      "no-op",
    ]);
    for (const { change } of changes) expect(JSON.stringify(change.after)).toHaveLength(RESOURCE_BYTES);
  });

  it("has a value before each change but a creation", () => {
    for (const { change } of planOf(10).resource_changes) {
      expect(change.before === null).toBe(change.actions[0] === "create");
    }
  });

  it("creates each resource that lacks a tag, so that the policy judges it", () => {
    const untagged = planOf(40).resource_changes.filter((_, index) => !isTagged(index));
    expect(untagged.map(({ change }) => change.actions)).toEqual(untagged.map(() => ["create"]));
  });
});
