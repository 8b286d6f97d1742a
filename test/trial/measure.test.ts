import { describe, expect, it } from "vitest";
import type { AirlockEvent } from "../../src/protocol/events.js";
import { Measured, measureManyAtOnce, measureOneByOne, timesOf } from "../../src/trial/measure.js";
import { FakeRuntime, resultOf } from "../hosts/fake-runtime.js";
import { resourceEvent } from "../support/projects.js";

const EVENTS: readonly AirlockEvent[] = ["a.one", "a.two", "a.three"].map((address) => resourceEvent(address));
const runtime = () => new FakeRuntime({ answers: { one: () => ({}) } });
const bounds = (calls: number, timeMs = 60_000, signal = new AbortController().signal) => ({ calls, timeMs, signal });

describe("calls that are measured one by one", () => {
  it("go through the events again and again, until there were enough", async () => {
    const [fake, measured] = [runtime(), new Measured()];
    await measureOneByOne(fake, EVENTS, bounds(7), measured, () => undefined);
    expect(fake.events).toEqual([...EVENTS, ...EVENTS, EVENTS[0]]);
    expect([measured.all.length, measured.verdicts.success]).toEqual([7, 7]);
  });

  it("end when their time is up, or somebody wants them to", async () => {
    const measured = new Measured();
    await measureOneByOne(runtime(), EVENTS, bounds(1_000_000, 20), measured, () => undefined);
    expect(measured.all.length).toBeLessThan(1_000_000);
    const aborted = new Measured();
    await measureOneByOne(runtime(), EVENTS, bounds(7, 60_000, AbortSignal.abort()), aborted, () => undefined);
    expect(aborted.all).toEqual([]);
  });

  it("are of no time when they broke", () => {
    const measured = new Measured();
    const error = { code: "GUEST_CRASHED", message: "first", remedy: null };
    measured.take("post-plan-resource", 10, resultOf({ status: "error", error }));
    measured.take("post-plan-resource", 10, resultOf({ status: "warn", error: { ...error, message: "second" } }));
    expect(measured.broken).toEqual([{ code: "GUEST_CRASHED", calls: 2, message: "first" }]);
    expect(measured.all).toEqual([]);
  });
});

describe("calls that are under way at once", () => {
  it("are no more than were asked for", async () => {
    const fake = runtime();
    expect(await measureManyAtOnce(fake, EVENTS, bounds(20))).toBeGreaterThan(0);
    expect(fake.events).toHaveLength(20);
  });
});

describe("times", () => {
  it("are the median, the 99th percentile and the longest", () => {
    const values = Array.from({ length: 200 }, (_, at) => 200 - at);
    expect(timesOf(values)).toEqual({ p50: 100, p99: 198, max: 200 });
    expect(() => timesOf([])).toThrow(RangeError);
  });
});
