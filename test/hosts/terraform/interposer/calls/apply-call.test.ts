import { describe, expect, it } from "vitest";
import { ApplyCall } from "../../../../../src/hosts/terraform/interposer/calls/apply-call.js";
import { readApplyRequest, readApplyResponse } from "../../../../../src/hosts/terraform/tfplugin/calls.js";
import { planOf, stateObject } from "../../records/books.js";
import { applyRequest, applyResponse, encode, thing, UNKNOWN } from "../messages.js";
import {
  appended,
  exchange,
  heard,
  hooksOf,
  idOf,
  marked,
  openSession,
  paramsOf,
  says,
  single,
  storedIn,
  storing,
} from "../sessions.js";
import { isResourceEvent } from "../../../../../src/protocol/events.js";
import type { AirlockEvent } from "../../../../../src/protocol/events.js";
import type { SessionOptions } from "../sessions.js";
import { TOKEN } from "../../../../support/tokens.js";

const CONFIG = thing({ name: "a", secret: "hunter2-hunter2" });
const PLANNED = { ...CONFIG, id: UNKNOWN };
const NEW = { ...CONFIG, id: "i-1" };
const ADDRESS = "mock_thing.one";

interface Case {
  readonly prior?: unknown;
  readonly planned?: unknown;
  readonly config?: unknown;
  readonly private?: Uint8Array;
}

async function apply(given: Case = {}, options: SessionOptions = {}, state: unknown = NEW) {
  const opened = openSession({ answers: { one: says({}) }, phase: "apply", ...options });
  opened.run.book.addPlan(planOf({ address: ADDRESS, private: marked("an.id") }));
  const request = applyRequest({ planned: PLANNED, config: CONFIG, private: marked("an.id"), ...given });
  const response = applyResponse({ state, private: Buffer.from('{"k":1}') });
  return { ...opened, request, response, ...(await exchange(new ApplyCall(opened.session), request, response)) };
}

describe("applying a change", () => {
  it("is told before, with what was planned, and after, with what it came to", async () => {
    const { runtime } = await apply();
    expect(hooksOf(runtime.events)).toEqual(["pre-apply-resource", "post-apply-resource"]);
    expect(paramsOf(runtime.events, "pre-apply-resource")).toMatchObject({
      address: ADDRESS,
      action: "create",
      before: null,
      after: { name: "a", secret: TOKEN },
      after_unknown: { id: true },
    });
    expect(paramsOf(runtime.events, "post-apply-resource")).toMatchObject({
      address: ADDRESS,
      action: "create",
      after: { id: "i-1", name: "a", secret: TOKEN },
      after_unknown: {},
      sensitive: [["secret"]],
    });
  });

  it.each<[string, Case, unknown, string]>([
    ["a create", {}, NEW, "create"],
    ["an update", { prior: NEW, planned: { ...NEW, name: "b" } }, NEW, "update"],
    ["a delete", { prior: NEW, planned: null, config: null }, null, "delete"],
  ])("says that it is %s, both times", async (_, given, state, action) => {
    const { runtime } = await apply(given, {}, state);
    expect(runtime.events.map(({ params }) => params)).toMatchObject([{ action }, { action }]);
  });

  it("of what goes has nothing after it", async () => {
    const { runtime } = await apply({ prior: NEW, planned: null, config: null }, {}, null);
    expect(paramsOf(runtime.events, "post-apply-resource")).toMatchObject({
      before: { id: "i-1" },
      after: null,
      after_unknown: {},
      config: null,
    });
  });

  it("hides what the plan says is sensitive", async () => {
    const opened = openSession({ answers: { one: says({}) }, phase: "apply" });
    opened.run.book.addPlan(planOf({ private: marked("an.id"), afterSensitive: [["name"]] }));
    const request = applyRequest({ planned: PLANNED, config: CONFIG, private: marked("an.id") });
    await exchange(new ApplyCall(opened.session), request, applyResponse({ state: NEW }));
    const params = paramsOf(opened.runtime.events, "post-apply-resource");
    expect(params.after).toMatchObject({ name: TOKEN, secret: TOKEN });
  });

  it("is not told after it when the provider could not do it", async () => {
    const { session, runtime } = openSession({ answers: { one: says({}) }, phase: "apply" });
    const request = applyRequest({ planned: PLANNED, config: CONFIG });
    const response = applyResponse({ state: null, error: "quota" });
    const { answer } = await exchange(new ApplyCall(session), request, response);
    expect(hooksOf(runtime.events)).toEqual(["pre-apply-resource"]);
    expect(heard("apply", answer)).toEqual(["error: quota"]);
  });
});

