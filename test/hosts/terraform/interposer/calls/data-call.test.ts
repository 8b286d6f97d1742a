import { describe, expect, it } from "vitest";
import { DataCall } from "../../../../../src/hosts/terraform/interposer/calls/data-call.js";
import { readReadDataResponse } from "../../../../../src/hosts/terraform/tfplugin/calls.js";
import { isNullValue } from "../../../../../src/hosts/terraform/tfplugin/plan-value.js";
import { stateObject } from "../../records/books.js";
import { configRequest, readDataResponse, thing, TYPE } from "../messages.js";
import {
  answered,
  appended,
  exchange,
  heard,
  hooksOf,
  openSession,
  paramsOf,
  says,
  single,
  SOURCE,
} from "../sessions.js";
import type { SessionOptions } from "../sessions.js";
import { TOKEN } from "../../../../support/tokens.js";

const CONFIG = thing({ name: "a" });
const FOUND = thing({ id: "i-1", name: "a", secret: "hunter2-hunter2" });
const REQUEST = configRequest(CONFIG);
const RESPONSE = readDataResponse({ state: FOUND });

async function read(options: SessionOptions = {}, response = RESPONSE) {
  const blocks = [single("data.mock_thing.one", "eu")];
  const opened = openSession({ answers: { one: says({}) }, blocks, ...options });
  return { ...opened, ...(await exchange(new DataCall(opened.session), REQUEST, response)) };
}

describe("reading data", () => {
  it("is told before, with its configuration, and after, with what was read", async () => {
    const { runtime } = await read();
    expect(hooksOf(runtime.events)).toEqual(["pre-read-data", "post-read-data"]);
    expect(paramsOf(runtime.events, "pre-read-data")).toMatchObject({
      address: "data.mock_thing.one",
      mode: "data",
      type: TYPE,
      name: "one",
      provider: { source: SOURCE, alias: "eu" },
      action: "read",
      before: null,
      after: null,
      config: { mode: "data", expressions: { name: { constant_value: "a" } } },
    });
    expect(paramsOf(runtime.events, "post-read-data")).toMatchObject({
      address: "data.mock_thing.one",
      before: null,
      after: { id: "i-1", secret: TOKEN },
      sensitive: [["secret"]],
    });
  });

  it("goes through as it is when nobody listens", async () => {
    const { runtime, forward, answer } = await read({ wants: () => false });
    expect(runtime.events).toEqual([]);
    expect(Buffer.from(forward)).toEqual(Buffer.from(REQUEST));
    expect(Buffer.from(answer)).toEqual(Buffer.from(RESPONSE));
  });

  it("teaches secrets also when nobody listens to it: others could be told a copy", async () => {
    const { run } = await read({ wants: () => false });
    expect(run.secrets.matches("hunter2-hunter2")).toBe(true);
  });

  it("is told only to those that want that moment", async () => {
    const { runtime } = await read({ wants: (hook) => hook === "post-read-data" });
    expect(hooksOf(runtime.events)).toEqual(["post-read-data"]);
  });

  it("that was in doubt gets its address from a state", async () => {
    const { judge, run } = await read({ blocks: [] });
    expect(judge.results.map(({ address }) => address)).toEqual([null, null]);
    run.book.addState([stateObject({ mode: "data", address: "data.mock_thing.x[0]", attributes: FOUND })]);
    judge.rekey((id) => run.book.ofId(id)?.address);
    expect(judge.results.map(({ address }) => address)).toEqual(["data.mock_thing.x[0]", "data.mock_thing.x[0]"]);
  });
});

describe("what integrations say of data", () => {
  it("keeps the provider from reading it", async () => {
    const { session, runtime } = openSession({ answers: { one: says({ status: "fail", message: "no" }) } });
    const answer = answered(await new DataCall(session).request(REQUEST));
    expect(heard("readData", answer)).toEqual(["error: one: no"]);
    expect(isNullValue(readReadDataResponse(answer).state)).toBe(true);
    expect(hooksOf(runtime.events)).toEqual(["pre-read-data"]);
  });

  it("is an error behind what was read", async () => {
    const { answer } = await read({ answers: { one: says({ status: "fail", message: "no" }, "post-read-data") } });
    appended(answer, RESPONSE);
    expect(heard("readData", answer)).toEqual(["error: one: no"]);
  });

  it("is a warning of both moments", async () => {
    const { answer } = await read({ answers: { one: says({ status: "warn", message: "hm" }) } });
    appended(answer, RESPONSE);
    expect(heard("readData", answer)).toEqual(["warning: one: hm", "warning: one: hm"]);
  });

  it("of before it is not lost when the provider could not read it", async () => {
    const response = readDataResponse({ state: null, error: "away" });
    const { answer, runtime } = await read({ answers: { one: says({ status: "warn", message: "hm" }) } }, response);
    expect(heard("readData", answer)).toEqual(["error: away", "warning: one: hm"]);
    expect(hooksOf(runtime.events)).toEqual(["pre-read-data"]);
  });
});
