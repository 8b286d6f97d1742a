import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { run } from "./fake-io.js";

describe("usage", () => {
  it("--version is that of package.json", async () => {
    const { version } = JSON.parse(readFileSync("package.json", "utf8")) as { version: string };
    expect(await run(["--version"])).toMatchObject({ code: 0, stdout: `${version}\n`, stderr: "" });
  });

  it.each([
    [["--help"]],
    [["bench", "--help"]],
    [["check", "--help"]],
    [["inspect", "--help"]],
    [["doctor", "--help"]],
    [["help", "check"]],
  ])("%j shows help with examples on standard output", async (argv) => {
    const { code, stdout, stderr } = await run(argv);
    expect([code, stderr]).toEqual([0, ""]);
    expect(stdout).toContain("Usage: airlock");
    expect(stdout).toMatch(/Examples:\n {2}\$ /);
  });

  it.each<[string, string[]]>([
    ["no command", []],
    ["an unknown command", ["chek"]],
    ["an unknown option", ["check", "plan.json", "--formt", "json"]],
    ["no plan", ["check"]],
    ["two plans", ["check", "a.json", "b.json"]],
    ["an unknown format", ["check", "-", "--format", "yaml"]],
    ["an unknown format of inspect", ["inspect", ".", "--format", ""]],
    ["an unknown format of doctor", ["doctor", "--format", "JSON"]],
    ["no number", ["check", "-", "--parallelism", "many"]],
    ["a number below the range", ["check", "-", "--parallelism", "0"]],
    ["a number above the range", ["check", "-", "--parallelism", "257"]],
    ["a fraction", ["check", "-", "--parallelism", "1.5"]],
    ["an option without its value", ["check", "-", "--output"]],
    ["nothing to bench", ["bench"]],
    ["no call to bench", ["bench", ".", "--calls", "0"]],
    ["no time of a plan", ["bench", ".", "--plan-time", "45"]],
    ["a config that is not JSON", ["bench", ".", "--config-json", "{"]],
    ["a config that is no object", ["bench", ".", "--config-json", "[]"]],
  ])("%s ends with 2, and says so on standard error only", async (_what, argv) => {
    const { code, stdout, stderr, runtime } = await run(argv, { stdin: "{}" });
    expect([code, stdout]).toEqual([2, ""]);
    expect(stderr).not.toBe("");
    expect(stderr).not.toMatch(/^\s+at /m);
    expect(runtime.events).toEqual([]);
  });

  it("suggests what was meant", async () => {
    expect((await run(["chek"])).stderr).toContain("check");
    expect((await run(["check", "-", "--formt", "json"])).stderr).toContain("--format");
  });
});
