import { describe, expect, it } from "vitest";
import { Judge } from "../../../../src/hosts/terraform/interposer/judge.js";
import type { AirlockEvent } from "../../../../src/protocol/events.js";
import type { EventOutcome, ResultStatus } from "../../../../src/runtime/types.js";
import { resourceEvent } from "../../../support/projects.js";
import { FakeRuntime, resultOf } from "../../fake-runtime.js";
import type { FakeOptions } from "../../fake-runtime.js";

const EVENT = resourceEvent("mock_thing.one");
const PROJECT = { project: true, provider: null };

function judge(options: FakeOptions = {}) {
  const runtime = new FakeRuntime(options);
  return { runtime, judge: new Judge(runtime) };
}

describe("a judge", () => {
  it("asks those that an event is for", async () => {
    const { judge: one, runtime } = judge();
    const audience = { project: false, provider: "mock.eu" };
    await one.ask(EVENT, audience);
    expect([runtime.events, runtime.audiences]).toEqual([[EVENT], [audience]]);
  });

  it("keeps what they say, in the order in which events ended", async () => {
    const { runtime } = judge();
    const ends: (() => void)[] = [];
    const dispatch = (event: AirlockEvent): Promise<EventOutcome> => {
      const results = [resultOf({ message: event.hook })];
      return new Promise((resolve) => {
        ends.push(() => {
          resolve({ event, results, verdict: "pass" });
        });
      });
    };
    const one = new Judge(Object.assign(runtime, { dispatch }));
    const first = one.ask(EVENT, PROJECT);
    const second = one.ask(resourceEvent("mock_thing.one", "pre-apply-resource"), PROJECT);
    ends[1]?.();
    await second;
    ends[0]?.();
    await first;
    expect(one.results.map(({ message }) => message)).toEqual(["pre-apply-resource", "post-plan-resource"]);
  });

  it.each<[readonly ResultStatus[], string]>([
    [[], "pass"],
    [["success", "success"], "pass"],
    [["success", "warn"], "warn"],
    [["fail", "warn", "success"], "fail"],
    [["fail", "error", "warn"], "error"],
  ])("comes to the gravest of %j", (statuses, verdict) => {
    const { judge: one } = judge();
    for (const status of statuses) one.keep([resultOf({ status })]);
    expect(one.verdict).toBe(verdict);
    const { judge: other } = judge();
    other.keep(statuses.map((status) => resultOf({ status })));
    expect(other.verdict).toBe(verdict);
  });

  it("does not forget a failure because of later successes", async () => {
    let status: ResultStatus = "fail";
    const { judge: one } = judge({ answers: { one: () => ({ status }) } });
    await one.ask(EVENT, PROJECT);
    status = "success";
    await one.ask(EVENT, PROJECT);
    expect(one.verdict).toBe("fail");
  });

  it("counts the events that are worked on, also when one cannot be judged", async () => {
    const { judge: one } = judge({ answers: { one: () => Promise.reject(new Error("broken")) } });
    const asked = [one.ask(EVENT, PROJECT), one.ask(EVENT, PROJECT)];
    expect(one.busy).toBe(2);
    await Promise.allSettled(asked);
    expect(one.busy).toBe(0);
  });

  it("remembers which hook it asked for which object", async () => {
    const { judge: one } = judge();
    await one.ask(EVENT, PROJECT, "an.id");
    await one.ask(EVENT, PROJECT);
    expect(one.hasAsked("post-plan-resource", "an.id")).toBe(true);
    expect(one.hasAsked("pre-plan-resource", "an.id")).toBe(false);
    expect(one.hasAsked("post-plan-resource", "other")).toBe(false);
  });

  it("gives what was attached to an address", async () => {
    const { judge: one } = judge({ answers: { tagger: () => ({ metadata: { cost: 3 } }) } });
    expect(one.metadataOf("mock_thing.one")).toEqual({});
    await one.ask(EVENT, PROJECT);
    expect(one.metadataOf("mock_thing.one")).toEqual({ tagger: { cost: 3 } });
    expect(one.metadataOf("mock_thing.two")).toEqual({});
  });
});

describe("results whose address was in doubt", () => {
  it("get it as soon as their object's is known, and all others stay", () => {
    const { judge: one } = judge();
    one.keep([resultOf({ integration: "a" })], "1");
    one.keep([resultOf({ integration: "b", address: "mock_thing.guess" })], "2");
    one.keep([resultOf({ integration: "c" })], "3");
    one.keep([resultOf({ integration: "d", address: "mock_thing.none" })]);
    expect(one.isInDoubt).toBe(true);
    one.rekey((id) => ({ "1": "mock_thing.one[0]", "2": "mock_thing.two" })[id]);
    expect(one.results.map(({ address }) => address)).toEqual([
      "mock_thing.one[0]",
      "mock_thing.two",
      null,
      "mock_thing.none",
    ]);
    expect(one.isInDoubt).toBe(true);
    one.rekey(() => "mock_thing.three");
    expect(one.isInDoubt).toBe(false);
  });

  it("are not in doubt without an object: stages have no address", () => {
    const { judge: one } = judge();
    one.keep([resultOf({ hook: "plan-stage-start" })]);
    expect(one.isInDoubt).toBe(false);
  });
});

describe("objects that take no id", () => {
  it("are each counted once, by type and value whatever the order of keys", () => {
    const { judge: one } = judge();
    one.noteUnmarked("mock_thing", { a: 1, b: 2 });
    one.noteUnmarked("mock_thing", { b: 2, a: 1 });
    const taken = [1, 2, 3].map(() => one.takeUnmarked("mock_thing", { a: 1, b: 2 }));
    expect(taken).toEqual([true, true, false]);
  });

  it("are not taken for others", () => {
    const { judge: one } = judge();
    one.noteUnmarked("mock_thing", { a: 1 });
    expect(one.takeUnmarked("mock_other", { a: 1 })).toBe(false);
    expect(one.takeUnmarked("mock_thing", { a: "1" })).toBe(false);
    expect(one.takeUnmarked("mock_thing", null)).toBe(false);
    expect(one.takeUnmarked("mock_thing", { a: 1 })).toBe(true);
  });

  it("count again although one was looked for before it was there", () => {
    const { judge: one } = judge();
    expect(one.takeUnmarked("mock_thing", null)).toBe(false);
    expect(one.takeUnmarked("mock_thing", null)).toBe(false);
    one.noteUnmarked("mock_thing", null);
    expect(one.takeUnmarked("mock_thing", null)).toBe(true);
  });
});
