import { describe, expect, it } from "vitest";
import { ReadCall } from "../../../../../src/hosts/terraform/interposer/calls/read-call.js";
import { readReadRequest, readReadResponse } from "../../../../../src/hosts/terraform/tfplugin/calls.js";
import { stateObject } from "../../records/books.js";
import { readRequest, readResponse, thing } from "../messages.js";
import {
  answered,
  appended,
  exchange,
  heard,
  hooksOf,
  idOf,
  marked,
  openSession,
  paramsOf,
  says,
  storedIn,
  storing,
} from "../sessions.js";
import type { SessionOptions } from "../sessions.js";
import { TOKEN } from "../../../../support/tokens.js";

const NOW = thing({ id: "i-1", name: "a", secret: "hunter2-hunter2" });

async function read(state: unknown = NOW, options: SessionOptions = {}, bytes: Uint8Array = marked("an.id")) {
  const opened = openSession({ answers: { one: says({}) }, phase: "refresh", ...options });
  opened.run.book.addState([stateObject({ attributes: NOW, private: marked("an.id") })]);
  const request = readRequest(NOW, bytes);
  const response = readResponse({ state, private: Buffer.from("{}") });
  return { ...opened, request, response, ...(await exchange(new ReadCall(opened.session), request, response)) };
}

describe("refreshing an object", () => {
  it("is told before and after", async () => {
    const { runtime } = await read({ ...NOW, name: "elsewhere" });
    expect(hooksOf(runtime.events)).toEqual(["pre-refresh-resource", "post-refresh-resource"]);
    expect(paramsOf(runtime.events, "pre-refresh-resource")).toMatchObject({
      address: "mock_thing.one",
      action: "read",
      before: { name: "a", secret: TOKEN },
      after: null,
      after_unknown: null,
      config: null,
    });
    expect(paramsOf(runtime.events, "post-refresh-resource")).toMatchObject({
      address: "mock_thing.one",
      action: "update",
      before: { name: "a" },
      after: { name: "elsewhere", secret: TOKEN },
      after_unknown: {},
      sensitive: [["secret"]],
    });
  });

  it.each([
    ["as it was", NOW, "no-op"],
    ["changed elsewhere", { ...NOW, size: 3 }, "update"],
    ["gone", null, "delete"],
  ])("says when it is %s", async (_, state, action) => {
    const { runtime } = await read(state);
    expect(paramsOf(runtime.events, "post-refresh-resource").action).toBe(action);
  });

  it("is found by its value where it has no id", async () => {
    const { runtime } = await read(NOW, {}, new Uint8Array(0));
    expect(paramsOf(runtime.events, "pre-refresh-resource").address).toBe("mock_thing.one");
  });

  it("that nothing tells of gets its address from the state behind it", async () => {
    const opened = openSession({ answers: { one: says({}) }, phase: "import" });
    const request = readRequest(NOW);
    await exchange(new ReadCall(opened.session), request, readResponse({ state: NOW }));
    expect(paramsOf(opened.runtime.events, "post-refresh-resource")).toMatchObject({
      address: null,
      address_candidates: [],
      name: "",
    });
    opened.run.book.addState([stateObject({ attributes: NOW, address: "mock_thing.new" })]);
    opened.judge.rekey((id) => opened.run.book.ofId(id)?.address);
    expect(opened.judge.results.map(({ address }) => address)).toEqual(["mock_thing.new", "mock_thing.new"]);
  });

  it("hides what the state says is sensitive", async () => {
    const opened = openSession({ answers: { one: says({}) }, phase: "refresh" });
    opened.run.book.addState([stateObject({ private: marked("an.id"), sensitive: [["name"]] })]);
    await exchange(new ReadCall(opened.session), readRequest(NOW, marked("an.id")), readResponse({ state: NOW }));
    expect(paramsOf(opened.runtime.events, "post-refresh-resource").after).toMatchObject({ name: TOKEN });
  });
});

describe("what integrations say of a refresh", () => {
  it("stops it before the provider is asked: core keeps what it has", async () => {
    const { session } = openSession({ phase: "refresh", answers: { one: says({ status: "fail", message: "no" }) } });
    const request = readRequest(NOW, marked("an.id"));
    const answer = answered(await new ReadCall(session).request(request));
    expect(heard("read", answer)).toEqual(["error: one: no"]);
    expect(readReadResponse(answer).newState).toEqual(readReadRequest(request).currentState);
    expect(idOf(readReadResponse(answer).private)).toBe("an.id");
  });

  it("is an error or a warning behind the provider's answer", async () => {
    for (const [status, severity] of [
      ["fail", "error"],
      ["warn", "warning"],
    ] as const) {
      const answers = { one: says({ status, message: "hm" }, "post-refresh-resource") };
      const { answer, response } = await read(NOW, { answers });
      appended(answer, response);
      expect(heard("read", answer)).toEqual([`${severity}: one: hm`]);
    }
  });

  it("of before it is not lost when the provider could not read", async () => {
    const { session, runtime } = openSession({ answers: { one: says({ status: "warn", message: "hm" }) } });
    const response = readResponse({ state: NOW, error: "away" });
    const { answer } = await exchange(new ReadCall(session), readRequest(NOW), response);
    expect(heard("read", answer)).toEqual(["error: away", "warning: one: hm"]);
    expect(hooksOf(runtime.events)).toEqual(["pre-refresh-resource"]);
  });
});

describe("our entry while refreshing", () => {
  it("never reaches the provider, and stays where something is stored", async () => {
    const { forward, answer, response } = await read(NOW, {}, storing({ cost: 1 }, '{"k":"InYi"}'));
    expect(Buffer.from(readReadRequest(forward).private).toString()).toBe('{"k":"InYi"}');
    expect(Buffer.from(forward).includes("airlock")).toBe(false);
    appended(answer, response);
    expect(storedIn(readReadResponse(answer).private)).toEqual({ cost: 1 });
  });

  it("stays also when nobody listens", async () => {
    const { forward, answer, runtime } = await read(NOW, { wants: () => false }, storing({ cost: 1 }));
    expect(runtime.events).toEqual([]);
    expect(Buffer.from(forward).includes("airlock")).toBe(false);
    expect(storedIn(readReadResponse(answer).private)).toEqual({ cost: 1 });
  });

  it("takes what is attached to an object that had nothing", async () => {
    const { answer } = await read(NOW, { answers: { one: says({ metadata: { seen: 1 } }) } }, Buffer.from('{"k":1}'));
    expect(storedIn(readReadResponse(answer).private)).toEqual({ seen: 1 });
  });

  it("goes with an object that is gone", async () => {
    const { answer } = await read(null);
    expect(Buffer.from(readReadResponse(answer).private).toString()).toBe("{}");
  });

  it("is not put where there was none", async () => {
    const { forward, request, answer, response } = await read(NOW, {}, Buffer.from('{"k":1}'));
    expect(Buffer.from(forward)).toEqual(Buffer.from(request));
    expect(appended(answer, response)).toHaveLength(0);
  });
});
