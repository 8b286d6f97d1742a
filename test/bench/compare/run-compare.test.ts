import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { runCompare } from "../../../bench/compare/run-compare.js";
import { formatJson } from "../../../bench/format-json.js";
import { measurement, report, rowsOf } from "../reports.js";

const folder = mkdtempSync(join(tmpdir(), "airlock-compare-"));
afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
});

function file(name: string, text: string): string {
  const path = join(folder, name);
  writeFileSync(path, text);
  return path;
}

function ofMedian(median: number): string {
  const spread = { low: median - 1, high: median + 1 };
  return file(`${median}.json`, formatJson(report([measurement({ median, spread })])));
}

function run(...args: string[]) {
  const said = { stdout: "", stderr: "" };
  const code = runCompare(
    args,
    (text) => {
      said.stdout += text;
    },
    (text) => {
      said.stderr += text;
    },
  );
  return { code, ...said };
}

describe("two reports as files", () => {
  it("end with 1 when the later one is worse, and with 0 otherwise", () => {
    expect(run(ofMedian(100), ofMedian(200)).code).toBe(1);
    expect(run(ofMedian(200), ofMedian(100)).code).toBe(0);
    expect(run(ofMedian(100), ofMedian(100)).code).toBe(0);
  });

  it("are shown as a table, what became worse first", () => {
    const { stdout } = run(ofMedian(100), ofMedian(200));
    expect(stdout).toContain("**regressed**: 1 worse");
    expect(rowsOf(stdout).at(-1)).toEqual([
      "worse",
      "Time per call",
      "js",
      "16 under way",
      "100 us (99.0 us – 101 us)",
      "200 us (199 us – 201 us)",
      "2.00 ×",
    ]);
  });

  it("are compared as JSON", () => {
    const { code, stdout } = run(ofMedian(100), ofMedian(200), "--json");
    expect(code).toBe(1);
    expect(JSON.parse(stdout)).toMatchObject({ regressed: true, pairs: [{ change: "worse", times: 2 }] });
  });

  it.each([
    ["BENCH_USAGE", () => [ofMedian(1)]],
    ["BENCH_USAGE", () => [ofMedian(1), ofMedian(1), ofMedian(1)]],
    ["BENCH_REPORT_UNREADABLE", () => [join(folder, "nowhere.json"), ofMedian(1)]],
    ["BENCH_REPORT_UNREADABLE", () => [ofMedian(1), file("half.json", '{"format_version":')]],
    ["BENCH_REPORT_UNREADABLE", () => [ofMedian(1), file("other.json", '{"results":[]}')]],
    ["BENCH_REPORT_FORMAT", () => [file("old.json", '{"format_version":1,"measurements":[]}'), ofMedian(1)]],
    ["BENCH_NOTHING_TO_COMPARE", () => [file("empty.json", formatJson(report([]))), ofMedian(1)]],
  ])("end with 2 and %s when they cannot be", (code, args) => {
    const { code: exit, stdout, stderr } = run(...args());
    expect(exit).toBe(2);
    expect(stdout).toBe("");
    expect(stderr).toMatch(new RegExp(`^${code}: .+\n.+\n$`));
  });
});
