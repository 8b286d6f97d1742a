import { describe, expect, it } from "vitest";
import { runCommand, runWatched } from "../../bench/run-command.js";
import { rejectedCode } from "../support/codes.js";

const MIB = 1024 ** 2;

describe("a command that is measured", () => {
  it("takes at least the time that it waits", async () => {
    expect(await runCommand(["-e", "setTimeout(() => {}, 100)"], 0)).toBeGreaterThanOrEqual(100);
  });

  it("may end with the exit code that is expected", async () => {
    expect(await runCommand(["-e", "process.exit(3)"], 3)).toBeGreaterThan(0);
  });

  it("is no measurement when it ends with another one", async () => {
    expect(await rejectedCode(runCommand(["-e", "process.exit(3)"], 0))).toBe("BENCH_COMMAND_FAILED");
  });

  it("is no measurement when a signal ends it", async () => {
    const killed = runCommand(["-e", "process.kill(process.pid, 'SIGKILL')"], 0);
    expect(await rejectedCode(killed)).toBe("BENCH_COMMAND_FAILED");
  });

  it("shows the most memory that it and its child had", async () => {
    const child = "Buffer.alloc(60 * 1024 ** 2, 1); setTimeout(() => {}, 300)";
    const own = `require("node:child_process").spawn(process.execPath, ["-e", ${JSON.stringify(child)}])`;
    const usage = await runWatched(["-e", `Buffer.alloc(90 * 1024 ** 2, 1); ${own}`], 0);
    expect(usage.command.peakBytes).toBeGreaterThan(90 * MIB);
    expect(usage.child.peakBytes).toBeGreaterThan(60 * MIB);
  });
});
