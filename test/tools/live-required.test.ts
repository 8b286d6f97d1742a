import { execFile } from "node:child_process";
import { symlinkSync } from "node:fs";
import { join, resolve } from "node:path";
import { describe, expect, it } from "vitest";
import { temporaryFolder } from "../support/projects.js";

const ROOT = resolve(import.meta.dirname, "../..");
const VITEST = join(ROOT, "node_modules/vitest/vitest.mjs");

/** Runs one file of live tests where there is neither Go nor a core. */
function runWithoutGo(env: Readonly<Record<string, string>>): Promise<{ failed: boolean; output: string }> {
  const path = temporaryFolder();
  symlinkSync(process.execPath, join(path, "node"));
  const args = [VITEST, "run", "test/tools/mockcloud-log.test.ts"];
  return new Promise((ended) => {
    execFile(process.execPath, args, { cwd: ROOT, env: { PATH: path, ...env } }, (error, stdout, stderr) => {
      ended({ failed: error !== null, output: stdout + stderr });
    });
  });
}

describe("live tests without Go and without a core", () => {
  it("are skipped, and say so", async () => {
    const { failed, output } = await runWithoutGo({});
    expect(failed).toBe(false);
    expect(output).toContain("SKIPPED live tests of mockcloud logs the calls it receives: ");
    expect(output).toContain("install Go");
  });

  it.each(["AIRLOCK_REQUIRE_LIVE", "CI"])("fail where %s requires them", async (name) => {
    const { failed, output } = await runWithoutGo({ [name]: "1" });
    expect(failed).toBe(true);
    expect(output).not.toContain("SKIPPED");
  });
});
