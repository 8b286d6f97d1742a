import { describe, expect, it } from "vitest";
import { initializeAnswer, resource, RUN, verdictsOf } from "../../../test/samples/harness.js";

/** What `cost_estimator` attached, and what an earlier run of the tracker itself stored: it is called `sample` here. */
function metadata(cost: unknown, history?: unknown): Record<string, unknown> {
  const attached = cost === undefined ? {} : { cost_estimator: { monthly_cost: cost, currency: "USD" } };
  return history === undefined ? attached : { ...attached, sample: { history } };
}

function entry(run: string, cost: number, more: object = {}) {
  return { run, command: "apply", monthly_cost: cost, currency: "USD", ...more };
}

const THIS = entry(RUN.id, 7.6, { command: RUN.command });

async function tracked(over: Record<string, unknown>, config: unknown = {}, hook = "post-plan-resource") {
  const [verdict] = await verdictsOf("cost-tracker", config, [hook, resource(over)]);
  return verdict?.metadata;
}

describe("cost-tracker", () => {
  it("begins the history of a resource with the run that creates it", async () => {
    expect(await tracked({ metadata: metadata(7.6) })).toEqual({ history: [THIS] });
  });

  it.each(["create", "update", "replace"])("adds the run of a %s though the cost is the same", async (action) => {
    const stored = metadata(7.6, [entry("run-0", 7.6)]);
    expect(await tracked({ action, metadata: stored })).toEqual({ history: [entry("run-0", 7.6), THIS] });
  });

  it.each([
    ["post-plan-resource", "no-op"],
    ["post-refresh-resource", "no-op"],
    ["post-refresh-resource", "update"],
  ])("leaves what is stored as it is where %s of %s finds the same cost", async (hook, action) => {
    expect(await tracked({ action, metadata: metadata(7.6, [entry("run-0", 7.6)]) }, {}, hook)).toBeUndefined();
  });

  it.each([
    ["another cost", [entry("run-0", 5)]],
    ["the same number of another currency", [entry("run-0", 7.6, { currency: "EUR" })]],
    ["no history", undefined],
  ])("adds a run that changes nothing and finds %s", async (_what, history) => {
    const found = await tracked({ action: "no-op", metadata: metadata(7.6, history) }, {}, "post-refresh-resource");
    expect(found).toEqual({ history: [...(history ?? []), THIS] });
  });

  it("adds every run when it is told to", async () => {
    const stored = metadata(7.6, [entry("run-0", 7.6)]);
    const found = await tracked({ action: "no-op", metadata: stored }, { every_run: true }, "post-refresh-resource");
    expect(found).toEqual({ history: [entry("run-0", 7.6), THIS] });
  });

  it("has one entry for each run, with the cost that it ends with", async () => {
    const stored = metadata(7.6, [entry("run-0", 5), entry(RUN.id, 5)]);
    expect(await tracked({ action: "update", metadata: stored })).toEqual({ history: [entry("run-0", 5), THIS] });
  });

  it("names the run that applies a saved plan in place of the one that planned it", async () => {
    const planned = entry("run-1x", 7.6, { command: "plan" });
    const of = (last: object) => tracked({ action: "update", metadata: metadata(7.6, [entry("run-0", 5), last]) });
    expect(await of(planned)).toEqual({ history: [entry("run-0", 5), THIS] });
    // Of another cost, it was another plan, which core applied alone.
    const other = { ...planned, monthly_cost: 6 };
    expect(await of(other)).toEqual({ history: [entry("run-0", 5), other, THIS] });
  });

  it("forgets the oldest runs beyond its limit, and none up to it", async () => {
    const many = Array.from({ length: 12 }, (_, index) => entry(`run-${index + 2}`, index));
    const of = (count: number, config?: unknown) => tracked({ metadata: metadata(7.6, many.slice(0, count)) }, config);
    expect(await of(9)).toEqual({ history: [...many.slice(0, 9), THIS] });
    expect(await of(10)).toEqual({ history: [...many.slice(1, 10), THIS] });
    expect(await of(12, { runs: 2 })).toEqual({ history: [many[11], THIS] });
    expect(await of(12, { runs: 1 })).toEqual({ history: [THIS] });
  });

  it("stays below 8 KiB, whatever runs are called", async () => {
    const history = Array.from({ length: 60 }, (_, index) =>
      entry(`${index}-${"x".repeat(500)}`, 123_456.78, { command: "c".repeat(500), currency: "$".repeat(500) }),
    );
    const found = await tracked({ metadata: metadata(1, history) }, { runs: 50 });
    expect(found).toMatchObject({ history: { length: 50 } });
    expect(JSON.stringify(found).length).toBeLessThan(8 * 1024);
  });

  it.each([
    ["is deleted", { action: "delete", after: null, metadata: metadata(7.6) }],
    ["is data", { mode: "data", action: "read", metadata: metadata(7.6) }],
    ["has no cost", { metadata: metadata(undefined, [entry("run-0", 5)]) }],
    ["has a cost that is none", { metadata: metadata("7.6", [entry("run-0", 5)]) }],
    ["has a cost below nothing", { metadata: metadata(-1) }],
  ])("has no say where the resource %s", async (_what, over) => {
    expect(await tracked(over)).toBeUndefined();
  });

  it("takes the costs of the integration that it is told", async () => {
    const stored = { prices: { monthly_cost: 7.6 }, cost_estimator: { monthly_cost: 1 } };
    expect(await tracked({ metadata: stored }, { cost_from: "prices" })).toEqual({ history: [THIS] });
  });

  it("leaves out stored entries that are none", async () => {
    const broken = [null, 5, [], {}, { ...entry("run-0", 5), run: 5 }, entry("run-0", -5), entry("run-1x", 5)];
    expect(await tracked({ metadata: metadata(7.6, broken) })).toEqual({ history: [entry("run-1x", 5), THIS] });
    expect(await tracked({ metadata: metadata(7.6, "none") })).toEqual({ history: [THIS] });
  });

  it("takes no name of the prototype for an integration", async () => {
    expect(await tracked({ metadata: {} }, { cost_from: "constructor" })).toBeUndefined();
    expect(await tracked({ metadata: {} }, { cost_from: "__proto__" })).toBeUndefined();
  });

  it.each([
    { runs: 0 },
    { runs: 51 },
    { runs: 1.5 },
    { runs: "10" },
    { cost_from: "" },
    { cost_from: 5 },
    { every_run: "yes" },
  ])("refuses the configuration %j", async (config) => {
    expect(await initializeAnswer("cost-tracker", config)).toMatchObject({ error: { code: -32602 } });
  });

  it("takes 1 to 50 runs, may run in several instances and numbers its metadata", async () => {
    for (const runs of [1, 50]) {
      expect(await initializeAnswer("cost-tracker", { runs })).toMatchObject({
        result: { stateless: true, metadata_version: 1 },
      });
    }
  });
});
