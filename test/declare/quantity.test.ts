import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { formatDuration, parseDuration, parseSize } from "../../src/declare/quantity.js";
import { formatSize } from "../../src/base/size-text.js";

const HOUR = 3_600_000;
const GIB = 1024 ** 3;

describe("durations", () => {
  test.each([
    ["1ms", 1],
    ["500ms", 500],
    ["5s", 5_000],
    ["1m", 60_000],
    ["1m30s", 90_000],
    ["1h", HOUR],
    ["0m5s", 5_000],
    ["2s500ms", 2_500],
    ["59m59s999ms", HOUR - 1],
  ])("%s", (text, value) => {
    expect(parseDuration(text, HOUR)).toEqual({ value });
  });

  test.each([
    "",
    "5",
    "s",
    "5 s",
    "5S",
    "-5s",
    "1.5s",
    "5s1m",
    "1s1s",
    "0s",
    "0h0m",
    "1h1ms",
    "99999999999999999999s",
    "5s\n",
  ])("refuses %j", (text) => {
    expect(parseDuration(text, HOUR)).toHaveProperty("problem");
  });

  test("every number of ms comes back from its text", () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: HOUR }), (ms) => {
        expect(parseDuration(formatDuration(ms), HOUR)).toEqual({ value: ms });
      }),
    );
  });

  test("the bound itself is allowed, one more is not", () => {
    expect(parseDuration("10ms", 10)).toEqual({ value: 10 });
    expect(parseDuration("11ms", 10)).toHaveProperty("problem");
  });
});

describe("sizes", () => {
  test.each([
    ["1B", 1],
    ["1000B", 1_000],
    ["512KiB", 512 * 1024],
    ["64MiB", 64 * 1024 ** 2],
    ["4GiB", 4 * GIB],
  ])("%s", (text, value) => {
    expect(parseSize(text, 4 * GIB)).toEqual({ value });
  });

  test.each([
    "",
    "64",
    "MiB",
    "64 MiB",
    "64MB",
    "64mib",
    "64M",
    "-1MiB",
    "0B",
    "0GiB",
    "1.5GiB",
    "5GiB",
    "1MiB1B",
    "9".repeat(400) + "B",
  ])("refuses %j", (text) => {
    expect(parseSize(text, 4 * GIB)).toHaveProperty("problem");
  });

  test("every number of bytes comes back from its text", () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 4 * GIB }), (bytes) => {
        expect(parseSize(formatSize(bytes), 4 * GIB)).toEqual({ value: bytes });
      }),
    );
  });

  test("text is in the largest unit that divides it", () => {
    expect([formatSize(GIB), formatSize(1536 * 1024), formatSize(1000)]).toEqual(["1GiB", "1536KiB", "1000B"]);
  });
});

test("nothing has a text, too", () => {
  expect([formatDuration(0), formatSize(0)]).toEqual(["0ms", "0B"]);
});

test("any text is a quantity within the bound or has a problem", () => {
  fc.assert(
    fc.property(fc.string(), fc.integer({ min: 1, max: HOUR }), (text, max) => {
      for (const parsed of [parseDuration(text, max), parseSize(text, max)]) {
        if ("value" in parsed) expect(parsed.value > 0 && parsed.value <= max).toBe(true);
        else expect(parsed.problem).not.toBe("");
      }
    }),
  );
});
