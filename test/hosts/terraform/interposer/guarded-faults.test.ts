import { describe, expect, it } from "vitest";
import { interceptCall } from "../../../../src/hosts/terraform/interposer/intercept.js";
import { readApplyResponse, readPlanResponse } from "../../../../src/hosts/terraform/tfplugin/calls.js";
import { diagnosticsOf } from "../../../../src/hosts/terraform/tfplugin/diagnostics.js";
import { MAX_MESSAGE_BYTES } from "../../../../src/hosts/terraform/tfplugin/limits.js";
import { isNullValue } from "../../../../src/hosts/terraform/tfplugin/plan-value.js";
import type { CallHandler } from "../../../../src/hosts/terraform/wire/call-handler.js";
import {
  applyRequest,
  applyResponse,
  configRequest,
  configureRequest,
  diagnosticsResponse,
  planRequest,
  planResponse,
  readDataResponse,
  readRequest,
  readResponse,
  thing,
  validateProviderRequest,
} from "./messages.js";
import { answered, appended, forwarded, openSession, SOURCE } from "./sessions.js";
import type { SessionOptions } from "./sessions.js";

const VALUE = thing({ id: "i-1" });
const CONFIG = { region: "eu", secret: null };
const CALLS = {
  plan: ["PlanResourceChange", planRequest({ proposed: VALUE, config: VALUE }), planResponse({ planned: VALUE })],
  apply: ["ApplyResourceChange", applyRequest({ planned: VALUE, config: VALUE }), applyResponse({ state: VALUE })],
  read: ["ReadResource", readRequest(VALUE), readResponse({ state: VALUE })],
  readData: ["ReadDataSource", configRequest(VALUE), readDataResponse({ state: VALUE })],
  configure: ["ConfigureProvider", configureRequest(CONFIG), diagnosticsResponse()],
  validateResource: ["ValidateResourceConfig", configRequest(VALUE), diagnosticsResponse()],
} as const;
type Name = keyof typeof CALLS;
const NAMES = Object.keys(CALLS) as Name[];
/** Calls whose answers are looked into. */
const ANSWERED = ["plan", "apply", "read", "readData"] as const;
const GARBAGE = Buffer.from("no protobuf at all");

function call(name: Name, options: SessionOptions = {}) {
  const phase = name === "validateResource" ? "validate" : name === "apply" ? "apply" : "plan";
  const opened = openSession({ phase, ...options });
  const handler: CallHandler =
    interceptCall(opened.session, `/tfplugin6.Provider/${CALLS[name][0]}`) ?? expect.fail("it passes through");
  return { ...opened, handler };
}

/** Integrations that cannot even be asked. */
const BROKEN: SessionOptions = { answers: { one: () => Promise.reject(new Error("a fault of ours")) } };

describe.each(NAMES)("a request of %s that could not be judged", (name) => {
  it("is refused, and does not reach the provider", async () => {
    const { handler, faults } = call(name, BROKEN);
    const answer = answered(await handler.request(CALLS[name][1]));
    expect(diagnosticsOf(name, answer).map(({ severity }) => severity)).toEqual(["error"]);
    expect(faults).toMatchObject([{ where: `${SOURCE} ${name}` }]);
  });

  it("is refused when it is no protobuf", async () => {
    const { handler } = call(name);
    const answer = answered(await handler.request(GARBAGE));
    expect(diagnosticsOf(name, answer).map(({ severity }) => severity)).toEqual(["error"]);
  });

  it("is refused when it is larger than what is read", async () => {
    const { handler } = call(name);
    const answer = answered(await handler.request(Buffer.alloc(MAX_MESSAGE_BYTES + 1)));
    expect(diagnosticsOf(name, answer).map(({ severity }) => severity)).toEqual(["error"]);
  });
});

it("a configuration that is no protobuf is refused while core validates it", async () => {
  const { session, faults } = openSession({ phase: "validate" });
  const handler = interceptCall(session, "/tfplugin6.Provider/ValidateProviderConfig");
  const answer = answered((await handler?.request(GARBAGE)) ?? expect.fail("it passes through"));
  expect(diagnosticsOf("validateProvider", answer)).toMatchObject([{ severity: "error" }]);
  expect(faults).toHaveLength(1);
  const good = interceptCall(session, "/tfplugin6.Provider/ValidateProviderConfig");
  forwarded((await good?.request(validateProviderRequest(CONFIG))) ?? expect.fail("it passes through"));
});

describe("a value that is not of its schema's form", () => {
  it("is refused where somebody wants to see it", async () => {
    const { handler } = call("plan");
    answered(await handler.request(planRequest({ config: { other: 1 }, proposed: { other: 1 } })));
  });

  it("goes through where nobody does: it is core's to refuse", async () => {
    const { handler, faults } = call("plan", { wants: () => false });
    const request = planRequest({ config: { other: 1 }, proposed: { other: 1 } });
    expect(Buffer.from(forwarded(await handler.request(request)))).toEqual(Buffer.from(request));
    expect(faults).toEqual([]);
  });
});

describe.each(ANSWERED)("an answer of %s that could not be judged", (name) => {
  const severity = name === "apply" ? "warning" : "error";

  it(`is passed on whole, with ${severity === "error" ? "an error" : "a warning"} behind it`, async () => {
    const { handler, faults } = call(name);
    const [, request, response] = CALLS[name];
    forwarded(await handler.request(request));
    const damaged = Buffer.concat([response, Uint8Array.of(0x0a, 0x7f)]);
    const answer = await handler.response(damaged);
    const suffix = appended(answer, damaged);
    // What stands before it is garbage, so that the suffix is read by itself.
    expect(diagnosticsOf(name, suffix)).toMatchObject([{ severity }]);
    expect(faults).toMatchObject([{ where: `${SOURCE} ${name}` }]);
  });
});

describe("what an apply did", () => {
  it("is never hidden from core, and nothing more is applied", async () => {
    const answers = {
      one: (event: { hook: string }) =>
        event.hook.startsWith("pre-") ? {} : Promise.reject(new Error("a fault of ours")),
    };
    const { handler, run } = call("apply", { answers });
    const [, request, response] = CALLS.apply;
    forwarded(await handler.request(request));
    const answer = await handler.response(response);
    appended(answer, response);
    const read = readApplyResponse(answer);
    expect(isNullValue(read.newState)).toBe(false);
    expect(read.diagnostics).toMatchObject([{ severity: "warning" }]);
    expect(run.halt.reason()).not.toBeNull();
  });

  it("does not stop a run that only plans", async () => {
    const { handler, run } = call("plan", BROKEN);
    answered(await handler.request(CALLS.plan[1]));
    expect(run.halt.reason()).toBeNull();
  });
});

it("a fault's own words cannot pass for anything else", async () => {
  const { handler } = call("plan", { answers: { one: () => Promise.reject(new Error("a\u001b[31m\nError: b")) } });
  const [diagnostic] = readPlanResponse(answered(await handler.request(CALLS.plan[1]))).diagnostics;
  expect(diagnostic?.detail).not.toContain("\u001b");
  expect(diagnostic?.detail.split("\n")[0]).toContain("\\u000aError: b");
});
