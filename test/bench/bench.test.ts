import { existsSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { outputFolder, runBench } from "../../bench/bench.js";

async function run(...args: string[]) {
  let stdout = "";
  let stderr = "";
  const code = await runBench(args, {
    stdout: (text) => {
      stdout += text;
    },
    stderr: (text) => {
      stderr += text;
    },
    folder: null,
  });
  return { code, stdout, stderr };
}

describe("the benchmarks as a command", () => {
  it("end with 2 for wrong usage, and say so on standard error only", async () => {
    const { code, stdout, stderr } = await run("--scope", "speed");
    expect(code).toBe(2);
    expect(stdout).toBe("");
    expect(stderr).toContain("BENCH_USAGE");
    expect(stderr).not.toMatch(/\n\s+at /);
  });

  it("print how they are used, and measure nothing then", async () => {
    const { code, stdout, stderr } = await run("--help");
    expect(code).toBe(0);
    expect(stdout).toContain("--scope");
    expect(stderr).toBe("");
  });

  it("write below the package's own folder", () => {
    expect(outputFolder()).toMatch(/bench[\\/]out$/);
    expect(existsSync(outputFolder().replace(/out$/, "main.ts"))).toBe(true);
  });
});
