import { chmodSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { createRuntime } from "../../src/runtime/runtime.js";
import { jsIntegration, resourceEvent, temporaryFolder } from "../support/projects.js";

/** Ignores every signal it can, has a child and a grandchild that do too; each writes its process id down. */
const STUBBORN = `#!/usr/bin/env node
const { writeFileSync } = require("node:fs");
const { spawn } = require("node:child_process");
for (const signal of ["SIGTERM", "SIGINT", "SIGHUP"]) process.on(signal, () => {});
const depth = Number(process.argv[2] ?? 0);
writeFileSync(__dirname + "/pid-" + depth, String(process.pid));
if (depth < 2) spawn(process.execPath, [__filename, String(depth + 1)], { stdio: "inherit" });
setInterval(() => {}, 1000);
if (depth === 0) require("node:readline").createInterface({ input: process.stdin }).on("line", (line) => {
  const { id, method, params } = JSON.parse(line);
  if (method === "shutdown" || params.type === "loop") return;
  if (params.type === "exit") process.exit(0);
  const result = method === "initialize"
    ? { name: "stubborn", version: "1", protocol_version: 1, hooks: ["post-plan-resource"] }
    : { status: "success" };
  console.log(JSON.stringify({ jsonrpc: "2.0", id, result }));
});
`;

interface Family {
  readonly directory: string;
  /** Process ids of the program, its child and its grandchild. */
  readonly pids: () => number[];
}

function family(): Family {
  const directory = temporaryFolder({ "run.cjs": STUBBORN, "fine.js": jsIntegration(`return { status: "success" };`) });
  chmodSync(join(directory, "run.cjs"), 0o755);
  const pids = (): number[] =>
    readdirSync(directory)
      .filter((name) => name.startsWith("pid-"))
      .map((name) => Number(readFileSync(join(directory, name), "utf8")))
      .filter((pid) => pid > 0);
  return { directory, pids };
}

function lives(pid: number): boolean {
  try {
    process.kill(pid, 0);
    // A process whose parent has not looked yet is dead all the same.
    return process.platform !== "linux" || !readFileSync(`/proc/${pid}/stat`, "utf8").includes(") Z ");
  } catch {
    return false;
  }
}

async function started({ directory, pids }: Family, timeoutMs: number) {
  const runtime = createRuntime({
    integrations: [
      // It writes files, which an isolated program cannot.
      { name: "stubborn", directory, source: "./run.cjs", isolation: "none", timeoutMs, initializeTimeoutMs: 20_000 },
      { name: "fine", directory, source: "./fine.js" },
    ],
  });
  expect(await runtime.start()).toEqual([]);
  await expect.poll(() => pids().length, { timeout: 15_000 }).toBe(3);
  return runtime;
}

describe("a program that ignores signals and has children that do", () => {
  it("is gone with all of them after the run, and the run says that it did not shut down", async () => {
    const made = family();
    const runtime = await started(made, 500);
    expect((await runtime.dispatch(resourceEvent("a.b"))).verdict).toBe("pass");
    const pids = made.pids();
    expect(await runtime.stop()).toMatchObject([
      { integration: "stubborn", hook: "shutdown", status: "error", error: { code: "GUEST_TIMEOUT" } },
    ]);
    await expect.poll(() => pids.filter(lives), { timeout: 5_000 }).toEqual([]);
  });

  it("is gone with all of them at a missed time limit, and a fresh one takes over", async () => {
    const made = family();
    await using runtime = await started(made, 1_000);
    const pids = made.pids();
    const { results } = await runtime.dispatch(resourceEvent("loop.a"));
    expect(results.map(({ status, error }) => error?.code ?? status)).toEqual(["GUEST_TIMEOUT", "success"]);
    await expect.poll(() => pids.filter(lives), { timeout: 5_000 }).toEqual([]);
    const next = await runtime.dispatch(resourceEvent("a.b"));
    expect(next.results.map(({ status }) => status)).toEqual(["success", "success"]);
    expect(runtime.report()).toMatchObject([{ restarts: 1, failures: 1 }, { restarts: 0 }]);
  });

  it("leaves no child behind when it exits by itself in the middle of a call", async () => {
    const made = family();
    await using runtime = await started(made, 10_000);
    const pids = made.pids();
    const { results } = await runtime.dispatch(resourceEvent("exit.a"));
    expect(results.map(({ status, error }) => error?.code ?? status)).toEqual(["GUEST_CRASHED", "success"]);
    await expect.poll(() => pids.filter(lives), { timeout: 5_000 }).toEqual([]);
  });
});
