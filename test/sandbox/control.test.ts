import { describe, expect, it } from "vitest";
import { Control, IDLE, LOADING } from "../../src/sandbox/child/control.js";
import { HeldOutput } from "../../src/sandbox/child/held-output.js";
import type { WorkerOutput } from "../../src/sandbox/child/worker-messages.js";

describe("control", () => {
  it("shows the watcher which call a worker is in, and none while it is idle", () => {
    const worker = new Control();
    const watcher = new Control(worker.buffer);
    expect(watcher.activity()).toBeNull();
    worker.begin(LOADING, 500);
    expect(watcher.activity()).toMatchObject({ seq: LOADING, limitMs: 500 });
    worker.begin(7, 100);
    expect(watcher.activity()?.seq).toBe(7);
    expect(watcher.activity()?.elapsedMs).toBeGreaterThanOrEqual(0);
    worker.end();
    expect(watcher.activity()).toBeNull();
    expect(watcher.lastSeq()).toBe(IDLE);
  });

  it("does not let a worker sleep over a wake that came before it waited", () => {
    const worker = new Control();
    const seen = worker.wakes();
    new Control(worker.buffer).wake();
    worker.wait(seen);
    expect(worker.wakes()).toBe(seen + 1);
  });
});

describe("held output", () => {
  const answer = (seq: number, line: string): WorkerOutput => ["answer", seq, [line], 1.5];

  it("is found by the watcher until it was sent", () => {
    const worker = new HeldOutput();
    const watcher = new HeldOutput(worker.buffer);
    expect(worker.hold(answer(1, "é\n\u2028"))).toBe(true);
    expect(worker.hold(["log", "info", "line"])).toBe(true);
    expect(watcher.recover()).toEqual([answer(1, "é\n\u2028"), ["log", "info", "line"]]);
    worker.clear();
    expect(watcher.recover()).toEqual([]);
  });

  it("says when there is no room, and keeps what it had", () => {
    const held = new HeldOutput();
    held.hold(answer(1, "kept"));
    expect(held.hold(answer(2, "x".repeat(70_000)))).toBe(false);
    expect(held.recover()).toEqual([answer(1, "kept")]);
  });
});
