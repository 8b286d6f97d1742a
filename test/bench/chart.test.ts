import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { chartOf } from "../../bench/chart.js";
import { chartNames } from "../../bench/write-report.js";
import { measurement, report } from "./reports.js";

function chart(...rows: ReturnType<typeof measurement>[]): string {
  return chartOf("Time per call", rows, report(rows));
}

const numbers = (svg: string, pattern: RegExp): number[] => [...svg.matchAll(pattern)].map(([, text]) => Number(text));

describe("the chart of a question", () => {
  it("has a bar for each row, as long as its median is", () => {
    const lengths = numbers(
      chart(measurement({ median: 40 }), measurement({ median: 80 })),
      /class="bar".* width="([\d.]+)"/g,
    );
    expect(lengths).toHaveLength(2);
    expect((lengths[1] ?? 0) / (lengths[0] ?? 1)).toBeCloseTo(2, 1);
  });

  it("names the machine, Node, the version and the revision", () => {
    const svg = chart(measurement());
    for (const said of ["Some CPU, 4 cores", "v20.20.0", "1.2.3", "0123456789ab"]) expect(svg).toContain(said);
  });

  it("marks an aim, on the scale of the median also where it is one of the ratio", () => {
    const median = measurement({ median: 80, aim: { bound: "at most", value: 60, of: "median", met: false } });
    const ratio = measurement({
      median: 80,
      ratio: { value: 2, to: "alone", spread: null },
      aim: { bound: "at most", value: 1.5, of: "ratio", met: false },
    });
    const [one, other] = numbers(chart(median, ratio), /class="goal" x1="([\d.]+)"/g);
    expect(one).toBe(other);
    expect(chart(median)).toContain("missed");
    expect(chart(measurement())).not.toContain("the aim");
  });

  it("can be read on a dark page", () => {
    expect(chart(measurement())).toContain("prefers-color-scheme: dark");
  });

  it("stays within its page, whatever was measured", () => {
    const value = fc.double({ min: -10, max: 1e12, noNaN: true });
    fc.assert(
      fc.property(fc.array(fc.tuple(value, value), { minLength: 1, maxLength: 10 }), (all) => {
        const rows = all.map(([median, high]) =>
          measurement({ median, spread: { low: Math.min(median, high), high: Math.max(median, high) } }),
        );
        const ends = numbers(chart(...rows), / x2="([\d.]+)"/g);
        expect(Math.max(...ends)).toBeLessThan(920);
      }),
    );
  });

  it("holds no markup of a subject", () => {
    expect(chart(measurement({ subject: '<script>"&' }))).toContain("&lt;script&gt;&quot;&amp;");
  });
});

describe("the files of charts", () => {
  it("are one for each question, named by it, and never two of one name", () => {
    fc.assert(
      fc.property(fc.uniqueArray(fc.string()), (questions) => {
        const names = chartNames({ measurements: questions.map((question) => measurement({ question })) });
        expect([...names.keys()]).toEqual(questions);
        expect(new Set(names.values()).size).toBe(questions.length);
        for (const name of names.values()) expect(name).toMatch(/^[a-z0-9_-]*\.svg$/);
      }),
    );
  });
});
