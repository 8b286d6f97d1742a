import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import type { Environment } from "../../../../src/hosts/terraform/providers/cli-files.js";
import { ProviderLog } from "../../../../src/hosts/terraform/providers/provider-log.js";
import { temporaryFolder } from "../../../support/projects.js";

const TIME = "2026-11-23T19:41:13.853127Z";

function entry(level: string): string {
  return JSON.stringify({
    "@level": level,
    "@message": `a ${level}`,
    "@timestamp": TIME,
    "@caller": "x.go:1",
    n: 1,
    text: "a b",
  });
}

function passed(env: Environment, ...lines: readonly string[]): string[] {
  const written: string[] = [];
  const log = ProviderLog.fromEnvironment(env, { write: (text) => written.push(text) });
  for (const line of lines) log.line("terraform-provider-x", line);
  return written;
}

const ALL = ["trace", "debug", "info", "warn", "error"];

describe("the log of providers", () => {
  it.each([
    [{}],
    [{ TF_LOG: "" }],
    [{ TF_LOG_CORE: "TRACE" }],
    [{ TF_LOG: "OFF" }],
    [{ TF_LOG: "TRACE", TF_LOG_PROVIDER: "off" }],
  ])("is silent under %j", (env) => {
    expect(passed(env, ...ALL.map(entry), "panic: x")).toEqual([]);
  });

  it.each([
    [{ TF_LOG: "TRACE" }, 5],
    [{ TF_LOG: "debug" }, 4],
    [{ TF_LOG: "INFO" }, 3],
    [{ TF_LOG: "WARN" }, 2],
    [{ TF_LOG: "ERROR" }, 1],
    [{ TF_LOG: "ERROR", TF_LOG_PROVIDER: "INFO" }, 3],
    [{ TF_LOG: "nonsense" }, 5],
    [{ TF_LOG: "JSON" }, 5],
  ])("passes on what %j asks for", (env, count) => {
    expect(passed(env, ...ALL.map(entry))).toHaveLength(count);
  });

  it("has core's form", () => {
    expect(passed({ TF_LOG: "TRACE" }, entry("warn"), entry("debug"))).toEqual([
      `${TIME} [WARN]  provider.terraform-provider-x: a warn: @caller=x.go:1 n=1 text="a b"\n`,
      `${TIME} [DEBUG] provider.terraform-provider-x: a debug: @caller=x.go:1 n=1 text="a b"\n`,
    ]);
  });

  it("is JSON where core's is", () => {
    const [line = ""] = passed({ TF_LOG: "json" }, entry("info"));
    expect(JSON.parse(line)).toEqual({
      "@level": "info",
      "@message": "a info",
      "@module": "provider.terraform-provider-x",
      "@timestamp": TIME,
      "@caller": "x.go:1",
      n: 1,
      text: "a b",
    });
  });

  it.each([
    ["[ERROR] x", 1],
    ["panic: x", 1],
    ["fatal error: x", 1],
    ["[WARN] x", 0],
    ["plain", 0],
    ["[1]", 0],
    ['{"broken', 0],
    ['{"@level": 7, "@message": {}}', 0],
  ])("knows the level of any line: %j", (line, count) => {
    expect(passed({ TF_LOG: "ERROR" }, line)).toHaveLength(count);
    expect(passed({ TF_LOG: "TRACE" }, line)).toHaveLength(1);
  });

  it("goes behind what is in the file that TF_LOG_PATH names", async () => {
    const path = join(temporaryFolder({ log: "core's\n" }), "log");
    const log = ProviderLog.fromEnvironment(
      { TF_LOG: "TRACE", TF_LOG_PATH: path },
      { write: () => expect.fail("not to stderr") },
    );
    log.line("x", entry("info"));
    await log.close();
    expect(readFileSync(path, "utf8")).toMatch(/^core's\n.*\[INFO\] {2}provider\.x: a info.*\n$/);
  });

  it("does not end the run where the file cannot be opened, and leaves none behind where nothing is asked for", async () => {
    const folder = temporaryFolder();
    const log = ProviderLog.fromEnvironment({ TF_LOG: "TRACE", TF_LOG_PATH: folder }, { write: () => 0 });
    log.line("x", "y");
    await log.close();
    const path = join(folder, "log");
    await ProviderLog.fromEnvironment({ TF_LOG_PATH: path }, { write: () => 0 }).close();
    expect(() => readFileSync(path)).toThrow("ENOENT");
  });
});
