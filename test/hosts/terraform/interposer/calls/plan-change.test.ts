import { describe, expect, it } from "vitest";
import { PlanCall } from "../../../../../src/hosts/terraform/interposer/calls/plan-call.js";
import { readPlanRequest, readPlanResponse } from "../../../../../src/hosts/terraform/tfplugin/calls.js";
import { readPrivate } from "../../../../../src/hosts/terraform/tfplugin/private-entry.js";
import { stateObject } from "../../records/books.js";
import { planRequest, planResponse, thing, UNKNOWN } from "../messages.js";
import { appended, exchange, hooksOf, idOf, marked, openSession, paramsOf, says } from "../sessions.js";
import type { SessionOptions } from "../sessions.js";
import { TOKEN } from "../../../../support/tokens.js";

const PRIOR = thing({ id: "i-1", name: "a", size: 1 });
const CONFIG = thing({ name: "a", size: 2 });
const PROPOSED = thing({ id: "i-1", name: "a", size: 2 });

interface Case {
  readonly prior?: unknown;
  readonly proposed?: unknown;
  readonly config?: unknown;
  readonly planned?: unknown;
  readonly private?: Uint8Array;
  readonly replace?: readonly string[];
}

async function plan(given: Case = {}, options: SessionOptions = {}) {
  const opened = openSession({ answers: { one: says({}) }, ...options });
  opened.run.book.addState([stateObject({ attributes: PRIOR, private: marked("before") })]);
  const request = planRequest({
    prior: PRIOR,
    proposed: PROPOSED,
    config: CONFIG,
    private: marked("before"),
    ...given,
  });
  const response = planResponse({
    planned: "planned" in given ? given.planned : PROPOSED,
    replace: given.replace ?? [],
  });
  return { ...opened, request, response, ...(await exchange(new PlanCall(opened.session), request, response)) };
}

describe("planning a change of an object", () => {
  it("tells the value before and after", async () => {
    const { runtime } = await plan();
    expect(paramsOf(runtime.events, "pre-plan-resource")).toMatchObject({
      address: "mock_thing.one",
      action: "update",
      before: { id: "i-1", size: 1 },
      after: null,
    });
    expect(paramsOf(runtime.events, "post-plan-resource")).toMatchObject({
      action: "update",
      before: { size: 1 },
      after: { size: 2 },
      after_unknown: {},
    });
  });

  it.each<[string, Case, string, string]>([
    ["nothing changes", { proposed: PRIOR, planned: PRIOR }, "no-op", "no-op"],
    ["the provider undoes it", { planned: PRIOR }, "update", "no-op"],
    ["a part becomes unknown", { proposed: PRIOR, planned: { ...PRIOR, size: UNKNOWN } }, "no-op", "update"],
    ["it goes", { proposed: null, config: null, planned: null }, "delete", "delete"],
  ])("says what happens when %s", async (_, given, before, after) => {
    const { runtime } = await plan(given);
    expect(paramsOf(runtime.events, "pre-plan-resource").action).toBe(before);
    expect(paramsOf(runtime.events, "post-plan-resource").action).toBe(after);
  });

  it("of an object that goes has no configuration, and nothing after it", async () => {
    const { runtime } = await plan({ proposed: null, config: null, planned: null });
    expect(paramsOf(runtime.events, "post-plan-resource")).toMatchObject({
      config: null,
      before: { id: "i-1" },
      after: null,
      after_unknown: {},
    });
  });

  it("hides what the configuration made sensitive in the state, before and after", async () => {
    const opened = openSession({ answers: { one: says({}) } });
    opened.run.book.addState([stateObject({ attributes: PRIOR, private: marked("before"), sensitive: [["name"]] })]);
    const request = planRequest({ prior: PRIOR, proposed: PROPOSED, config: CONFIG, private: marked("before") });
    await exchange(new PlanCall(opened.session), request, planResponse({ planned: PROPOSED }));
    const params = paramsOf(opened.runtime.events, "post-plan-resource");
    expect(params).toMatchObject({ before: { name: TOKEN }, after: { name: TOKEN } });
    expect(params.sensitive).toEqual([["name"]]);
    expect(params.config).toMatchObject({ expressions: { name: { constant_value: TOKEN } } });
  });

  it("is found by its value where it has no id", async () => {
    const { runtime } = await plan({ private: new Uint8Array(0) });
    expect(paramsOf(runtime.events, "pre-plan-resource").address).toBe("mock_thing.one");
  });

  it("of an object that no record has is looked for in the configuration", async () => {
    const block = { address: "mock_thing.two", single: true, alias: null };
    const elsewhere = { ...PRIOR, id: "i-9" };
    const { runtime } = await plan({ prior: elsewhere, private: new Uint8Array(0) }, { blocks: [block] });
    expect(paramsOf(runtime.events, "pre-plan-resource").address).toBe("mock_thing.two");
  });
});

describe("our id in private bytes", () => {
  it("never reaches the provider, which gets what it wrote itself", async () => {
    const { forward } = await plan({ private: marked("before", '{"k":"InYi"}') });
    expect(Buffer.from(readPlanRequest(forward).priorPrivate).toString()).toBe('{"k":"InYi"}');
    expect(Buffer.from(forward).includes("airlock")).toBe(false);
  });

  it("leaves no field behind where the provider had none", async () => {
    const { forward } = await plan();
    expect(Buffer.from(forward)).toEqual(
      Buffer.from([...planRequest({ prior: PRIOR, proposed: PROPOSED, config: CONFIG })]),
    );
  });

  it("is a new one for the plan", async () => {
    const { answer, response } = await plan();
    appended(answer, response);
    expect(idOf(readPlanResponse(answer).plannedPrivate)).not.toBe("before");
  });

  it("stays in the state when nobody listens, and the provider does not see it either", async () => {
    const { forward, answer, runtime } = await plan({}, { wants: () => false });
    expect(runtime.events).toEqual([]);
    expect(Buffer.from(forward).includes("airlock")).toBe(false);
    expect(idOf(readPlanResponse(answer).plannedPrivate)).toBe("before");
  });

  it("is not put where there was none, when nobody listens", async () => {
    const { forward, request, answer, response } = await plan({ private: Buffer.from("{}") }, { wants: () => false });
    expect(Buffer.from(forward)).toEqual(Buffer.from(request));
    expect(appended(answer, response)).toHaveLength(0);
  });

  it("leaves bytes that hold something foreign under our key as they are", async () => {
    const foreign = Buffer.from('{"airlock":"not ours"}');
    const { forward, request } = await plan({ private: foreign });
    expect(Buffer.from(forward)).toEqual(Buffer.from(request));
    expect(readPrivate(foreign).kind).toBe("foreign");
  });
});

describe("a plan that belongs to something else", () => {
  it.each(["apply", "refresh", "import", "show", "validate"] as const)("is not judged in %s", async (phase) => {
    const { runtime, answer } = await plan({}, { phase });
    expect(runtime.events).toEqual([]);
    // The object keeps an id all the same.
    expect(idOf(readPlanResponse(answer).plannedPrivate)).toEqual(expect.any(String));
  });

  it("is judged while destroying only where it is the destruction", async () => {
    expect((await plan({}, { phase: "destroy-plan" })).runtime.events).toEqual([]);
    const gone = { proposed: null, config: null, planned: null };
    const { runtime } = await plan(gone, { phase: "destroy-plan" });
    expect(hooksOf(runtime.events)).toEqual(["pre-plan-resource", "post-plan-resource"]);
  });
});
