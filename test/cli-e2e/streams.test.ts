import { readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { jsIntegration } from "../support/projects.js";
import { airlock, block, PLAN, project, verdict } from "./projects.js";

const ESC = "\u001b";
const HOSTILE = `${ESC}[2J${ESC}]0;title\u0007\u202egood`;
const LOUD = jsIntegration(`console.log(${JSON.stringify(HOSTILE)}); return { status: "warn", message: "m" };`);

const warns = (): string => project(block("one", "./one.js"), { "one.js": verdict({ status: "warn", message: "w" }) });

describe("the plan", () => {
  it("comes from standard input for -, from a folder of another root for --config", () => {
    const folder = project("", {
      "infra/airlock.hcl": block("one", "./one.js"),
      "infra/one.js": verdict({ status: "fail" }),
    });
    const ran = airlock(folder, ["check", "-", "--config", "infra"], { stdin: PLAN });
    expect([ran.code, ran.stderr]).toEqual([1, ""]);
  });

  it.each([
    ["nothing", "", "PLAN_EMPTY"],
    ["the start of a plan", PLAN.slice(0, 40), "PLAN_NOT_JSON"],
  ])("from standard input may be %s, which is named", (_what, stdin, code) => {
    const ran = airlock(warns(), ["check", "-"], { stdin });
    expect([ran.code, ran.stdout, ran.stderr]).toEqual([2, "", expect.stringContaining(`(${code})`)]);
    expect(ran.stderr).toContain("standard input");
  });
});

describe("output to a pipe", () => {
  it("has no colour and no progress bar, whatever the environment asks", () => {
    const slow = jsIntegration(`for (let i = 0; i < 3e6; i++) Math.sqrt(i); return { status: "warn" };`);
    const folder = project(block("one", "./one.js"), { "one.js": slow });
    for (const env of [{}, { NO_COLOR: "1" }, { TERM: "xterm-256color", COLORTERM: "truecolor" }, { TERM: "dumb" }]) {
      const ran = airlock(folder, ["check", "plan.json"], { env });
      expect([ran.code, ran.stderr]).toEqual([0, ""]);
      expect(ran.stdout).not.toContain(ESC);
      expect(ran.stdout).not.toContain("\r");
    }
  });

  it("holds nothing of a guest as it came, in the report and in its log", () => {
    const fails = { status: "fail", message: HOSTILE, findings: [{ rule: HOSTILE, message: HOSTILE, url: HOSTILE }] };
    const declarations = block("one", "./one.js") + block("two", "./two.js");
    const folder = project(declarations, { "one.js": verdict(fails), "two.js": LOUD });
    for (const format of ["text", "json"]) {
      const ran = airlock(folder, ["check", "plan.json", "--verbose", "--format", format]);
      expect(ran.code).toBe(1);
      expect(ran.stderr).toContain("[two] info: \\u001b[2J");
      expect((ran.stdout + ran.stderr).replaceAll("\n", "")).not.toMatch(/[\p{Cc}\p{Cf}]/u);
    }
  });

  it("shows what integrations log only when it is asked for", () => {
    const folder = project(block("two", "./two.js"), { "two.js": LOUD });
    expect(airlock(folder, ["check", "plan.json"]).stderr).toBe("");
  });
});

describe("--output", () => {
  it("writes the report to the file alone, and says where it is", () => {
    const folder = warns();
    const ran = airlock(folder, ["check", "plan.json", "--format", "json", "--output", "report.json"]);
    expect(ran).toEqual({ code: 0, stdout: "", stderr: "warn: the report is in report.json\n" });
    expect(JSON.parse(readFileSync(join(folder, "report.json"), "utf8"))).toMatchObject({ verdict: "warn" });
    expect(readdirSync(folder).filter((name) => name.includes("tmp"))).toEqual([]);
  });

  it("replaces an earlier report as a whole", () => {
    const folder = warns();
    const argv = ["check", "plan.json", "--output", "report.txt"];
    airlock(folder, [...argv, "--format", "json"]);
    expect(airlock(folder, argv).code).toBe(0);
    expect(readFileSync(join(folder, "report.txt"), "utf8")).toMatch(/^Warnings \(2\)/);
  });

  it.runIf(process.platform === "linux")("into a folder that must not be written is named", () => {
    // Also root may not make a file there.
    const ran = airlock(warns(), ["check", "plan.json", "--output", "/proc/self/report"]);
    expect([ran.code, ran.stdout, ran.stderr]).toEqual([2, "", expect.stringContaining("(CLI_OUTPUT)")]);
  });
});
