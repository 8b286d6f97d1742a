import { describe, expect, it } from "vitest";
import { PlanCall } from "../../../../../src/hosts/terraform/interposer/calls/plan-call.js";
import { readPlanResponse } from "../../../../../src/hosts/terraform/tfplugin/calls.js";
import type { ProviderSession } from "../../../../../src/hosts/terraform/interposer/session.js";
import { stateObject } from "../../records/books.js";
import { planRequest, planResponse, thing, UNKNOWN } from "../messages.js";
import { exchange, forwarded, hooksOf, idOf, marked, openSession, paramsOf, says, single } from "../sessions.js";
import type { SessionOptions } from "../sessions.js";

const PRIOR = thing({ id: "i-1", name: "a", size: 1 });
const CONFIG = thing({ name: "b", size: 1 });
const PROPOSED = { ...PRIOR, name: "b" };
const NEW = { ...CONFIG, id: UNKNOWN };

function opened(options: SessionOptions = {}, private_ = marked("before")) {
  const found = openSession({ answers: { one: says({}) }, ...options });
  found.run.book.addState([stateObject({ attributes: PRIOR, private: private_ })]);
  return found;
}

/** The first half: the provider says that the name forces a replacement, unless told otherwise. */
function firstHalf(session: ProviderSession, replace: readonly string[] = ["name"], private_ = marked("before")) {
  const request = planRequest({ prior: PRIOR, proposed: PROPOSED, config: CONFIG, private: private_ });
  return exchange(
    new PlanCall(session),
    request,
    planResponse({ planned: PROPOSED, replace, private: Buffer.from("{}") }),
  );
}

/** The second half, with what core hands on from the first. */
function secondHalf(session: ProviderSession, private_: Uint8Array, planned: unknown = NEW) {
  const request = planRequest({ proposed: CONFIG, config: CONFIG, private: private_ });
  return exchange(new PlanCall(session), request, planResponse({ planned }));
}

describe("planning a replacement", () => {
  it("is one plan of two calls: told once before and once after", async () => {
    const { session, runtime } = opened();
    const first = await firstHalf(session);
    await secondHalf(session, readPlanResponse(first.answer).plannedPrivate);
    expect(hooksOf(runtime.events)).toEqual(["pre-plan-resource", "post-plan-resource"]);
    expect(paramsOf(runtime.events, "post-plan-resource")).toMatchObject({
      address: "mock_thing.one",
      action: "replace",
      before: { id: "i-1", name: "a" },
      after: { name: "b" },
      after_unknown: { id: true },
    });
  });

  it("has one id through both", async () => {
    const { session } = opened();
    const first = await firstHalf(session);
    const id = idOf(readPlanResponse(first.answer).plannedPrivate);
    const second = await secondHalf(session, readPlanResponse(first.answer).plannedPrivate);
    expect(idOf(readPlanResponse(second.answer).plannedPrivate)).toBe(id);
    expect(Buffer.from(second.forward).includes("airlock")).toBe(false);
  });

  it("is none when the value that would force it stays as it is", async () => {
    const { session, runtime } = opened();
    await firstHalf(session, ["size"]);
    expect(paramsOf(runtime.events, "post-plan-resource").action).toBe("update");
  });

  it("is one when the value that forces it is not known yet", async () => {
    const { session, runtime } = opened();
    const request = planRequest({ prior: PRIOR, proposed: PROPOSED, config: CONFIG, private: marked("before") });
    const response = planResponse({ planned: { ...PRIOR, name: UNKNOWN }, replace: ["name"] });
    await exchange(new PlanCall(session), request, response);
    expect(hooksOf(runtime.events)).toEqual(["pre-plan-resource"]);
  });

  it("may be what the user asked for, though nothing changes", async () => {
    const { session, runtime } = opened({ forced: ["mock_thing.one"] });
    const request = planRequest({ prior: PRIOR, proposed: PRIOR, config: CONFIG, private: marked("before") });
    const first = await exchange(new PlanCall(session), request, planResponse({ planned: PRIOR }));
    expect(paramsOf(runtime.events, "pre-plan-resource").action).toBe("replace");
    expect(hooksOf(runtime.events)).toEqual(["pre-plan-resource"]);
    await secondHalf(session, readPlanResponse(first.answer).plannedPrivate);
    expect(paramsOf(runtime.events, "post-plan-resource").action).toBe("replace");
  });

  it("warns where core prints it: what is said of the second half core drops", async () => {
    const { session, unshown } = opened({
      answers: { one: says({ status: "warn", message: "hm" }, "post-plan-resource") },
    });
    const first = await firstHalf(session);
    const id = idOf(readPlanResponse(first.answer).plannedPrivate);
    await secondHalf(session, readPlanResponse(first.answer).plannedPrivate);
    expect(unshown).toMatchObject([{ id, diagnostics: [{ severity: "warning", summary: "one: hm" }] }]);
  });

  it("that is failed is told by core itself", async () => {
    const { session, unshown } = opened({
      answers: { one: says({ status: "fail", message: "no" }, "post-plan-resource") },
    });
    const first = await firstHalf(session);
    const second = await secondHalf(session, readPlanResponse(first.answer).plannedPrivate);
    expect(unshown).toEqual([]);
    expect(readPlanResponse(second.answer).diagnostics).toMatchObject([{ severity: "error", summary: "one: no" }]);
  });
});

