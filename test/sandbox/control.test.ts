import { describe, expect, it } from "vitest";
import { Control, IDLE, LOADING } from "../../src/sandbox/child/control.js";

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
