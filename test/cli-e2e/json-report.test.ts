import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import { Validator } from "@cfworker/json-schema";
import type { Schema } from "@cfworker/json-schema";
import { describe, expect, it } from "vitest";
import { jsIntegration } from "../support/projects.js";
import { airlock, block, project, verdict } from "./projects.js";

const schema = JSON.parse(readFileSync("docs/schemas/check-report.schema.json", "utf8")) as Schema;
const validator = new Validator(schema, "2020-12", false);

const FINDING = { rule: "r", severity: "high", message: "m", path: ["tags", 0, "a"], url: "https://x.test" };
const CASES: readonly [what: string, declarations: string, files: Record<string, string>, verdict: string][] = [
  ["of a pass", block("one", "./one.js"), { "one.js": verdict({ status: "success", message: "é \u2028" }) }, "pass"],
  [
    "with findings and metadata",
    block("one", "./one.js"),
    { "one.js": verdict({ status: "fail", findings: [FINDING, { rule: "x", message: "" }], metadata: { a: [null] } }) },
    "fail",
  ],
  ["of a package that is not there", block("one", "./gone"), {}, "error"],
  ["of one that breaks at load", block("one", "./one.js"), { "one.js": "throw 1" }, "error"],
  [
    "of one that breaks in a call",
    block("one", "./one.js", '  on_error = "warn"\n'),
    { "one.js": jsIntegration("throw new Error('x')") },
    "warn",
  ],
  [
    "of one that is stopped and started again",
    block("one", "./one.js", '  timeout = "300ms"\n'),
    { "one.js": jsIntegration(`if (params.name === "a") for (;;); return { status: "success" };`) },
    "error",
  ],
];

describe("the report of --format json", () => {
  it.each(CASES)("%s is of its published schema", (_what, declarations, files, expected) => {
    const { stdout, stderr } = airlock(project(declarations, files), ["check", "plan.json", "--format", "json"]);
    expect(stderr).toBe("");
    const report = JSON.parse(stdout) as Record<string, unknown>;
    const { valid, errors } = validator.validate(report);
    expect(errors.map(({ instanceLocation, error }) => `${instanceLocation} ${error}`)).toEqual([]);
    expect(valid).toBe(true);
    expect(report["verdict"]).toBe(expected);
  });

  it("has one entry for each integration, and counts that add up", () => {
    const names = ["one", "two", "three"];
    const files = Object.fromEntries(names.map((name) => [`${name}.js`, verdict({ status: "warn" })]));
    const folder = project(names.map((name) => block(name, `./${name}.js`)).join(""), files);
    const report = JSON.parse(airlock(folder, ["check", "plan.json", "--format", "json"]).stdout) as {
      integrations: { name: string; calls: number }[];
      results: unknown[];
      summary: Record<string, number>;
    };
    expect(report.integrations.map(({ name, calls }) => [name, calls])).toEqual(names.map((name) => [name, 2]));
    expect(report.summary).toEqual({ resources: 2, success: 0, warn: 6, fail: 0, error: 0 });
    expect(report.results).toHaveLength(6);
  });

  it("is refused by the schema when a part is missing, so that the schema says something", () => {
    const folder = project(block("one", "./one.js"), { "one.js": verdict({ status: "success" }) });
    const report = JSON.parse(airlock(folder, ["check", "plan.json", "--format", "json"]).stdout) as object;
    for (const key of Object.keys(report)) {
      const rest = Object.fromEntries(Object.entries(report).filter(([name]) => name !== key));
      expect([key, validator.validate(rest).valid]).toEqual([key, false]);
    }
  });
});

describe("other output for programs", () => {
  it("of doctor is JSON with every probe", () => {
    const { code, stdout, stderr } = airlock(resolve("."), ["doctor", "--format", "json"]);
    expect([code, stderr]).toEqual([0, ""]);
    const report = JSON.parse(stdout) as { probes: { name: string; status: string; remedy: string | null }[] };
    expect(report.probes.length).toBeGreaterThan(4);
    for (const { status, remedy } of report.probes) {
      expect(["ok", "warn", "fail"]).toContain(status);
      expect(status === "ok").toBe(remedy === null);
    }
  });

  it("of doctor needs neither PATH nor a home", () => {
    const { code, stdout } = airlock(resolve("."), ["doctor"], { env: { PATH: "/nonexistent" } });
    expect(code).toBe(0);
    expect(stdout).toMatch(/^warn +tofu/m);
  });
});
