import { mkdtemp, readFile, readdir, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { DeclareError } from "../../src/declare/declare-error.js";
import type { RuntimeOptions } from "../../src/runtime/types.js";
import { change, planJson } from "../hosts/plan-file/plans.js";
import { FakeRuntime, resultOf } from "../hosts/fake-runtime.js";
import { ONE, run } from "./fake-io.js";

const PLAN = planJson({ resource_changes: [change("aws_vm.a", ["create"], null, { x: 1 })] });
const saying = (status: "success" | "warn" | "fail" | "error") => ({ fake: { answers: { one: () => ({ status }) } } });

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "airlock-cli-"));
  await writeFile(join(folder, "plan.json"), PLAN);
});
afterEach(async () => {
  await rm(folder, { recursive: true, force: true });
});

describe("airlock check", () => {
  it.each([
    ["success", 0],
    ["warn", 0],
    ["fail", 1],
    ["error", 3],
  ] as const)("ends after a %s with %d", async (status, code) => {
    expect((await run(["check", "plan.json"], { cwd: folder }, saying(status))).code).toBe(code);
  });

  it("ends with 3 when one integration broke and another said fail", async () => {
    const fake = {
      start: [resultOf({ hook: "initialize", status: "error" })],
      answers: { one: () => ({ status: "fail" as const }) },
    };
    expect((await run(["check", "plan.json"], { cwd: folder }, { fake })).code).toBe(3);
  });

  it("reads the plan from standard input", async () => {
    const { code, runtime } = await run(["check", "-"], { stdin: PLAN }, saying("success"));
    expect(code).toBe(0);
    expect(runtime.events.map(({ hook }) => hook)).toContain("post-plan-resource");
  });

  it("refuses to wait for a plan from a terminal", async () => {
    const { code, stderr } = await run(["check", "-"], { isTTY: true, env: { NO_COLOR: "1" } });
    expect([code, stderr]).toEqual([2, expect.stringContaining("(CLI_USAGE)")]);
  });

  it("writes the report to standard output, and nothing else there", async () => {
    const { stdout, stderr } = await run(["check", "-", "--format", "json"], { stdin: PLAN }, saying("fail"));
    expect(JSON.parse(stdout)).toMatchObject({ format_version: "1.2", verdict: "fail" });
    expect(stderr).toBe("");
  });

  it("writes the report to a file, whole, and leaves nothing beside it", async () => {
    const argv = ["check", "plan.json", "--format", "json", "--output", "report.json"];
    const { code, stdout } = await run(argv, { cwd: folder }, saying("fail"));
    expect([code, stdout]).toEqual([1, ""]);
    expect(JSON.parse(await readFile(join(folder, "report.json"), "utf8"))).toMatchObject({ verdict: "fail" });
    expect((await readdir(folder)).sort()).toEqual(["plan.json", "report.json"]);
  });

  it("ends with 2 when the report cannot be written", async () => {
    const { code, stderr } = await run(
      ["check", "plan.json", "--output", "none/report"],
      { cwd: folder },
      saying("success"),
    );
    expect([code, stderr]).toEqual([2, expect.stringContaining("(CLI_OUTPUT)")]);
  });

  it("uses the declarations of --config, relative to the working directory", async () => {
    const asked: string[] = [];
    const readDeclarations = (directory: string) => {
      asked.push(directory);
      const location = { file: "main.tf", line: 3, column: 1 };
      const providerIntegrations = [{ provider: "aws", alias: null, name: "tagger", location }];
      return Promise.resolve({ declarations: [ONE], providerIntegrations, trust: [], projectBlocks: [] });
    };
    const { stderr } = await run(
      ["check", "-", "--config", "infra"],
      { stdin: PLAN, cwd: folder },
      { readDeclarations },
    );
    expect(asked).toEqual([join(folder, "infra")]);
    expect(stderr).toContain(
      'note: main.tf:3:1: integration "tagger" under provider "aws" takes part in live runs only, not in check',
    );
  });

  it("hands declarations, parallelism and environment to the runtime", async () => {
    const seen: RuntimeOptions[] = [];
    const createRuntime = (options: RuntimeOptions) => {
      seen.push(options);
      return Promise.resolve(new FakeRuntime());
    };
    await run(["check", "-", "--parallelism", "3"], { stdin: PLAN, env: { A: "b" } }, { createRuntime });
    expect(seen[0]).toMatchObject({ integrations: [ONE], parallelism: 3, environment: { A: "b" } });
  });

  it("shows what integrations log only with --verbose, and nothing of it as it came", async () => {
    const createRuntime = ({ observer }: RuntimeOptions) => {
      observer?.({ type: "log", integration: "one", record: { level: "info", message: "hello\u001b[2J" } });
      return Promise.resolve(new FakeRuntime());
    };
    const quiet = await run(["check", "-"], { stdin: PLAN }, { createRuntime });
    const verbose = await run(["check", "-", "--verbose"], { stdin: PLAN }, { createRuntime });
    expect(quiet.stderr).toBe("");
    expect(verbose.stderr).toBe("[one] info: hello\\u001b[2J\n");
  });

  it("says what of the plan was left out", async () => {
    const plan = planJson({ resource_changes: [change("aws_vm.odd", ["open"], null, null)] });
    expect((await run(["check", "-"], { stdin: plan })).stderr).toContain("note: aws_vm.odd");
  });

  it("sends and shows no secret of the plan", async () => {
    const secret = "hunter2-very-secret";
    const marked = { change: { after_sensitive: { p: true } } };
    const plan = planJson({
      resource_changes: [change("aws_vm.a", ["create"], null, { p: secret, q: `x${secret}` }, marked)],
    });
    const echo = {
      fake: { answers: { one: (event: unknown) => ({ status: "fail" as const, message: JSON.stringify(event) }) } },
    };
    for (const format of ["text", "json"]) {
      const { stdout, stderr } = await run(["check", "-", "--format", format, "--verbose"], { stdin: plan }, echo);
      expect(stdout + stderr).not.toContain("hunter2");
      expect(stdout).toContain("(sensitive value 16-63:");
    }
  });
});

