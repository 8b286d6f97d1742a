import { describe, expect, it } from "vitest";
import { CLOCK_START_MS } from "../../../runtimes/clock-start.js";
import { answersOf } from "./harness.js";

const LOOK =
  "export const handle = () => JSON.stringify([Date.now(), new Date().getTime(), Math.random(), Math.random()])";

describe("clock and random of a JavaScript guest", () => {
  it("are the same in every instance without a grant", async () => {
    const first = await answersOf(LOOK, ["a", "b"]);
    expect(await answersOf(LOOK, ["a", "b"])).toEqual(first);
    expect(new Set(first).size).toBe(2);
  });

  it("start above zero and advance by 1 ms at every look", async () => {
    const source = "export const handle = () => JSON.stringify([Date.now(), Date.now(), +new Date()])";
    expect(await answersOf(source, ["a"])).toEqual([
      JSON.stringify([CLOCK_START_MS + 1, CLOCK_START_MS + 2, CLOCK_START_MS + 3]),
    ]);
  });

  it("give numbers from 0 up to 1 that spread", async () => {
    const source = `export function handle() {
      const buckets = new Array(10).fill(0);
      for (let n = 0; n < 10000; n += 1) buckets[Math.floor(Math.random() * 10)] += 1;
      return JSON.stringify(buckets);
    }`;
    const [answer = "[]"] = await answersOf(source, ["a"]);
    const buckets = JSON.parse(answer) as number[];
    expect(buckets).toHaveLength(10);
    for (const count of buckets) expect(count).toBeGreaterThan(850);
  });

  it("leave a date made of parts, its class and its static functions as they are", async () => {
    const source = `class Day extends Date { next() { return this.getTime() + 1; } }
      export const handle = () => JSON.stringify([
        new Date(86400000).toISOString(), new Date(2020, 0, 2).getFullYear(), Date.UTC(1970, 0, 2),
        Date.parse("1970-01-02T00:00:00Z"), new Date() instanceof Date, typeof Date(), Date.name, Date.length,
        new Day(5).next(), new Day(5) instanceof Day,
      ])`;
    expect(await answersOf(source, ["a"])).toEqual([
      JSON.stringify(["1970-01-02T00:00:00.000Z", 2020, 86400000, 86400000, true, "string", "Date", 7, 6, true]),
    ]);
  });

  it("offer no way around to the engine's own clock", async () => {
    const source = `let caught = null;
      Reflect.construct = (target) => { caught = target; };
      export function handle() {
        const ways = [new Date().constructor, Object.getPrototypeOf(new Date()).constructor, caught ?? Date];
        return String(ways.every((way) => way.now() < ${CLOCK_START_MS + 1000}));
      }`;
    expect(await answersOf(source, ["a"])).toEqual(["true"]);
  });

  it("are real when granted", async () => {
    const before = Date.now();
    const options = { grants: { clock: true, random: true } };
    const [first, second] = [await answersOf(LOOK, ["a"], options), await answersOf(LOOK, ["a"], options)];
    expect(first).not.toEqual(second);
    const [now = 0] = JSON.parse(first[0] ?? "[]") as number[];
    expect(now).toBeGreaterThanOrEqual(before);
  });

  it("are granted one by one", async () => {
    const [answer = "[]"] = await answersOf(LOOK, ["a"], { grants: { clock: true } });
    const [plain = "[]"] = await answersOf(LOOK, ["a"]);
    expect((JSON.parse(answer) as number[]).slice(2)).toEqual((JSON.parse(plain) as number[]).slice(2));
  });
});
