import { spawn } from "node:child_process";
import type { ChildProcessWithoutNullStreams } from "node:child_process";
import { once } from "node:events";
import { existsSync, readFileSync } from "node:fs";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { text } from "node:stream/consumers";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { change, planJson } from "../hosts/plan-file/plans.js";

const MAIN = resolve("dist/src/cli/main.js");
const PLAN = planJson({
  resource_changes: Array.from({ length: 300 }, (_, at) =>
    change(`aws_vm.a${at}`, ["create"], null, { text: "x".repeat(200) }),
  ),
});

/** A guest that answers `initialize`, leaves a file when it gets its first event, and never answers that. */
const STUCK = `#!/usr/bin/env node
const { createInterface } = require("node:readline");
const { writeFileSync } = require("node:fs");
process.on("SIGTERM", () => {});
createInterface({ input: process.stdin }).on("line", (line) => {
  const { id, method } = JSON.parse(line);
  if (method === "initialize") {
    const result = { name: "stuck", version: "1.0.0", protocol_version: 1, hooks: ["plan-stage-start"] };
    console.log(JSON.stringify({ jsonrpc: "2.0", id, result }));
  } else if (method !== "ping") {
    writeFileSync(__dirname + "/pid", String(process.pid));
  }
});
setInterval(() => {}, 1000);
`;

let folder: string;
let running: ChildProcessWithoutNullStreams[];
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "airlock-e2e-"));
  running = [];
  await writeFile(join(folder, "plan.json"), PLAN);
});
afterEach(async () => {
  for (const child of running) {
    child.kill("SIGKILL");
  }
  await rm(folder, { recursive: true, force: true });
});

function airlock(...argv: string[]) {
  const child = spawn(process.execPath, [MAIN, ...argv], { cwd: folder });
  running.push(child);
  const ended = once(child, "exit").then(([code]) => code as number | null);
  return { child, ended };
}

async function declare(script: string, more = ""): Promise<void> {
  await writeFile(join(folder, "guest"), script, { mode: 0o755 });
  await writeFile(
    join(folder, "airlock.hcl"),
    `integration "guest" {\n  source = "./guest"\n  grants = { env = ["PATH"] }\n  isolation = "none"\n${more}}\n`,
  );
}

async function until(condition: () => boolean): Promise<void> {
  const deadline = Date.now() + 20_000;
  while (!condition()) {
    if (Date.now() > deadline) {
      throw new Error("it did not happen");
    }
    await new Promise((done) => setImmediate(done));
  }
}

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}

describe("the process airlock", () => {
  it("passes on arguments, output and exit code", async () => {
    const { child, ended } = airlock("--version");
    expect(await text(child.stdout)).toMatch(/^\d+\.\d+\.\d+\n$/);
    expect(await ended).toBe(0);
  });

  it("ends with 2 and no stack for wrong usage", async () => {
    const { child, ended } = airlock("check", "none.json");
    const stderr = await text(child.stderr);
    expect(await ended).toBe(2);
    expect(stderr).toContain("(CLI_NO_INTEGRATIONS)");
    expect(stderr).not.toMatch(/^\s+at /m);
  });

  it("keeps its exit code when its reader goes away", async () => {
    await declare("#!/bin/sh\nexit 1\n");
    const { child, ended } = airlock("check", "plan.json", "--format", "json");
    child.stdout.destroy();
    expect(await text(child.stderr)).toBe("");
    expect(await ended).toBe(3);
  });

  it.each(["SIGINT", "SIGTERM"] as const)("ends with 130 on %s while it waits for standard input", async (signal) => {
    await declare(STUCK);
    const { child, ended } = airlock("check", "-");
    const stderr = text(child.stderr);
    // More than a pipe holds: when it is written, the command has begun to read, and so listens for signals.
    await new Promise((written) => child.stdin.write(" ".repeat(4 * 1024 * 1024), written));
    child.kill(signal);
    expect([await ended, await stderr]).toEqual([130, "interrupted\n"]);
  });

  it("ends with 130 on SIGINT in the middle of a call, and leaves no guest behind", async () => {
    await declare(STUCK, '  timeout = "60s"\n');
    const { child, ended } = airlock("check", "plan.json");
    const stderr = text(child.stderr);
    const pidFile = join(folder, "pid");
    await until(() => existsSync(pidFile));
    child.kill("SIGINT");
    expect([await ended, await stderr]).toEqual([130, "interrupted\n"]);
    const pid = Number(readFileSync(pidFile, "utf8"));
    await until(() => !isAlive(pid));
  });
});
