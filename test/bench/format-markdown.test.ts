import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { formatMarkdown } from "../../bench/format-markdown.js";
import { UNITS } from "../../bench/measurement.js";
import { formatValue } from "../../bench/values.js";
import { lastRowOf, measurement, report, rowsOf } from "./reports.js";

describe("the report as Markdown", () => {
  it("names the machine, Node, the version and the revision", () => {
    const text = formatMarkdown(report([]));
    for (const said of ["Some CPU, 4 cores, 8.0 GiB, linux 6.1 x64", "v20.20.0", "1.2.3", "0123456789ab"]) {
      expect(text).toContain(said);
    }
    expect(text).not.toContain("local changes");
  });

  it("names the command and how busy the machine was", () => {
    const text = formatMarkdown(report([]));
    expect(text).toContain("`npm run bench -- --scope hooks` at 2026-01-02T03:04:05.000Z, 12 s");
    expect(text).toContain("0.10 before, 1.50 after");
  });

  it("says when the code was changed since its revision, and when there is none", () => {
    const subject = { name: "airlock-runtime", version: "1.2.3", revision: null, modified: true };
    expect(formatMarkdown(report([], { subject }))).toContain("git revision unknown with local changes");
  });

  it("warns of figures that are quick", () => {
    expect(formatMarkdown(report([], { quick: true }))).toContain("too few samples");
    expect(formatMarkdown(report([]))).not.toContain("too few samples");
  });

  it("makes one table for each question, in the order in which they were asked", () => {
    const text = formatMarkdown(
      report([
        measurement({ question: "Zero" }),
        measurement({ question: "Alpha" }),
        measurement({ question: "Zero" }),
      ]),
    );
    expect(text.match(/^## .*/gm)).toEqual(["## Zero", "## Alpha"]);
    expect(rowsOf(text)).toHaveLength(2 * 2 + 3);
  });

  it("shows a measurement with its ratio and its aim", () => {
    const row = measurement({
      ratio: { value: 1.5, to: "alone", spread: null },
      aim: { bound: "at most", value: 100, of: "median", met: true },
    });
    const cells = lastRowOf(formatMarkdown(report([row])));
    expect(cells).toEqual([
      "js",
      "16 under way",
      "80.0 us",
      "120 us",
      "70.0 us – 130 us",
      "200",
      "1.50 × alone",
      "≤ 100 us: met",
    ]);
  });

  it("says that an aim was missed", () => {
    const text = formatMarkdown(
      report([measurement({ aim: { bound: "at most", value: 50, of: "median", met: false } })]),
    );
    expect(lastRowOf(text)[7]).toBe("≤ 50.0 us: missed");
  });

  it("says of which value an aim is, and from which side", () => {
    const aim = { bound: "at least", value: 1.7, of: "ratio", met: true } as const;
    expect(lastRowOf(formatMarkdown(report([measurement({ aim })])))[7]).toBe("ratio ≥ 1.70: met");
  });

  it("shows a dash for what there is not", () => {
    const cells = lastRowOf(formatMarkdown(report([measurement({ p99: null, samples: 1 })])));
    expect(cells.slice(3)).toEqual(["–", "–", "1", "–", "–"]);
  });

  it("lists what could not be measured", () => {
    const skipped = [{ scope: "hooks", subject: "executable (Go)", reason: "it needs go" }] as const;
    expect(formatMarkdown(report([], { skipped }))).toContain("- hooks: executable (Go): it needs go");
    expect(formatMarkdown(report([]))).not.toContain("Not measured");
  });

  it("keeps its columns whatever a subject holds", () => {
    fc.assert(
      fc.property(fc.array(fc.record({ subject: fc.string(), condition: fc.string() }), { minLength: 1 }), (all) => {
        const rows = rowsOf(
          formatMarkdown(
            report(
              all.map((said) => measurement({ ...said, subject: safe(said.subject), condition: safe(said.condition) })),
            ),
          ),
        );
        expect(new Set(rows.map((row) => row.length))).toEqual(new Set([8]));
      }),
    );
  });

  it("sets all lines of a table to one width", () => {
    const text = formatMarkdown(report([measurement({ subject: "a" }), measurement({ subject: "much longer" })]));
    const widths = text
      .split("\n")
      .filter((line) => line.startsWith("|"))
      .map((line) => line.length);
    expect(new Set(widths).size).toBe(1);
  });
});

describe("a value", () => {
  it.each([
    [0, "us", "0.00 us"],
    [1.234, "ms", "1.23 ms"],
    [12.34, "us", "12.3 us"],
    [12_345.6, "us", "12346 us"],
    [1.5 * 1024 ** 2, "bytes", "1.50 MiB"],
    [950, "per_s", "950/s"],
  ] as const)("of %d %s is shown as %s", (value, unit, text) => {
    expect(formatValue(value, unit)).toBe(text);
  });

  it.each(UNITS)("in %s is never shown as a power of ten", (unit) => {
    fc.assert(
      fc.property(fc.double({ min: 0, max: 1e15, noNaN: true }), (value) => {
        expect(formatValue(value, unit)).toMatch(/^\d+(\.\d+)?( us| ms| MiB|\/s)$/);
      }),
    );
  });
});

/** A backslash before a bar is not told from one that escapes it. */
function safe(text: string): string {
  return text.replaceAll("\\", "/");
}
