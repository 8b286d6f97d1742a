import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { aim, median, pairedRatio, ratio, slope, summarize } from "../../bench/statistics.js";
import { percentile } from "../../src/base/percentile.js";

const values = fc.array(fc.double({ min: 0, max: 1e9, noNaN: true }), { minLength: 1, maxLength: 500 });

describe("percentile", () => {
  it("gives the value of the nearest rank", () => {
    const hundred = Array.from({ length: 100 }, (_, index) => index + 1);
    expect([0, 0.5, 0.99, 1].map((share) => percentile(hundred, share))).toEqual([1, 50, 99, 100]);
  });

  it("gives one of the values", () => {
    fc.assert(
      fc.property(values, fc.double({ min: 0, max: 1, noNaN: true }), (all, share) => {
        const sorted = all.toSorted((one, other) => one - other);
        expect(sorted).toContain(percentile(sorted, share));
      }),
    );
  });

  it("refuses to tell anything of no value", () => {
    expect(() => percentile([], 0.5)).toThrow(RangeError);
  });
});

describe("median", () => {
  it("is the middle value of an odd number", () => {
    expect(median([9, 1, 5])).toBe(5);
  });

  it("is the mean of the two middle ones of an even number", () => {
    expect(median([10, 1, 4, 2])).toBe(3);
  });

  it("has as many values below as above, whatever their order", () => {
    fc.assert(
      fc.property(values, (all) => {
        const middle = median(all);
        const below = all.filter((value) => value < middle).length;
        const above = all.filter((value) => value > middle).length;
        expect(Math.max(below, above)).toBeLessThanOrEqual(all.length / 2);
      }),
    );
  });

  it("leaves its argument as it is", () => {
    const all = [3, 1, 2];
    median(all);
    expect(all).toEqual([3, 1, 2]);
  });

  it("refuses to tell anything of no value", () => {
    expect(() => median([])).toThrow(RangeError);
  });
});

describe("the spread of samples", () => {
  it("is all of few, and the middle half of many", () => {
    const values = (count: number) => Array.from({ length: count }, (_, at) => at + 1);
    expect(summarize(values(19)).spread).toEqual({ low: 1, high: 19 });
    expect(summarize(values(20)).spread).toEqual({ low: 5, high: 15 });
  });
});

describe("summarize", () => {
  it("gives the middle, the ends and the number of samples", () => {
    expect(summarize([3, 1, 2])).toEqual({
      median: 2,
      p99: null,
      min: 1,
      max: 3,
      spread: { low: 1, high: 3 },
      samples: 3,
    });
  });

  it("names a 99th percentile from 100 samples on", () => {
    const all = Array.from({ length: 100 }, (_, index) => index);
    expect(summarize(all.slice(1)).p99).toBeNull();
    expect(summarize(all).p99).toBe(98);
  });

  it("keeps its figures in their order", () => {
    fc.assert(
      fc.property(values, (all) => {
        const { min, median: middle, p99, max } = summarize(all);
        expect(min).toBeLessThanOrEqual(middle);
        expect(middle).toBeLessThanOrEqual(max);
        expect(p99 ?? max).toBeLessThanOrEqual(max);
      }),
    );
  });
});

describe("slope", () => {
  it("finds the growth of a line", () => {
    fc.assert(
      fc.property(fc.integer({ min: -1_000, max: 1_000 }), fc.integer({ min: -1_000, max: 1_000 }), (start, growth) => {
        const points = [1, 5, 10, 20].map((x) => [x, start + growth * x] as const);
        expect(slope(points)).toBeCloseTo(growth, 6);
      }),
    );
  });

  it("lies between the growths of points that are on no line", () => {
    const found = slope([
      [1, 0],
      [2, 1],
      [3, 4],
    ]);
    expect(found).toBe(2);
  });

  it("refuses points at one place, and none", () => {
    expect(() =>
      slope([
        [1, 2],
        [1, 3],
      ]),
    ).toThrow(RangeError);
    expect(() => slope([])).toThrow(RangeError);
  });
});

describe("ratio", () => {
  it("says how many times the base a value is", () => {
    expect(ratio(30, 10, "alone")).toEqual({ value: 3, to: "alone", spread: null });
  });

  it("is left out without a base", () => {
    expect(ratio(30, null, "alone")).toBeNull();
    expect(ratio(30, 0, "alone")).toBeNull();
  });
});

describe("a ratio of pairs", () => {
  it("is their median, and says how far they lie apart", () => {
    expect(pairedRatio([1, 3, 2], "plain")).toEqual({ value: 2, to: "plain", spread: { low: 1, high: 3 } });
  });

  it("is none without a pair", () => {
    expect(() => pairedRatio([], "plain")).toThrow(RangeError);
  });
});

describe("aim", () => {
  it("is met up to its bound and missed beyond", () => {
    const goal = { bound: "at most", value: 100 } as const;
    expect(aim(100, goal)).toEqual({ ...goal, of: "median", met: true });
    expect(aim(100.1, goal).met).toBe(false);
  });

  it("is met from its bound and missed below, where more is better", () => {
    const goal = { bound: "at least", value: 1.7 } as const;
    expect(aim(1.7, goal, "ratio")).toEqual({ ...goal, of: "ratio", met: true });
    expect(aim(1.69, goal, "ratio").met).toBe(false);
  });
});
