import { describe, expect, it } from "vitest";
import { SCOPES } from "../../bench/measurement.js";
import { readOptions, USAGE } from "../../bench/options.js";
import { thrownCode } from "../support/codes.js";

describe("options of the benchmarks", () => {
  it("measure everything in full without any", () => {
    expect(readOptions([])).toEqual({
      scopes: [...SCOPES],
      quick: false,
      compare: null,
      budgetMs: Infinity,
      output: null,
      json: false,
      help: false,
    });
  });

  it("take one scope or several, in the order in which they are measured", () => {
    expect(readOptions(["--scope", "check"]).scopes).toEqual(["check"]);
    expect(readOptions(["--scope=hard-stop", "--scope", "hooks"]).scopes).toEqual(["hooks", "hard-stop"]);
  });

  it("measure a scope once that is named twice", () => {
    expect(readOptions(["--scope", "memory", "--scope", "memory"]).scopes).toEqual(["memory"]);
  });

  it.each(SCOPES)("know the scope %s, and name it in the usage", (scope) => {
    expect(readOptions(["--scope", scope]).scopes).toEqual([scope]);
    expect(USAGE).toContain(scope);
  });

  it("take the switches", () => {
    expect(readOptions(["--quick", "--json", "--help"])).toMatchObject({ quick: true, json: true, help: true });
  });

  it("take an earlier report, a folder, and a budget in seconds", () => {
    const options = readOptions(["--compare", "old.json", "--output", "out", "--budget", "90"]);
    expect(options).toMatchObject({ compare: "old.json", output: "out", budgetMs: 90_000 });
  });

  it.each([
    ["a budget of nothing", ["--budget", "0"]],
    ["a budget that is no number", ["--budget", "1m"]],
    ["an unknown scope", ["--scope", "speed"]],
    ["an empty scope", ["--scope="]],
    ["a scope without its name", ["--scope"]],
    ["an unknown option", ["--fast"]],
    ["a value of a switch", ["--quick=yes"]],
    ["an argument that is no option", ["hooks"]],
  ])("refuse %s", (_, args) => {
    expect(thrownCode(() => readOptions(args))).toBe("BENCH_USAGE");
  });
});