describe("where an applied object is", () => {
  it("is told by the id that it was planned with", async () => {
    expect(paramsOf((await apply()).runtime.events, "pre-apply-resource").address).toBe(ADDRESS);
  });

  it("is told by what the state has, where there is no id", async () => {
    const opened = openSession({ answers: { one: says({}) }, phase: "apply" });
    opened.run.book.addState([stateObject({ address: "mock_thing.two", attributes: NEW })]);
    const request = applyRequest({ prior: NEW, planned: null });
    await exchange(new ApplyCall(opened.session), request, applyResponse({ state: null }));
    expect(paramsOf(opened.runtime.events, "pre-apply-resource").address).toBe("mock_thing.two");
  });

  it("is told by the value that was planned, where there is no id", async () => {
    const opened = openSession({ answers: { one: says({}) }, phase: "apply" });
    opened.run.book.addPlan(planOf({ address: "mock_thing.three", values: [encode(PLANNED)] }));
    const request = applyRequest({ planned: PLANNED, config: CONFIG });
    await exchange(new ApplyCall(opened.session), request, applyResponse({ state: NEW }));
    expect(paramsOf(opened.runtime.events, "pre-apply-resource").address).toBe("mock_thing.three");
  });

  it("is told by the configuration, where no record has it", async () => {
    const { runtime } = await apply({ private: new Uint8Array(0) }, { blocks: [single("mock_thing.four")] });
    expect(paramsOf(runtime.events, "pre-apply-resource").address).toBe("mock_thing.four");
  });

  it("is in doubt between objects that were planned alike", async () => {
    const opened = openSession({ answers: { one: says({}) }, phase: "apply" });
    const values = [encode(PLANNED)];
    opened.run.book.addPlan(planOf({ address: "mock_thing.a[0]", values }, { address: "mock_thing.a[1]", values }));
    const request = applyRequest({ planned: PLANNED, config: CONFIG });
    await exchange(new ApplyCall(opened.session), request, applyResponse({ state: NEW }));
    const params = paramsOf(opened.runtime.events, "pre-apply-resource");
    expect(params).toMatchObject({ address: null, address_candidates: ["mock_thing.a"], name: "a", index: null });
  });
});

describe("our entry while applying", () => {
  it("never reaches the provider, and stands in the state afterwards where something is stored", async () => {
    const { forward, answer, response } = await apply({ private: storing({ cost: 1 }, '{"k":"InYi"}') });
    expect(Buffer.from(readApplyRequest(forward).plannedPrivate).toString()).toBe('{"k":"InYi"}');
    expect(Buffer.from(forward).includes("airlock")).toBe(false);
    appended(answer, response);
    const kept = readApplyResponse(answer).private;
    expect(idOf(kept)).toBe("an.id");
    expect(storedIn(kept)).toEqual({ cost: 1 });
    expect(JSON.parse(Buffer.from(kept).toString())).toMatchObject({ k: 1 });
  });

  it("leaves no trace in the state where nothing is stored", async () => {
    const { forward, answer, response } = await apply();
    expect(Buffer.from(forward).includes("airlock")).toBe(false);
    expect(appended(answer, response)).toHaveLength(0);
  });

  it("takes what is attached, before and after", async () => {
    const answers = { one: ({ hook }: AirlockEvent) => ({ status: "success" as const, metadata: { hook } }) };
    const { answer, runtime } = await apply({ private: storing({ cost: 1 }) }, { answers });
    expect(runtime.events.map((event) => isResourceEvent(event) && event.params.metadata)).toEqual([
      { one: { cost: 1 } },
      { one: { hook: "pre-apply-resource" } },
    ]);
    expect(storedIn(readApplyResponse(answer).private)).toEqual({ hook: "post-apply-resource" });
  });

  it("goes when its integration clears it", async () => {
    const { answer } = await apply({ private: storing({ cost: 1 }) }, { answers: { one: says({ metadata: null }) } });
    expect(Buffer.from(readApplyResponse(answer).private).toString()).toBe('{"k":1}');
  });

  it("is not kept for an object that is gone", async () => {
    const { answer } = await apply({ prior: NEW, planned: null, config: null }, {}, null);
    expect(Buffer.from(readApplyResponse(answer).private).toString()).toBe('{"k":1}');
  });

  it("is kept also when nobody listens any more", async () => {
    const { forward, answer, runtime } = await apply({ private: storing({ cost: 1 }) }, { wants: () => false });
    expect(runtime.events).toEqual([]);
    expect(Buffer.from(forward).includes("airlock")).toBe(false);
    expect(storedIn(readApplyResponse(answer).private)).toEqual({ cost: 1 });
  });

  it("is not made up where none was planned", async () => {
    const { answer, response } = await apply({ private: Buffer.from("destroy planned") });
    expect(appended(answer, response)).toHaveLength(0);
  });

  it("that cannot be kept costs nothing: the provider's bytes stay", async () => {
    const opened = openSession({ answers: { one: says({}) }, phase: "apply" });
    const request = applyRequest({ planned: PLANNED, config: CONFIG, private: marked("an.id") });
    const response = applyResponse({ state: NEW, private: Buffer.from("plain text") });
    const { answer } = await exchange(new ApplyCall(opened.session), request, response);
    expect(appended(answer, response)).toHaveLength(0);
  });
});
