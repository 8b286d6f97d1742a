import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { build } from "esbuild";
import { describe, expect, it } from "vitest";
import { StandIn } from "../../../../src/hosts/terraform/providers/stand-in.js";
import { rejectedCode } from "../../../support/codes.js";
import { temporaryFolder } from "../../../support/projects.js";
import { isAlive } from "./processes.js";

const SOURCE = join(import.meta.dirname, "../../../../src/hosts/terraform/providers/stand-in.ts");

describe("the stand-in", () => {
  it("lives until it is told to end", async () => {
    const standIn = await StandIn.start();
    expect(isAlive(standIn.pid)).toBe(true);
    await standIn.end();
    expect(isAlive(standIn.pid)).toBe(false);
    await standIn.end();
  });

  it("can be killed in our place, and we go on", async () => {
    const standIn = await StandIn.start();
    process.kill(standIn.pid, "SIGKILL");
    await standIn.end();
    expect(isAlive(standIn.pid)).toBe(false);
  });

  it.each(["process.kill(process.pid, 'SIGKILL')", "process.exit()", ""])("ends with us: %s", async (end) => {
    const bundle = join(temporaryFolder(), "parts.cjs");
    await build({
      entryPoints: [SOURCE],
      bundle: true,
      platform: "node",
      format: "cjs",
      outfile: bundle,
      logLevel: "silent",
    });
    const script = `require(${JSON.stringify(bundle)}).StandIn.start().then(({ pid }) => { require("node:fs").writeSync(1, String(pid)); ${end}; });`;
    const { stdout } = spawnSync(process.execPath, ["-e", script], { encoding: "utf8" });
    expect(Number(stdout)).toBeGreaterThan(1);
    await expect.poll(() => isAlive(Number(stdout)), { timeout: 10_000 }).toBe(false);
  });

  it("needs a shell", async () => {
    expect(await rejectedCode(StandIn.start("/does/not/exist"))).toBe("PROVIDER_GUARD");
  });
});
