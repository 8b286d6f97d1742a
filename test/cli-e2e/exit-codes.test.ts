import { describe, expect, it } from "vitest";
import { airlock, block, PLAN, project, verdict } from "./projects.js";

const GOOD = verdict({ status: "success" });
const BROKEN = "throw new Error('at load');";

describe("the exit code of airlock check", () => {
  it.each([
    ["0 when all pass", block("one", "./one.js"), { "one.js": GOOD }, 0, "PASS"],
    ["0 when one warns", block("one", "./one.js"), { "one.js": verdict({ status: "warn" }) }, 0, "WARN"],
    ["1 when one fails", block("one", "./one.js"), { "one.js": verdict({ status: "fail" }) }, 1, "FAIL"],
    ["3 when one breaks", block("one", "./one.js"), { "one.js": BROKEN }, 3, "ERROR"],
    ["0 when one breaks that may", block("one", "./one.js", '  on_error = "warn"\n'), { "one.js": BROKEN }, 0, "WARN"],
    [
      "3 when one breaks and another fails",
      block("one", "./one.js") + block("two", "./two.js"),
      { "one.js": BROKEN, "two.js": verdict({ status: "fail" }) },
      3,
      "ERROR",
    ],
    ["3 when a package is not there", block("one", "./gone.js"), {}, 3, "ERROR"],
  ])("is %s", (_what, declarations, files, code, word) => {
    const ran = airlock(project(declarations, files), ["check", "plan.json"]);
    expect([ran.code, ran.stderr]).toEqual([code, ""]);
    expect(ran.stdout).toMatch(new RegExp(`^${word}  2 resources`, "m"));
  });

  const declared = block("one", "./one.js");
  const cases: [what: string, code: string, argv: string[], declarations: string, files: Record<string, string>][] = [
    ["a plan that is not there", "PLAN_NOT_READABLE", ["check", "gone.json"], declared, {}],
    ["a plan that is a folder", "PLAN_NOT_READABLE", ["check", "."], declared, {}],
    ["a plan that is empty", "PLAN_EMPTY", ["check", "x"], declared, { x: "" }],
    ["a plan that is text", "PLAN_NOT_JSON", ["check", "x"], declared, { x: "No changes." }],
    ["a saved plan file", "PLAN_BINARY", ["check", "x"], declared, { x: "PK\u0003\u0004" }],
    ["a state", "PLAN_IS_STATE", ["check", "x"], declared, { x: '{"format_version":"1.0","values":{}}' }],
    ["a plan of the future", "PLAN_FORMAT_VERSION", ["check", "x"], declared, { x: PLAN.replace("1.2", "9.0") }],
    ["no declarations", "CLI_NO_INTEGRATIONS", ["check", "plan.json"], "", {}],
    ["declarations that do not parse", "DECLARE_SYNTAX", ["check", "plan.json"], "integration {", {}],
    ["two of one name", "DECLARE_DUPLICATE_NAME", ["check", "plan.json"], declared + declared, {}],
    [
      "an unknown argument",
      "DECLARE_UNKNOWN_ARGUMENT",
      ["check", "plan.json"],
      block("a", "./a", "  tmeout = 1\n"),
      {},
    ],
    ["an unknown command", "CLI_USAGE", ["chekc", "plan.json"], declared, {}],
    ["an unknown option", "CLI_USAGE", ["check", "plan.json", "--fromat", "json"], declared, {}],
    ["an unknown format", "CLI_USAGE", ["check", "plan.json", "--format", "xml"], declared, {}],
    ["a plan too many", "CLI_USAGE", ["check", "plan.json", "other.json"], declared, {}],
    ["no plan", "CLI_USAGE", ["check"], declared, {}],
    ["a parallelism of nothing", "CLI_USAGE", ["check", "plan.json", "--parallelism", "0"], declared, {}],
    ["a parallelism over 256", "CLI_USAGE", ["check", "plan.json", "--parallelism", "257"], declared, {}],
    ["a report into nowhere", "CLI_OUTPUT", ["check", "plan.json", "--output", "no/report"], declared, {}],
    ["a report onto a folder", "CLI_OUTPUT", ["check", "plan.json", "--output", "."], declared, {}],
  ];

  it.each(cases)("is 2 for %s, with %s", (_what, code, argv, declarations, files) => {
    const ran = airlock(project(declarations, { "one.js": GOOD, ...files }), argv);
    expect([ran.code, ran.stderr]).toEqual([2, expect.stringContaining(`(${code})`)]);
    expect(ran.stdout).toBe("");
    expect(ran.stderr).not.toMatch(/^\s+at /m);
    expect(ran.stderr).not.toContain("node_modules");
  });

  it("is 0 for help and version, and 2 for no command at all", () => {
    const folder = project("");
    expect(airlock(folder, ["--help"])).toMatchObject({ code: 0, stderr: "" });
    expect(airlock(folder, ["check", "--help"])).toMatchObject({ code: 0, stderr: "" });
    expect(airlock(folder, ["--version"])).toMatchObject({ code: 0, stderr: "" });
    expect(airlock(folder, [])).toMatchObject({ code: 2, stdout: "" });
  });
});
