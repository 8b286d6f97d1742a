import { describe, expect, it } from "vitest";
import { formatJson } from "../../bench/format-json.js";
import { measurement, report } from "./reports.js";

describe("the report as JSON", () => {
  it("holds everything that the report says", () => {
    const said = report(
      [
        measurement({
          ratio: { value: 2, to: "alone", spread: null },
          aim: { bound: "at most", value: 100, of: "median", met: true },
        }),
      ],
      {
        skipped: [{ scope: "hooks", subject: "go", reason: "none" }],
      },
    );
    expect(JSON.parse(formatJson(said))).toEqual({ ...said, duration_ms: 12_345.679 });
  });

  it("cuts figures to three decimals, and keeps those that are whole", () => {
    const said = report([measurement({ median: 123.456789, max: 1_234_567_890, samples: 200 })]);
    expect(JSON.parse(formatJson(said))).toMatchObject({
      measurements: [{ median: 123.457, max: 1_234_567_890, samples: 200 }],
    });
  });

  it("ends with a line feed", () => {
    expect(formatJson(report([]))).toMatch(/\}\n$/);
  });
});