describe("the halves of replacements whose private bytes take no id", () => {
  const OPAQUE = Buffer.from("opaque");

  it("are found together by what the provider handed on", async () => {
    const { session, runtime } = opened({}, OPAQUE);
    const request = planRequest({ prior: PRIOR, proposed: PROPOSED, config: CONFIG, private: OPAQUE });
    await exchange(
      new PlanCall(session),
      request,
      planResponse({ planned: PROPOSED, replace: ["name"], private: OPAQUE }),
    );
    await secondHalf(session, OPAQUE);
    expect(paramsOf(runtime.events, "post-plan-resource")).toMatchObject({
      action: "replace",
      address: "mock_thing.one",
    });
  });

  it("are in doubt when two hand on the same: both addresses are told, and no value before", async () => {
    const { session, run, runtime } = openSession({ answers: { one: says({}) } });
    const objects = ["one", "two"].map((name) => ({
      prior: thing({ id: name, name: "a" }),
      state: stateObject({
        address: `mock_thing.${name}`,
        attributes: thing({ id: name, name: "a" }),
        private: OPAQUE,
      }),
    }));
    run.book.addState(objects.map(({ state }) => state));
    for (const { prior } of objects) {
      const request = planRequest({ prior, proposed: { ...prior, name: "b" }, config: CONFIG, private: OPAQUE });
      const response = planResponse({ planned: { ...prior, name: "b" }, replace: ["name"], private: OPAQUE });
      await exchange(new PlanCall(session), request, response);
    }
    await secondHalf(session, OPAQUE);
    expect(paramsOf(runtime.events, "post-plan-resource")).toMatchObject({
      action: "replace",
      address: null,
      address_candidates: ["mock_thing.one", "mock_thing.two"],
      before: null,
    });
  });
});

describe("an object that is tainted", () => {
  it("is planned as new by core, and told as a replacement of what it was", async () => {
    const { session, run, runtime } = openSession({ answers: { one: says({}) }, blocks: [single("mock_thing.one")] });
    run.book.addState([stateObject({ attributes: PRIOR, tainted: true })]);
    const request = planRequest({ proposed: CONFIG, config: CONFIG });
    forwarded(await new PlanCall(session).request(request));
    await exchange(new PlanCall(session), request, planResponse({ planned: NEW }));
    const pre = runtime.events.filter(({ hook }) => hook === "pre-plan-resource");
    expect(pre.map(({ params }) => params)).toMatchObject([{ action: "replace" }, { action: "replace" }]);
    expect(paramsOf(runtime.events, "post-plan-resource")).toMatchObject({
      action: "replace",
      before: { id: "i-1", size: 1 },
      after: { name: "b" },
    });
  });

  it("of another form than the schema now has is told without what it was", async () => {
    const { session, run, runtime } = openSession({ answers: { one: says({}) }, blocks: [single("mock_thing.one")] });
    run.book.addState([stateObject({ attributes: { id: "i-1", gone: true }, tainted: true })]);
    const request = planRequest({ proposed: CONFIG, config: CONFIG });
    await exchange(new PlanCall(session), request, planResponse({ planned: NEW }));
    expect(paramsOf(runtime.events, "post-plan-resource")).toMatchObject({ action: "replace", before: null });
  });
});
