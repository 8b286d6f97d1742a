import { describe, expect, it } from "vitest";
import { COUNTER, CRASHER, CRASH_EVERY } from "../../bench/soak/guests.js";
import { trendOf } from "../../bench/soak/memory.js";
import { soak } from "../../bench/soak/soak.js";
import { Tallies } from "../../bench/soak/tally.js";
import { renderSoak } from "../../bench/soak/text.js";
import { resultOf } from "../hosts/fake-runtime.js";

/** The trend of the parent's memory over samples at 100, 200 … calls. */
function trend(...bytes: readonly number[]) {
  const samples = bytes.map((parentBytes, at) => ({ calls: (at + 1) * 100, parentBytes, childrenBytes: 0 }));
  return trendOf(samples, (sample) => sample.parentBytes);
}

const ERROR = { code: "GUEST_CRASHED", message: "", remedy: null };
const said = (integration: string, message: string) => resultOf({ integration, message });

describe("the trend of memory", () => {
  it("is flat when it goes up and down, and when it falls", () => {
    expect(trend(100, 110, 90, 100, 105, 95).flat).toBe(true);
    expect(trend(200, 150, 100).flat).toBe(true);
  });

  it("is not flat when it rises by more than a tenth", () => {
    expect(trend(100, 105, 109).flat).toBe(true);
    const rising = trend(100, 110, 120, 130);
    expect([rising.flat, rising.bytesPerCall, rising.fromBytes, rising.toBytes]).toEqual([false, 0.1, 100, 130]);
  });

  it("is that of its floor, for memory is given back in steps", () => {
    const teeth = (floors: readonly number[]) =>
      floors.flatMap((floor) => [0, 20, 40, 60, 80].map((more) => floor + more));
    const even = Array.from({ length: 10 }, () => 100);
    expect(trend(...teeth(even)).flat).toBe(true);
    expect(trend(...teeth(even.map((floor, at) => floor + 3 * at))).flat).toBe(false);
  });

  it("leaves the first tenth out", () => {
    const bytes = [10, ...Array.from({ length: 11 }, () => 100)];
    expect(trend(...bytes)).toMatchObject({ bytesPerCall: 0, samples: 11, flat: true });
  });
});

describe("the tally of calls", () => {
  function misplaced(name: string, answers: readonly (string | null)[]): number | undefined {
    const tallies = new Tallies([name]);
    for (const message of answers) {
      tallies.take([message === null ? resultOf({ integration: name, error: ERROR }) : said(name, message)]);
    }
    return tallies.all.get(name)?.misplaced;
  }

  it("finds nothing wrong with a guest that counts on, and from 1 after it ended", () => {
    expect(misplaced(CRASHER, ["1", "2", null, "1", "2"])).toBe(0);
  });

  it.each([
    ["lost", ["1", "3"]],
    ["doubled", ["1", "2", "2"]],
    ["still there after it ended", ["1", null, "2"]],
  ])("finds what is %s", (_, answers) => {
    expect(misplaced(COUNTER, answers)).toBeGreaterThan(0);
  });

  it("finds an event without a result of each guest, or with one too many", () => {
    const tallies = new Tallies(["a", "b"]);
    tallies.take([said("a", ""), said("b", "")]);
    tallies.take([said("a", "")]);
    tallies.take([said("a", ""), said("b", ""), said("b", "")]);
    expect(tallies.incomplete).toBe(2);
  });
});

describe("a soak", () => {
  it("crashes one guest of five and loses nothing of the others", async () => {
    const report = await soak(5 * (CRASH_EVERY + 50), () => undefined);
    // So few calls say nothing of memory.
    expect(report.faults.filter((fault) => !fault.includes("memory"))).toEqual([]);
    const errors = report.tallies.flatMap(({ name, errors: codes }) => [...codes].map(([code]) => [name, code]));
    expect(errors).toEqual([[CRASHER, "GUEST_TIMEOUT"]]);
    expect(report.integrations.map(({ restarts }) => restarts)).toEqual([0, 0, 0, 0, 1]);
    const text = renderSoak({ ...report, faults: [] });
    expect(text.match(/100 % of 1050 calls/g)).toHaveLength(4);
    expect(text).toContain(`${CRASHER}: 99.90 % of 1050 calls`);
  });
});
