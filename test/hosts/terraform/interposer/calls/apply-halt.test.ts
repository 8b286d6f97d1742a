import { describe, expect, it } from "vitest";
import { ApplyCall } from "../../../../../src/hosts/terraform/interposer/calls/apply-call.js";
import { readApplyResponse } from "../../../../../src/hosts/terraform/tfplugin/calls.js";
import { isNullValue } from "../../../../../src/hosts/terraform/tfplugin/plan-value.js";
import { applyRequest, applyResponse, thing } from "../messages.js";
import { answered, appended, exchange, heard, hooksOf, idOf, marked, openSession, says } from "../sessions.js";

const VALUE = thing({ id: "i-1", name: "a" });
const REQUEST = applyRequest({ planned: VALUE, config: VALUE, private: marked("an.id") });
const RESPONSE = applyResponse({ state: VALUE });

describe("an integration that fails an apply before it", () => {
  it("keeps the provider from it: core keeps what there was", async () => {
    const { session } = openSession({ phase: "apply", answers: { one: says({ status: "fail", message: "no" }) } });
    const answer = answered(await new ApplyCall(session).request(REQUEST));
    expect(heard("apply", answer)).toEqual(["error: one: no"]);
    const { newState, private: bytes } = readApplyResponse(answer);
    expect(isNullValue(newState)).toBe(true);
    expect(idOf(bytes)).toBe("an.id");
  });

  it("stops every apply behind it, without asking anybody again", async () => {
    const { session, runtime, run } = openSession({ phase: "apply", answers: { one: says({ status: "fail" }) } });
    answered(await new ApplyCall(session).request(REQUEST));
    expect(run.halt.reason()).toContain("one");
    const next = answered(await new ApplyCall(session).request(REQUEST));
    expect(readApplyResponse(next).diagnostics).toMatchObject([{ severity: "error" }]);
    expect(isNullValue(readApplyResponse(next).newState)).toBe(true);
    expect(runtime.events).toHaveLength(1);
  });

  it("also stops an apply that waited for another answer meanwhile", async () => {
    const { session, run } = openSession({ phase: "apply", answers: { one: says({}) } });
    const waiting = new ApplyCall(session).request(REQUEST);
    run.halt.set("somebody stopped the run");
    const { diagnostics } = readApplyResponse(answered(await waiting));
    expect(diagnostics).toMatchObject([{ severity: "error" }]);
  });

  it("stops also what nobody listens to", async () => {
    const { session, run } = openSession({ phase: "apply", wants: () => false });
    run.halt.set("somebody stopped the run");
    answered(await new ApplyCall(session).request(REQUEST));
  });
});

describe("an integration that fails an apply after it", () => {
  const answers = { one: says({ status: "fail", message: "unwanted" }, "post-apply-resource") };

  it("is a warning, since the object is as it was planned, and stops what comes", async () => {
    const { session, run } = openSession({ phase: "apply", answers });
    const { answer } = await exchange(new ApplyCall(session), REQUEST, RESPONSE);
    appended(answer, RESPONSE);
    expect(heard("apply", answer)).toEqual(["warning: one: unwanted"]);
    expect(isNullValue(readApplyResponse(answer).newState)).toBe(false);
    expect(run.halt.reason()).not.toBeNull();
    answered(await new ApplyCall(session).request(REQUEST));
  });

  it("fails the run", async () => {
    const { session, judge } = openSession({ phase: "apply", answers });
    await exchange(new ApplyCall(session), REQUEST, RESPONSE);
    expect(judge.verdict).toBe("fail");
  });
});

describe("an integration that breaks", () => {
  const error = { code: "RUNTIME_TIMEOUT", message: "no answer within 5000 ms", remedy: "Give it more time." };

  it("stops the apply like one that fails", async () => {
    const answers = { one: says({ status: "error", error, message: error.message }, "pre-apply-resource") };
    const { session, run, runtime } = openSession({ phase: "apply", answers });
    const answer = answered(await new ApplyCall(session).request(REQUEST));
    expect(readApplyResponse(answer).diagnostics).toMatchObject([{ severity: "error" }]);
    expect(run.halt.reason()).not.toBeNull();
    expect(hooksOf(runtime.events)).toEqual(["pre-apply-resource"]);
  });

  it("under on_error = warn is a warning, and nothing stops", async () => {
    const answers = { one: says({ status: "warn", error, message: error.message }) };
    const { session, run } = openSession({ phase: "apply", answers });
    const { answer } = await exchange(new ApplyCall(session), REQUEST, RESPONSE);
    expect(readApplyResponse(answer).diagnostics).toMatchObject([{ severity: "warning" }, { severity: "warning" }]);
    expect(run.halt.reason()).toBeNull();
  });
});

describe("what warns", () => {
  it("lets the apply go on, and stands behind the provider's own answer", async () => {
    const { session, run } = openSession({ phase: "apply", answers: { one: says({ status: "warn", message: "hm" }) } });
    const { answer } = await exchange(new ApplyCall(session), REQUEST, RESPONSE);
    expect(heard("apply", answer)).toEqual(["warning: one: hm", "warning: one: hm"]);
    expect(run.halt.reason()).toBeNull();
  });

  it("before it is not lost when the provider could not do it", async () => {
    const { session } = openSession({ phase: "apply", answers: { one: says({ status: "warn", message: "hm" }) } });
    const { answer } = await exchange(new ApplyCall(session), REQUEST, applyResponse({ state: null, error: "quota" }));
    expect(heard("apply", answer)).toEqual(["error: quota", "warning: one: hm"]);
  });
});
