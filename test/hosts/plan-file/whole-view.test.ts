import { describe, expect, it } from "vitest";
import { viewPlan } from "../../../src/hosts/plan-file/plan-view.js";
import { change, eventsOf, planOf } from "./plans.js";
import { TOKEN } from "../../support/tokens.js";
import { SecretSet } from "../../../src/hosts/sensitive/secret-set.js";

/** An object as the prior state of a plan has it. */
function held(address: string, values: object, more: object = {}): object {
  const [type, name] = address.split(".").slice(-2);
  return { address, mode: "managed", type, name, values, sensitive_values: {}, provider_name: "a/b/c", ...more };
}

function state(...resources: readonly object[]): object {
  return { prior_state: { values: { root_module: { resources } } } };
}

function wholeOf(parts: object): readonly string[] {
  return viewPlan(planOf(parts), new SecretSet()).whole.map(({ address, action }) => `${address} ${action}`);
}

describe("the whole view of a plan", () => {
  it("holds what the plan leaves aside, as the state has it", () => {
    const parts = {
      resource_changes: [change("vm.changed", ["update"], { x: 1 }, { x: 2 })],
      ...state(held("vm.changed", { x: 1 }), held("vm.aside", { x: 7 })),
    };
    expect(wholeOf(parts)).toEqual(["vm.changed update", "vm.aside no-op"]);
    const [complete] = eventsOf(parts).slice(-1);
    expect(complete?.params).toMatchObject({
      resources: [{}, { address: "vm.aside", action: "no-op", before: { x: 7 }, after: { x: 7 }, after_unknown: {} }],
    });
  });

  it("holds all of the state where the plan has no changes of resources at all", () => {
    const modules = { address: "module.m", resources: [held("module.m.vm.b", {})] };
    const prior_state = { values: { root_module: { resources: [held("vm.a", {})], child_modules: [modules] } } };
    const { whole } = viewPlan(planOf({ prior_state }), new SecretSet());
    expect(whole.map(({ address, change: { module_address } }) => [address, module_address])).toEqual([
      ["vm.a", null],
      ["module.m.vm.b", "module.m"],
    ]);
  });

  it("brings no event of a resource that the plan leaves aside", () => {
    expect(eventsOf(state(held("vm.aside", {}))).map(({ hook }) => hook)).toEqual([
      "plan-stage-start",
      "plan-stage-complete",
    ]);
  });

  it("holds data sources behind resources", () => {
    const parts = state(held("data.zone.z", {}, { mode: "data" }), held("vm.a", {}));
    expect(wholeOf(parts)).toEqual(["vm.a no-op", "data.zone.z read"]);
  });

  it("holds an object that will be forgotten as the plan has it, not as the state has it", () => {
    const parts = { resource_changes: [change("vm.a", ["forget"], {}, null)], ...state(held("vm.a", {})) };
    expect(viewPlan(planOf(parts), new SecretSet()).whole.map(({ hasAfter }) => hasAfter)).toEqual([false]);
  });

  it("leaves out deposed objects of the state, and what the plan does with them leaves the current one as it is", () => {
    const deposed = { deposed: "4f2a" };
    const parts = {
      resource_changes: [change("vm.a", ["delete"], {}, null, deposed)],
      ...state(held("vm.a", {}), held("vm.a", {}, { deposed_key: "4f2a" })),
    };
    expect(wholeOf(parts)).toEqual(["vm.a delete", "vm.a no-op"]);
  });

  it("does not guess at a resource whose change is not understood", () => {
    expect(wholeOf({ resource_changes: [change("vm.a", ["open"], {}, {})], ...state(held("vm.a", {})) })).toEqual([]);
  });

  it("holds no secret of what the plan leaves aside", () => {
    const secret = held("vm.a", { password: "hunter2-hunter2" }, { sensitive_values: { password: true } });
    const [complete] = eventsOf(state(secret)).slice(-1);
    expect(complete?.params).toMatchObject({
      resources: [{ before: { password: TOKEN }, sensitive: [["password"]] }],
    });
    expect(JSON.stringify(complete)).not.toContain("hunter2");
  });
});
