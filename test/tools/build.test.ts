import { spawn } from "node:child_process";
import { existsSync, mkdirSync, readdirSync, symlinkSync, utimesSync } from "node:fs";
import { join, resolve } from "node:path";
import { describe, expect, it } from "vitest";
import { canBuild, tool } from "../support/live/tools.js";
import { temporaryFolder } from "../support/projects.js";

const BUILD = resolve(import.meta.dirname, "build.mjs");

interface Build {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs the build script; `stopAt` is what it says when it is told to stop, once. */
function build(
  args: readonly string[],
  env: Readonly<Record<string, string>>,
  stopAt: string | null = null,
): Promise<Build> {
  const child = spawn(process.execPath, [BUILD, ...args], { env: { ...process.env, ...env } });
  let stdout = "";
  let stderr = "";
  child.stdout.setEncoding("utf8").on("data", (chunk: string) => (stdout += chunk));
  child.stderr.setEncoding("utf8").on("data", (chunk: string) => {
    stderr += chunk;
    if (stopAt === null || !stderr.includes(stopAt) || child.killed) return;
    child.kill("SIGTERM");
  });
  return new Promise((ended, failed) => {
    child.on("error", failed);
    child.on("close", (code) => {
      ended({ code, stdout, stderr });
    });
  });
}

/** A PATH on which there is Node and nothing else. */
function pathWithoutGo(): string {
  const folder = temporaryFolder();
  symlinkSync(process.execPath, join(folder, "node"));
  return folder;
}

describe.skipIf(!(await canBuild()))("the cache of built tools", { timeout: 120_000 }, () => {
  it("builds a tool once for two processes at the same time, and not again", async () => {
    const env = { AIRLOCK_TEST_TOOLS: join(temporaryFolder(), "tools") };
    const both = await Promise.all([build(["--json", "mockcloud"], env), build(["--json", "mockcloud"], env)]);
    expect(both.map(({ code }) => code)).toEqual([0, 0]);
    expect(both[0].stdout).toBe(both[1].stdout);
    expect(both.filter(({ stderr }) => stderr.includes("built in"))).toHaveLength(1);
    const third = await build(["mockcloud"], env);
    expect(third).toEqual({ code: 0, stdout: "", stderr: "" });
    expect(readdirSync(env.AIRLOCK_TEST_TOOLS)).toHaveLength(1);
  });

  it("leaves nothing behind when it is stopped, and builds the next time", async () => {
    const env = { AIRLOCK_TEST_TOOLS: join(temporaryFolder(), "tools") };
    const stopped = await build(["mockcloud"], env, "building");
    expect(stopped.code).toBe(130);
    expect(readdirSync(env.AIRLOCK_TEST_TOOLS)).toEqual([]);
    expect((await build(["mockcloud"], env)).stderr).toContain("built in");
  });

  it("takes over a lock whose owner is dead, and removes what nobody used for two weeks", async () => {
    const env = { AIRLOCK_TEST_TOOLS: join(temporaryFolder(), "tools") };
    const [name = ""] = (await tool("mockcloud")).split("/").slice(-3);
    const lock = join(env.AIRLOCK_TEST_TOOLS, `${name}.lock`);
    const old = join(env.AIRLOCK_TEST_TOOLS, "mockcloud-old");
    const recent = join(env.AIRLOCK_TEST_TOOLS, "mockcloud-recent");
    for (const folder of [lock, old, recent]) mkdirSync(folder, { recursive: true });
    const daysAgo = (days: number): Date => new Date(Date.now() - days * 86_400_000);
    utimesSync(lock, daysAgo(0.01), daysAgo(0.01));
    utimesSync(old, daysAgo(15), daysAgo(15));
    utimesSync(recent, daysAgo(13), daysAgo(13));
    expect((await build(["mockcloud"], env)).code).toBe(0);
    expect(readdirSync(env.AIRLOCK_TEST_TOOLS).sort()).toEqual([name, "mockcloud-recent"].sort());
  });

  it("waits for a lock whose owner lives", async () => {
    const env = { AIRLOCK_TEST_TOOLS: join(temporaryFolder(), "tools") };
    const [name = ""] = (await tool("mockcloud")).split("/").slice(-3);
    const entry = join(env.AIRLOCK_TEST_TOOLS, name);
    mkdirSync(`${entry}.lock`, { recursive: true });
    const waiting = build(["--json", "mockcloud"], env);
    // The owner publishes what it built.
    mkdirSync(join(entry, "mockcloud"), { recursive: true });
    const { code, stdout, stderr } = await waiting;
    expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
    expect(stdout).toContain(entry);
  });
});

describe("the build script", () => {
  it("says what is missing without Go", async () => {
    const { code, stderr } = await build(["mockcloud"], { PATH: pathWithoutGo() });
    expect(code).toBe(3);
    expect(stderr).toContain("Go");
  });

  it("refuses a tool that it does not know, before it builds anything", async () => {
    const folder = join(temporaryFolder(), "tools");
    expect((await build(["mockcloud", "nonsense"], { AIRLOCK_TEST_TOOLS: folder })).code).toBe(2);
    expect(existsSync(folder)).toBe(false);
  });
});
