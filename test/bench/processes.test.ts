import { spawn } from "node:child_process";
import { once } from "node:events";
import { describe, expect, it, onTestFinished } from "vitest";
import { childrenOf, parsePs, parseStatus, processes } from "../../bench/processes.js";

const STATUS = "Name:\tnode\nState:\tS\nPPid:\t42\nVmPeak:\t 900 kB\nVmHWM:\t  300 kB\nVmRSS:\t  200 kB\n";
const STAT = `7 (a (b) c) S 42 1 1 0 -1 0 0 0 0 0 12 3 0 0 20 0 1 0 0 0 0`;

describe("processes", () => {
  it("hold this one, with its memory and its parent", () => {
    const own = processes().find(({ pid }) => pid === process.pid);
    expect(own?.parent).toBe(process.ppid);
    expect(own?.residentBytes).toBeGreaterThan(10 * 1024 ** 2);
    expect(own?.peakBytes).toBeGreaterThanOrEqual(own?.residentBytes ?? Infinity);
  });

  it("hold a child of this one while it lives", async () => {
    const child = spawn(process.execPath, ["-e", "process.stdin.resume()"], { stdio: ["pipe", "ignore", "ignore"] });
    onTestFinished(() => {
      child.kill("SIGKILL");
    });
    await once(child, "spawn");
    expect(childrenOf(process.pid).map(({ pid }) => pid)).toContain(child.pid);
    child.stdin.end();
    await once(child, "close");
    expect(childrenOf(process.pid).map(({ pid }) => pid)).not.toContain(child.pid);
  });
});

describe("what /proc says of a process", () => {
  it("is read whatever its name holds", () => {
    expect(parseStatus(7, STATUS, STAT)).toEqual([
      { pid: 7, parent: 42, residentBytes: 200 * 1024, peakBytes: 300 * 1024, cpuMs: 150 },
    ]);
  });

  it("has no peak on a system that keeps none", () => {
    const [entry] = parseStatus(7, STATUS.replace(/VmHWM.*\n/, ""), STAT);
    expect(entry?.peakBytes).toBe(200 * 1024);
  });

  it("is left out for a thread of the kernel, which has no memory of its own", () => {
    expect(parseStatus(2, "Name:\tkthreadd\nPPid:\t0\n", "2 (kthreadd) S 0")).toEqual([]);
  });
});

describe("what ps says", () => {
  it("is read line by line", () => {
    expect(parsePs("    1     0  1024\n  77     1    8\n")).toEqual([
      { pid: 1, parent: 0, residentBytes: 1024 ** 2, peakBytes: 1024 ** 2, cpuMs: null },
      { pid: 77, parent: 1, residentBytes: 8_192, peakBytes: 8_192, cpuMs: null },
    ]);
  });
});