describe("airlock check, when nothing can be judged", () => {
  it("ends with 2 when no integrations are declared", async () => {
    const readDeclarations = () =>
      Promise.resolve({ declarations: [], providerIntegrations: [], trust: [], projectBlocks: [] });
    const { code, stdout, stderr } = await run(["check", "-"], { stdin: PLAN }, { readDeclarations });
    expect([code, stdout]).toEqual([2, ""]);
    expect(stderr).toContain("(CLI_NO_INTEGRATIONS)");
  });

  it("ends with 2 when the plan is none", async () => {
    const { code, stderr, runtime } = await run(["check", "-"], { stdin: "{" });
    expect([code, stderr]).toEqual([2, expect.stringContaining("(PLAN_NOT_JSON)")]);
    expect([runtime.events.length, runtime.stops]).toEqual([0, 1]);
  });

  it("shows every wrong declaration, each with its place and source line", async () => {
    const at = (line: number) => ({
      location: { file: join(folder, "main.tf"), line, column: 3, text: "  timeout = 5" },
    });
    const second = new DeclareError("DECLARE_BAD_VALUE", "second", at(9));
    const first = new DeclareError("DECLARE_UNKNOWN_ARGUMENT", "first", { ...at(4), remedy: "Did you mean x?" }, [
      second,
    ]);
    const readDeclarations = () => Promise.reject(first);
    const { code, stderr } = await run(["check", "-"], { stdin: PLAN, cwd: folder }, { readDeclarations });
    expect(code).toBe(2);
    expect(stderr).toBe(
      [
        "Error: first",
        "  --> main.tf:4:3",
        "     |",
        "   4 |   timeout = 5",
        "     |   ^",
        "  Did you mean x?",
        "  (DECLARE_UNKNOWN_ARGUMENT)",
        "",
        "Error: second",
        "  --> main.tf:9:3",
        "     |",
        "   9 |   timeout = 5",
        "     |   ^",
        "  (DECLARE_BAD_VALUE)",
        "",
      ].join("\n"),
    );
  });

  it("says in one line that the fault is ours, with a stack only on request", async () => {
    const createRuntime = () => Promise.reject(new TypeError("odd"));
    const plain = await run(["check", "-"], { stdin: PLAN }, { createRuntime });
    expect([plain.code, plain.stderr.split("\n").length]).toEqual([2, 2]);
    expect(plain.stderr).toContain("TypeError: odd");
    const debug = await run(["check", "-"], { stdin: PLAN, env: { AIRLOCK_DEBUG: "1" } }, { createRuntime });
    expect(debug.stderr).toMatch(/\n\s+at /);
  });
});

describe("an interrupted airlock check", () => {
  it("ends with 130 in the middle of a call, with the runtime stopped and no report", async () => {
    const controller = new AbortController();
    const stuck = () => {
      controller.abort();
      return new Promise<never>(() => undefined);
    };
    const options = { stdin: PLAN, interrupt: controller.signal };
    const { code, stdout, stderr, runtime } = await run(["check", "-"], options, { fake: { answers: { stuck } } });
    expect([code, stdout, stderr, runtime.stops]).toEqual([130, "", "interrupted\n", 1]);
  });

  it("ends with 130 while it waits for the plan", async () => {
    expect((await run(["check", "-"], { stdin: PLAN, interrupt: AbortSignal.abort() })).code).toBe(130);
  });
});
