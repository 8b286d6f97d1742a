import { describe, expect, it } from "vitest";
import { CheckError } from "../../../src/hosts/plan-file/check-error.js";
import { checkPlan } from "../../../src/hosts/plan-file/check.js";
import type { AirlockEvent } from "../../../src/protocol/events.js";
import { isResourceEvent } from "../../../src/protocol/events.js";
import { FakeRuntime, resultOf } from "../fake-runtime.js";
import type { FakeOptions } from "../fake-runtime.js";
import { change, planFileOf } from "./plans.js";

const PLAN = planFileOf({
  resource_changes: [change("aws_vm.a", ["create"], null, {}), change("aws_vm.b", ["create"], null, {})],
});

function check(options: FakeOptions) {
  const runtime = new FakeRuntime(options);
  return { runtime, result: checkPlan({ plan: PLAN, runtime, runId: "run-1" }) };
}

const on =
  (hook: string, address: string | null = null) =>
  (event: AirlockEvent) =>
    event.hook === hook && (address === null || (isResourceEvent(event) && event.params.address === address));

describe("checking a plan", () => {
  it("passes when nobody objects, and keeps every answer in the order of events", async () => {
    const { runtime, result } = check({ answers: { one: () => ({}), two: () => ({}) } });
    const { verdict, results, resources, integrations } = await result;
    expect(verdict).toBe("pass");
    expect(resources).toBe(2);
    expect(integrations.map(({ name }) => name)).toEqual(["one", "two"]);
    expect(results).toHaveLength(2 * runtime.events.length);
    expect([...results].slice(0, 2).map(({ integration }) => integration)).toEqual(["one", "two"]);
    expect(runtime.stops).toBe(1);
  });

  it.each(["warn", "fail", "error"] as const)("is a %s when one answer is", async (status) => {
    const wanted = on("post-plan-resource", "aws_vm.b");
    const { result } = check({ answers: { one: (event) => (wanted(event) ? { status } : {}) } });
    expect((await result).verdict).toBe(status);
  });

  it("is an error before a fail, and a fail before a warning", async () => {
    const statuses = { "aws_vm.a": "fail", "aws_vm.b": "error" } as const;
    const { result } = check({
      answers: {
        one: (event) =>
          isResourceEvent(event)
            ? { status: statuses[event.params.address as keyof typeof statuses] }
            : { status: "warn" },
      },
    });
    expect((await result).verdict).toBe("error");
  });

  it("counts what broke at start and at stop", async () => {
    const broken = resultOf({ hook: "initialize", status: "error" });
    expect((await check({ start: [broken] }).result).verdict).toBe("error");
    const late = resultOf({ hook: "shutdown", status: "warn" });
    const { verdict, results } = await check({ stop: [late] }).result;
    expect([verdict, [...results]]).toEqual(["warn", [late]]);
  });

  it("gives what one hook attached to the hooks after it", async () => {
    const seen: unknown[] = [];
    const { result } = check({
      answers: {
        cost: (event) => {
          if (on("post-plan-resource")(event) || on("plan-stage-complete")(event)) {
            seen.push(
              isResourceEvent(event) ? event.params.metadata : (event.params as { resources?: unknown }).resources,
            );
          }
          if (on("pre-plan-resource", "aws_vm.a")(event)) return { metadata: { pre: 1 } };
          if (on("post-plan-resource", "aws_vm.a")(event)) return { metadata: { post: 2 } };
          return {};
        },
        clearing: (event) => {
          if (on("pre-plan-resource", "aws_vm.b")(event)) return { metadata: { gone: true } };
          return on("post-plan-resource", "aws_vm.b")(event) ? { metadata: null } : {};
        },
      },
    });
    await result;
    expect(seen.slice(0, 2)).toEqual([{ cost: { pre: 1 } }, { clearing: { gone: true } }]);
    expect(seen[2]).toMatchObject([
      { address: "aws_vm.a", metadata: { cost: { post: 2 } } },
      { address: "aws_vm.b", metadata: {} },
    ]);
  });

  it("builds no event that nobody wants", async () => {
    const { runtime, result } = check({ wants: (hook, type) => hook === "post-plan-resource" && type === "aws_vm" });
    await result;
    expect(runtime.events.map(({ hook }) => hook)).toEqual(["post-plan-resource", "post-plan-resource"]);
  });

  it("tells its progress", async () => {
    const steps: [number, number][] = [];
    await checkPlan({ plan: PLAN, runtime: new FakeRuntime(), onProgress: (done, total) => steps.push([done, total]) });
    expect(steps).toEqual([1, 2, 3, 4, 5, 6].map((done) => [done, 6]));
  });

  it("sends the same run with every event, with an id of its own", async () => {
    const runtime = new FakeRuntime();
    await checkPlan({ plan: PLAN, runtime });
    const runs = new Set(runtime.events.map(({ params }) => ("run" in params ? JSON.stringify(params.run) : "")));
    expect([...runs]).toHaveLength(1);
    expect([...runs][0]).toMatch(/"id":"[0-9a-f-]{36}","command":"check"/);
  });
});

describe("an interrupted check", () => {
  it("ends at once, though a guest never answers, and stops the runtime", async () => {
    const controller = new AbortController();
    const runtime = new FakeRuntime({
      answers: {
        stuck: () => {
          controller.abort();
          return new Promise<never>(() => undefined);
        },
      },
    });
    const checked = checkPlan({ plan: PLAN, runtime, signal: controller.signal });
    await expect(checked).rejects.toMatchObject({ code: "CHECK_INTERRUPTED" });
    expect(runtime.stops).toBe(1);
  });

  it("never sends an event when it was interrupted before it began", async () => {
    const runtime = new FakeRuntime();
    const checked = checkPlan({ plan: PLAN, runtime, signal: AbortSignal.abort() });
    await expect(checked).rejects.toBeInstanceOf(CheckError);
    expect([runtime.events.length, runtime.stops]).toEqual([0, 1]);
  });

  it("stops the runtime when the runtime itself fails", async () => {
    const runtime = new FakeRuntime({ answers: { odd: () => Promise.reject(new Error("of the runtime")) } });
    await expect(checkPlan({ plan: PLAN, runtime })).rejects.toThrow();
    expect(runtime.stops).toBe(1);
  });
});
