import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { captureCore } from "../../../../src/hosts/terraform/core/capture-core.js";
import { CoreError } from "../../../../src/hosts/terraform/core/core-error.js";
import { rejectedCode } from "../../../support/codes.js";
import { describeLive } from "../../../support/live/describe.js";
import { workspace } from "../../../support/live/workspace.js";
import { temporaryFolder } from "../../../support/projects.js";
import { nodeProgram, program } from "./programs.js";

const env = { PATH: process.env["PATH"] };

async function failure(promise: Promise<unknown>): Promise<CoreError> {
  try {
    await promise;
  } catch (error) {
    if (error instanceof CoreError) return error;
    throw error;
  }
  return expect.fail("it did not reject");
}

describe("an answer of core", () => {
  it("comes as it was written", async () => {
    const path = nodeProgram(
      "process.stdout.write(Buffer.from([0, 255, 10, 13, 128])); process.stderr.write('warning')",
    );
    expect([...(await captureCore({ path, args: [], env }))]).toEqual([0, 255, 10, 13, 128]);
  });

  it("is asked with these arguments, in this folder and environment", async () => {
    const cwd = temporaryFolder();
    const path = program('echo "$1|$PWD|$A"; cat');
    const answer = await captureCore({ path, args: ["a b"], cwd, env: { ...env, A: "1" } });
    expect(answer.toString()).toBe(`a b|${cwd}|1\n`);
  });

  it("may be as large as allowed, and no larger", async () => {
    const path = nodeProgram("process.stdout.write('x'.repeat(100_000))");
    expect(await captureCore({ path, args: [], env, maxBytes: 100_000 })).toHaveLength(100_000);
    expect(await rejectedCode(captureCore({ path, args: [], env, maxBytes: 99_999 }))).toBe("CORE_LIMIT");
  });

  it("that never ends is cut off", async () => {
    const path = program("while :; do echo xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx; done");
    expect(await rejectedCode(captureCore({ path, args: [], env, maxBytes: 1_000_000 }))).toBe("CORE_LIMIT");
  });

  it("must come in time, also when core left a program behind", async () => {
    const quiet = { path: program("exec sleep 60"), args: [], env, timeoutMs: 50 };
    expect(await rejectedCode(captureCore(quiet))).toBe("CORE_LIMIT");
    const left = { path: program("sleep 5 & wait"), args: [], env, timeoutMs: 50 };
    const begun = Date.now();
    expect(await rejectedCode(captureCore(left))).toBe("CORE_LIMIT");
    expect(Date.now() - begun).toBeLessThan(4_000);
    expect(await captureCore({ path: program("echo x"), args: [], env, timeoutMs: 60_000 })).toHaveLength(2);
  });

  it("that is not waited for leaves nothing running, and its group is told while it runs", async () => {
    const told: string[] = [];
    const groups = {
      started: (pid: number) => told.push(`+ ${pid}`),
      ended: (pid: number) => told.push(`- ${pid}`),
    };
    // As core's own providers do, the child closes what it was given.
    const path = program("sleep 100 >/dev/null 2>&1 & echo $! > $0.child; echo $$ > $0.pid; wait");
    const stop = new AbortController();
    const asked = failure(captureCore({ path, args: [], env, signal: stop.signal, groups }));
    await expect.poll(() => existsSync(`${path}.pid`)).toBe(true);
    stop.abort();
    expect((await asked).code).toBe("CORE_FAILED");
    const [pid, child] = ["pid", "child"].map((name) => Number(readFileSync(`${path}.${name}`, "utf8")));
    expect(told).toEqual([`+ ${pid ?? ""}`, `- ${pid ?? ""}`]);
    await expect.poll(() => spawnSync("ps", ["-o", "stat=", "-p", String(child)]).stdout.toString()).toMatch(/^Z|^$/);
  });

  it("can be given up", async () => {
    const path = program("exec sleep 60");
    const controller = new AbortController();
    const asked = failure(captureCore({ path, args: [], env, signal: controller.signal }));
    controller.abort();
    expect((await asked).code).toBe("CORE_FAILED");
    const late = captureCore({ path, args: [], env, signal: AbortSignal.abort() });
    expect(await rejectedCode(late)).toBe("CORE_FAILED");
  });
});

describe("a failing core", () => {
  it("is quoted with its first error", async () => {
    const path = program("echo '╷\n│ Error: No state\n│ \n│ There is none.\n╵' >&2; exit 1");
    const error = await failure(captureCore({ path, args: ["show", "-json"], env }));
    expect(error.code).toBe("CORE_FAILED");
    expect(error.message).toContain("show ended with exit code 1: No state There is none.");
  });

  it("is quoted from the end of what it wrote", async () => {
    const path = nodeProgram(
      "process.stderr.write('x'.repeat(1_000_000) + '\\nError: at the end\\n'); process.exitCode = 1",
    );
    const error = await failure(captureCore({ path, args: [], env }));
    expect(error.message).toContain("at the end");
    expect(error.message.length).toBeLessThan(1000);
  });

  it("is named by its signal when it was killed", async () => {
    expect((await failure(captureCore({ path: program("kill -9 $$"), args: [], env }))).message).toContain("SIGKILL");
  });

  it("is told apart from one that cannot be started", async () => {
    const folder = temporaryFolder({ text: "no program" });
    mkdirSync(join(folder, "folder"));
    const asked = (path: string, cwd?: string): Promise<string> =>
      rejectedCode(captureCore({ path, args: [], env, ...(cwd === undefined ? {} : { cwd }) }));
    expect(await asked(join(folder, "missing"))).toBe("CORE_NOT_FOUND");
    expect(await asked(join(folder, "text"))).toBe("CORE_NOT_EXECUTABLE");
    expect(await asked(join(folder, "folder"))).toBe("CORE_NOT_EXECUTABLE");
    expect(await asked(program(":"), join(folder, "missing"))).toBe("CORE_ARGUMENTS");
    expect(await asked(program(":"), join(folder, "text"))).toBe("CORE_ARGUMENTS");
  });
});

await describeLive("questions to a real core", (core) => {
  it("are answered, or refused with core's own words", async () => {
    const space = await workspace({ files: { "main.tf": 'output "a" {\n  value = 1\n}\n' }, providers: [] });
    const asked = { path: core.path, cwd: space.folder, env: space.env };
    expect((await captureCore({ ...asked, args: ["workspace", "show"] })).toString()).toBe("default\n");
    const error = await failure(captureCore({ ...asked, args: ["show", "-json", "missing.plan"] }));
    expect(error).toMatchObject({ code: "CORE_FAILED" });
    expect(error.message).toContain("missing.plan");
  });
});
