import { chmodSync, existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { createRuntime } from "../../src/runtime/runtime.js";
import { resourceEvent, temporaryFolder } from "../support/projects.js";

/** A program that writes its process id down; from its `nth` start on it does not answer, and before, it exits over a hook. */
function program(nth: number): { directory: string; pid: (start: number) => number | null } {
  const directory = temporaryFolder({
    "guest.cjs": `#!/usr/bin/env node
const fs = require("node:fs");
const start = fs.readdirSync(__dirname).length;
fs.writeFileSync(__dirname + "/start-" + start, String(process.pid));
setInterval(() => {}, 1000);
if (start < ${nth}) process.stdin.on("data", (line) => {
  const { id, method } = JSON.parse(line);
  if (method !== "initialize") process.exit(1);
  const result = { name: "n", version: "1", protocol_version: 1, hooks: ["post-plan-resource"] };
  process.stdout.write(JSON.stringify({ jsonrpc: "2.0", id, result }) + "\\n");
});`,
  });
  chmodSync(join(directory, "guest.cjs"), 0o755);
  const pid = (start: number): number | null => {
    const file = join(directory, `start-${start}`);
    return existsSync(file) ? Number(readFileSync(file, "utf8")) || null : null;
  };
  return { directory, pid };
}

function lives(pid: number | null): boolean {
  if (pid === null) return false;
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}

describe("stop", () => {
  it("ends a program that has not answered initialize yet", async () => {
    const { directory, pid } = program(1);
    const runtime = createRuntime({
      integrations: [{ name: "slow", directory, source: "./guest.cjs", isolation: "none" }],
    });
    const started = runtime.start();
    await expect.poll(() => lives(pid(1)), { timeout: 5_000 }).toBe(true);
    await runtime.stop();
    await expect.poll(() => lives(pid(1)), { timeout: 2_000 }).toBe(false);
    expect(await started).toMatchObject([{ integration: "slow", hook: "initialize", status: "error" }]);
  });

  it("ends a program that was just taking over from one that ended", async () => {
    const { directory, pid } = program(2);
    const runtime = createRuntime({
      integrations: [{ name: "fragile", directory, source: "./guest.cjs", isolation: "none" }],
    });
    expect(await runtime.start()).toEqual([]);
    const outcome = runtime.dispatch(resourceEvent("a.b"));
    await expect.poll(() => lives(pid(2)), { timeout: 5_000 }).toBe(true);
    await runtime.stop();
    await expect.poll(() => lives(pid(2)), { timeout: 2_000 }).toBe(false);
    expect((await outcome).verdict).toBe("error");
  });
});
