import { execFileSync } from "node:child_process";
import { chmodSync, existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import type { GuestProcesses } from "../../runtimes/guest.js";
import { createRuntime } from "../../src/runtime/runtime.js";
import { jsIntegration, resourceEvent, temporaryFolder } from "../support/projects.js";

const SAID = { name: "sample", version: "1.0.0", protocol_version: 1, hooks: ["post-plan-resource"] };
/** A program that ends in its second call. */
const PROGRAM = `#!/usr/bin/env node
let calls = 0;
require("node:readline").createInterface({ input: process.stdin }).on("line", (line) => {
  const { id, method } = JSON.parse(line);
  if (method === "post-plan-resource" && ++calls === 2) process.exit(1);
  const result = method === "initialize" ? ${JSON.stringify(SAID)} : { status: "success" };
  console.log(JSON.stringify({ jsonrpc: "2.0", id, result }));
});
`;

class Told implements GuestProcesses {
  readonly running = new Set<number>();
  readonly gone: number[] = [];

  started(pid: number): void {
    this.running.add(pid);
  }

  ended(pid: number): void {
    expect(this.running.delete(pid)).toBe(true);
    this.gone.push(pid);
  }
}

/** The process group that a process is in. */
function groupOf(pid: number): number {
  return Number(execFileSync("ps", ["-o", "pgid=", "-p", String(pid)], { encoding: "utf8" }));
}

function executable(): { directory: string; source: string } {
  const directory = temporaryFolder({ program: PROGRAM });
  chmodSync(join(directory, "program"), 0o755);
  return { directory, source: "./program" };
}

describe("the processes of guests", () => {
  it("are told: each executable, the leader of its group, and each that takes over", async () => {
    const processes = new Told();
    const runtime = createRuntime({ integrations: [{ name: "one", ...executable() }], processes });
    await runtime.start();
    const [first = 0] = processes.running;
    expect(groupOf(first)).toBe(first);
    for (let call = 0; call < 3; call += 1) await runtime.dispatch(resourceEvent("x.a"));
    expect(processes.gone).toEqual([first]);
    expect(processes.running.size).toBe(1);
    await runtime.stop();
    expect(processes.running.size).toBe(0);
    expect(processes.gone).toHaveLength(2);
  });

  it("are told: the sandbox host, the leader of its group, whose folder lies where it was wanted", async () => {
    const processes = new Told();
    const directory = temporaryFolder({ "code.js": jsIntegration(`return { status: "success" };`) });
    const temporary = temporaryFolder();
    const runtime = createRuntime({
      integrations: [{ name: "one", directory, source: "./code.js" }],
      processes,
      temporary,
    });
    await runtime.start();
    const [host = 0] = processes.running;
    // A terminal's Ctrl-C goes to the group in the foreground, which is ours.
    expect(groupOf(host)).toBe(host);
    expect(readdirSync(temporary)).toHaveLength(1);
    process.kill(host, "SIGKILL");
    const { verdict } = await runtime.dispatch(resourceEvent("x.a"));
    await runtime.dispatch(resourceEvent("x.b"));
    expect(["pass", "error"]).toContain(verdict);
    expect(processes.gone).toEqual([host]);
    expect(processes.running.size).toBe(1);
    await runtime.stop();
    expect(processes.running.size).toBe(0);
    expect(readdirSync(temporary)).toEqual([]);
  });

  it("cannot be where no folder can be made: the integration says so", async () => {
    const directory = temporaryFolder({ "code.js": jsIntegration(`return { status: "success" };`) });
    const temporary = join(temporaryFolder(), "missing");
    await using runtime = createRuntime({ integrations: [{ name: "one", directory, source: "./code.js" }], temporary });
    const [broken] = await runtime.start();
    expect(broken?.error?.code).toBe("SANDBOX_START");
    expect(existsSync(temporary)).toBe(false);
  });
});
