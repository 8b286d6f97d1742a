import { describe, expect, it } from "vitest";
import { PlanCall } from "../../../../../src/hosts/terraform/interposer/calls/plan-call.js";
import { idIn } from "../../../../../src/hosts/terraform/records/object-id.js";
import { readPlanResponse } from "../../../../../src/hosts/terraform/tfplugin/calls.js";
import { planRequest, planResponse, thing, TYPE, UNKNOWN } from "../messages.js";
import { appended, exchange, heard, hooksOf, idOf, openSession, paramsOf, says, single, SOURCE } from "../sessions.js";
import type { SessionOptions } from "../sessions.js";
import { TOKEN } from "../../../../support/tokens.js";

const CONFIG = thing({ name: "a", secret: "hunter2-hunter2", size: 1 });
const REQUEST = planRequest({ config: CONFIG, proposed: CONFIG });
const RESPONSE = planResponse({ planned: { ...CONFIG, id: UNKNOWN } });

async function plan(options: SessionOptions = {}, request = REQUEST, response = RESPONSE) {
  const opened = openSession({ answers: { one: says({}) }, blocks: [single("mock_thing.one")], ...options });
  return { ...opened, ...(await exchange(new PlanCall(opened.session), request, response)) };
}

describe("planning a new object", () => {
  it("is told before and after, with what is known then", async () => {
    const { runtime } = await plan();
    expect(hooksOf(runtime.events)).toEqual(["pre-plan-resource", "post-plan-resource"]);
    const common = {
      address: "mock_thing.one",
      mode: "managed",
      type: TYPE,
      name: "one",
      index: null,
      module: null,
      provider: { source: SOURCE, alias: null },
      action: "create",
      before: null,
    };
    expect(paramsOf(runtime.events, "pre-plan-resource")).toMatchObject({
      ...common,
      after: null,
      after_unknown: null,
    });
    expect(paramsOf(runtime.events, "post-plan-resource")).toMatchObject({
      ...common,
      after: { name: "a", size: 1, secret: TOKEN, tags: null },
      after_unknown: { id: true },
      sensitive: [["secret"]],
    });
  });

  it("tells its configuration, secrets taken out", async () => {
    const { runtime } = await plan();
    expect(paramsOf(runtime.events, "pre-plan-resource").config).toEqual({
      mode: "managed",
      type: TYPE,
      name: "one",
      expressions: {
        name: { constant_value: "a" },
        secret: { constant_value: TOKEN },
        size: { constant_value: 1 },
      },
    });
  });

  it("tells what can be meant when that is in doubt", async () => {
    const blocks = [single("module.m.mock_thing.a"), single("module.m.mock_thing.b")];
    const { runtime } = await plan({ blocks });
    expect(paramsOf(runtime.events, "post-plan-resource")).toMatchObject({
      address: null,
      address_candidates: ["module.m.mock_thing.a", "module.m.mock_thing.b"],
      name: "",
      module: "module.m",
    });
  });

  it("sends the request on as it is, and the answer with an id behind it", async () => {
    const { forward, answer } = await plan();
    expect(Buffer.from(forward)).toEqual(Buffer.from(REQUEST));
    appended(answer, RESPONSE);
    expect(idIn(readPlanResponse(answer).plannedPrivate)).not.toBeNull();
  });

  it("gives each object an id of its own", async () => {
    const { session } = openSession({ answers: { one: says({}) } });
    const ids = [];
    for (let at = 0; at < 3; at += 1) {
      const { answer } = await exchange(new PlanCall(session), REQUEST, RESPONSE);
      ids.push(idOf(readPlanResponse(answer).plannedPrivate));
    }
    expect(new Set(ids).size).toBe(3);
  });

  it("keeps results by that id, so that the plan can tell where they belong", async () => {
    const { judge, answer } = await plan({ blocks: [] });
    const id = idOf(readPlanResponse(answer).plannedPrivate);
    expect(judge.hasAsked("post-plan-resource", id)).toBe(true);
    expect(judge.results.map(({ address }) => address)).toEqual([null, null]);
    judge.rekey((one) => (one === id ? "mock_thing.one[0]" : undefined));
    expect(judge.results.map(({ address }) => address)).toEqual(["mock_thing.one[0]", "mock_thing.one[0]"]);
  });
});

describe("what integrations say of a new object", () => {
  it("stops it before the provider is asked", async () => {
    const { session, runtime } = openSession({ answers: { one: says({ status: "fail", message: "too dear" }) } });
    const decision = await new PlanCall(session).request(REQUEST);
    expect("answer" in decision && heard("plan", decision.answer)).toEqual(["error: one: too dear"]);
    expect(hooksOf(runtime.events)).toEqual(["pre-plan-resource"]);
  });

  it("is an error behind the provider's answer afterwards", async () => {
    const { answer } = await plan({ answers: { one: says({ status: "fail", message: "no" }, "post-plan-resource") } });
    appended(answer, RESPONSE);
    expect(heard("plan", answer)).toEqual(["error: one: no"]);
  });

  it("is a warning of both moments, the earlier one first", async () => {
    const { answer } = await plan({
      answers: {
        before: says({ status: "warn", message: "hm" }, "pre-plan-resource"),
        after: says({ status: "warn", message: "oh" }, "post-plan-resource"),
      },
    });
    expect(heard("plan", answer)).toEqual(["warning: before: hm", "warning: after: oh"]);
  });

  it("is nothing when they agree", async () => {
    const { answer } = await plan();
    expect(heard("plan", answer)).toEqual([]);
  });

  it("comes with the provider's own errors only of what was before them", async () => {
    const response = planResponse({ planned: CONFIG, error: "no such size" });
    const { runtime, answer } = await plan(
      { answers: { one: says({ status: "warn", message: "hm" }) } },
      REQUEST,
      response,
    );
    expect(hooksOf(runtime.events)).toEqual(["pre-plan-resource"]);
    expect(heard("plan", answer)).toEqual(["error: no such size", "warning: one: hm"]);
  });
});

describe("a provider whose private bytes take no id", () => {
  it("keeps them, and the object is known by its value", async () => {
    const bytes = Buffer.from("destroy planned");
    const response = planResponse({ planned: CONFIG, private: bytes });
    const { answer, judge } = await plan({}, REQUEST, response);
    expect(appended(answer, response)).toHaveLength(0);
    expect(Buffer.from(readPlanResponse(answer).plannedPrivate)).toEqual(bytes);
    expect(judge.takeUnmarked(TYPE, CONFIG)).toBe(true);
    expect(judge.takeUnmarked(TYPE, CONFIG)).toBe(false);
  });

  it("that are an object keeps all that stands in them", async () => {
    const response = planResponse({ planned: CONFIG, private: Buffer.from('{"k":"InYi"}') });
    const { answer } = await plan({}, REQUEST, response);
    expect(JSON.parse(Buffer.from(readPlanResponse(answer).plannedPrivate).toString())).toMatchObject({ k: "InYi" });
  });
});
