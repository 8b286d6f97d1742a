import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { compareReports } from "../../../bench/compare/compare.js";
import type { Change } from "../../../bench/compare/compare.js";
import type { Measurement } from "../../../bench/measurement.js";
import type { BenchReport } from "../../../bench/report.js";
import { thrownCode } from "../../support/codes.js";
import { measurement, report } from "../reports.js";

/** A row with this median, whose samples lie so far around it. */
function row(median: number, noise = 1, said: Partial<Measurement> = {}): Measurement {
  return measurement({ median, spread: { low: median - noise, high: median + noise }, samples: 10, ...said });
}

function paired(value: number, noise: number, said: Partial<Measurement> = {}): Measurement {
  const spread = { low: value - noise, high: value + noise };
  return row(1_000 * value, 1, { ratio: { value, to: "plain", spread }, ...said });
}

function changes(
  before: readonly Measurement[],
  after: readonly Measurement[],
  now: Partial<BenchReport> = {},
): Change[] {
  return compareReports(report(before), report(after, now)).pairs.map(({ change }) => change);
}

const OTHER_MACHINE = {
  machine: { cpu: "Another CPU", cores: 4, memory_bytes: 8 * 1024 ** 3, os: "linux 6.1 x64", node: "v20.20.0" },
};

describe("a row held against the same one of an earlier run", () => {
  it("is worse when its samples lie beyond those of before", () => {
    expect(changes([row(100, 5)], [row(120, 5)])).toEqual(["worse"]);
    expect(changes([row(120, 5)], [row(100, 5)])).toEqual(["better"]);
  });

  it("is the same within the noise of either run", () => {
    expect(changes([row(100, 15)], [row(120, 5)])).toEqual(["same"]);
    expect(changes([row(100, 5)], [row(120, 15)])).toEqual(["same"]);
  });

  it("is the same when it changed by less than 5 %, however little noise there was", () => {
    expect(changes([row(100, 0)], [row(104.9, 0)])).toEqual(["same"]);
    expect(changes([row(100, 0)], [row(105, 0)])).toEqual(["worse"]);
  });

  it("is worse by less where more is better", () => {
    const unit = "per_s";
    expect(changes([row(100, 5, { unit })], [row(80, 5, { unit })])).toEqual(["worse"]);
    expect(changes([row(80, 5, { unit })], [row(100, 5, { unit })])).toEqual(["better"]);
  });

  it("is judged by its ratio when that was measured in pairs", () => {
    // Both took twice as long: the machine was slower, not the code.
    const slower = { median: 2_000, spread: { low: 1_900, high: 2_100 } };
    expect(changes([paired(1, 0.05)], [paired(1.01, 0.05, slower)])).toEqual(["same"]);
    expect(changes([paired(1, 0.05)], [paired(1.2, 0.05)])).toEqual(["worse"]);
  });

  it("is not judged by a ratio to something else", () => {
    const other = { ratio: { value: 3, to: "another", spread: { low: 3, high: 3 } } };
    const [pair] = compareReports(report([paired(1, 0.1)]), report([paired(1, 0.1, other)])).pairs;
    expect(pair).toMatchObject({ by: "median", change: "same" });
  });

  it("is not judged with few samples", () => {
    const before = [row(100, 0, { samples: 3 }), row(100, 0, { subject: "judged" })];
    const after = [row(900, 0, { samples: 3 }), row(100, 0, { subject: "judged" })];
    expect(changes(before, after)).toEqual(["not judged", "same"]);
  });

  it("is never worse than itself", () => {
    fc.assert(
      fc.property(fc.array(fc.double({ min: 0, max: 1e9, noNaN: true }), { minLength: 1, maxLength: 5 }), (medians) => {
        const rows = medians.map((median, at) => row(median, median / 10, { subject: String(at) }));
        expect(changes(rows, rows)).toEqual(rows.map(() => "same"));
      }),
    );
  });

  it("is worse in one direction when it is better in the other", () => {
    const value = fc.double({ min: 1, max: 1e6, noNaN: true });
    fc.assert(
      fc.property(value, value, fc.double({ min: 0, max: 100, noNaN: true }), (one, other, noise) => {
        const [there] = changes([row(one, noise)], [row(other, noise)]);
        const [back] = changes([row(other, noise)], [row(one, noise)]);
        if (there === "worse" && one * 0.95 > other) expect(back).toBe("better");
        expect([there, back]).not.toEqual(["worse", "worse"]);
      }),
    );
  });
});

describe("a comparison", () => {
  it("regressed when one row did", () => {
    const before = [row(100), row(100, 1, { subject: "wasm" })];
    const after = [row(100), row(200, 1, { subject: "wasm" })];
    expect(compareReports(report(before), report(after)).regressed).toBe(true);
    expect(compareReports(report(before), report(before)).regressed).toBe(false);
  });

  it("judges only ratios of pairs on another machine, and says so", () => {
    const rows = (times: number) => [row(100 * times), paired(times, 0.01, { subject: "live" })];
    const found = compareReports(report(rows(1)), report(rows(2), OTHER_MACHINE));
    expect(found.pairs.map(({ change }) => change)).toEqual(["not judged", "worse"]);
    expect(found.warnings.join()).toContain("Some CPU, now Another CPU");
  });

  it("takes another release of the kernel for the same kind of machine", () => {
    const machine = { ...OTHER_MACHINE.machine, cpu: "Some CPU", os: "linux 6.2 x64", node: "v20.21.0" };
    expect(changes([row(100)], [row(200)], { machine })).toEqual(["worse"]);
    expect(thrownCode(() => changes([row(100)], [row(200)], { machine: { ...machine, node: "v22.1.0" } }))).toBe(
      "BENCH_NOTHING_TO_COMPARE",
    );
  });

  it("warns of quick runs and of a busy machine", () => {
    const found = compareReports(
      report([row(1)], { quick: true }),
      report([row(1)], { load: { before: 9, after: 1 } }),
    );
    expect(found.warnings).toHaveLength(2);
  });

  it("leaves scopes out that only one of them measured, and names rows that came or went within the others", () => {
    const before = report([row(1), row(2, 1, { subject: "gone" })]);
    const after = report([row(1), row(2, 1, { subject: "new" }), row(3, 1, { scope: "check" })], {
      scopes: ["hooks", "check"],
    });
    const { pairs, gone, added } = compareReports(before, after);
    expect([pairs.length, gone.length, added.length]).toEqual([1, 1, 1]);
    expect(gone[0]).toContain("gone");
  });

  it.each([
    ["no row is in both", [row(1)], [row(1, 1, { subject: "other" })]],
    ["every row has too few samples", [row(1, 1, { samples: 1 })], [row(1, 1, { samples: 1 })]],
    ["there are none", [], []],
  ])("is refused when %s", (_, before, after) => {
    expect(thrownCode(() => compareReports(report(before), report(after)))).toBe("BENCH_NOTHING_TO_COMPARE");
  });
});
