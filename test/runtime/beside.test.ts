import { describe, expect, it } from "vitest";
import { BesideRuntime } from "../../src/runtime/beside.js";
import type { AirlockEvent } from "../../src/protocol/events.js";
import type { EventOutcome, IntegrationResult, Runtime } from "../../src/runtime/types.js";

const NAME = "budget";
const EVENT = { hook: "plan-stage-start", params: {} } as unknown as AirlockEvent;

function result(changes: Partial<IntegrationResult> = {}): IntegrationResult {
  return {
    ...{ integration: NAME, provider: null, hook: "plan-stage-start", address: null, status: "success", message: "" },
    ...{ findings: [], metadata: undefined, error: null },
    ...changes,
  };
}

/** A runtime whose guests say this; a promise is an answer that takes its time. */
function saying(answer: readonly IntegrationResult[] | Promise<never>, starting: readonly IntegrationResult[] = []) {
  const calls: string[] = [];
  const outcome = async (event: AirlockEvent): Promise<EventOutcome> => {
    calls.push("dispatch");
    return { event, verdict: "pass", results: await answer };
  };
  const runtime: Runtime = {
    start: () => Promise.resolve(starting),
    join: () => Promise.resolve([]),
    dispatch: outcome,
    async *stream(events) {
      for await (const event of events) yield await outcome(event);
    },
    wants: () => true,
    keep: () => undefined,
    report: () => [],
    stop: () => Promise.resolve([]),
    [Symbol.asyncDispose]: () => Promise.resolve(),
  };
  return { runtime, calls };
}

async function compare(current: readonly IntegrationResult[], candidate: readonly IntegrationResult[]) {
  const beside = new BesideRuntime(saying(current).runtime, {
    name: NAME,
    runtime: saying(candidate).runtime,
    declaration: (one) => one,
  });
  await beside.start();
  const { results } = await beside.dispatch(EVENT);
  await beside.stop();
  return { results, comparison: beside.comparison };
}

describe("a candidate beside the current version", () => {
  it("tells of no event over which the two agree", async () => {
    const { comparison } = await compare([result()], [result()]);
    expect(comparison).toEqual({ compared: 1, missed: 0, differing: 0, differences: [] });
  });

  it.each<[string, Partial<IntegrationResult>]>([
    ["status", { status: "fail" }],
    ["message", { message: "another" }],
    ["findings", { findings: [{ rule: "cost", severity: "high", message: "too much" }] }],
    ["metadata", { metadata: { monthly: 1 } }],
    ["fault", { status: "error", error: { code: "GUEST_TIMEOUT", message: "too slow", remedy: null } }],
  ])("tells of another %s, and the run has the current one's results alone", async (_what, changes) => {
    const current = [result(), result({ integration: "logger" })];
    const { results, comparison } = await compare(current, [result(changes)]);
    expect(results).toEqual(current);
    expect(comparison).toMatchObject({ compared: 1, differing: 1, differences: [{ candidate: changes }] });
  });

  it("tells of one that has nothing to say", async () => {
    const { comparison } = await compare([result()], []);
    expect(comparison.differences).toMatchObject([{ candidate: null }]);
  });

  it("does not let the run wait for it, and counts what it did not answer", async () => {
    const current = saying([result()]);
    const silent = saying(new Promise<never>(() => undefined));
    const beside = new BesideRuntime(current.runtime, {
      name: NAME,
      runtime: silent.runtime,
      declaration: (one) => one,
    });
    await beside.start();
    for (let at = 0; at < 1_001; at += 1) await beside.dispatch(EVENT);
    expect(silent.calls.length).toBe(1_000);
    expect(beside.comparison).toMatchObject({ compared: 0, missed: 1 });
  });

  it("says when it cannot start, which breaks nothing", async () => {
    const broken = result({ hook: "initialize", status: "error" });
    const beside = new BesideRuntime(saying([]).runtime, {
      name: NAME,
      runtime: saying([], [broken]).runtime,
      declaration: (one) => one,
    });
    expect(await beside.start()).toEqual([]);
    expect(beside.comparison.differences).toMatchObject([{ hook: "initialize", current: null, candidate: broken }]);
  });
});
