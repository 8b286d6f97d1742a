import { describe, expect, it, vi } from "vitest";
import { Circuit } from "../../src/runtime/circuit.js";
import { DEFAULT_HEALTH, backOff } from "../../src/runtime/health.js";

const { backOffMs, maxBackOffMs, openMs, maxOpenMs, waitMs } = DEFAULT_HEALTH;
const patient = { ...DEFAULT_HEALTH, deathsInARow: 100 };

describe("the wait before a fresh guest", () => {
  it("is none for the first, then grows, with chance in it, up to its bound", () => {
    const circuit = new Circuit(patient);
    expect(circuit.failed(true)).toBe(0);
    let full = backOffMs;
    for (let restart = 2; restart < 12; restart++) {
      const wait = circuit.failed(true) ?? -1;
      expect(wait).toBeGreaterThanOrEqual(Math.floor(full / 2));
      expect(wait).toBeLessThanOrEqual(full);
      full = Math.min(full * 2, maxBackOffMs);
    }
    expect(full).toBe(maxBackOffMs);
  });

  it("is never twice the same for all that failed together", () => {
    const waits = new Set(Array.from({ length: 50 }, () => backOff(10, backOffMs, maxBackOffMs)));
    expect(waits.size).toBeGreaterThan(10);
  });

  it("is none again after an answer", () => {
    const circuit = new Circuit(patient);
    for (let death = 0; death < 5; death++) circuit.failed(true);
    circuit.answered();
    expect([circuit.failed(true), circuit.deaths]).toEqual([0, 1]);
  });
});

describe("a circuit", () => {
  it("is to open after so many deaths in a row, not one earlier", () => {
    const circuit = new Circuit(DEFAULT_HEALTH);
    const waits = [1, 2, 3].map(() => circuit.failed(true) !== null);
    expect(waits).toEqual([true, true, false]);
  });

  it("does not count the end of a sandbox host that others share", () => {
    const circuit = new Circuit(DEFAULT_HEALTH);
    const waits = Array.from({ length: 20 }, () => circuit.failed(false) !== null);
    expect(waits).not.toContain(false);
    expect([circuit.lostHosts, circuit.deaths]).toEqual([20, 0]);
  });

  it("is to open when calls have waited too long for a guest, whoever was at fault", () => {
    vi.useFakeTimers({ toFake: ["performance"] });
    try {
      const circuit = new Circuit(DEFAULT_HEALTH);
      expect(circuit.failed(false)).not.toBeNull();
      vi.advanceTimersByTime(waitMs - 1);
      expect(circuit.failed(false)).not.toBeNull();
      vi.advanceTimersByTime(1);
      expect(circuit.failed(false)).toBeNull();
      circuit.up();
      expect(circuit.failed(false)).not.toBeNull();
    } finally {
      vi.useRealTimers();
    }
  });

  it("stays open longer each time, up to its bound", () => {
    const circuit = new Circuit(DEFAULT_HEALTH);
    let full = openMs;
    for (let trip = 1; trip < 10; trip++) {
      const ms = circuit.open();
      expect(ms).toBeGreaterThanOrEqual(Math.floor(full / 2));
      expect(ms).toBeLessThanOrEqual(full);
      full = Math.min(full * 2, maxOpenMs);
    }
    expect([full, circuit.state]).toEqual([maxOpenMs, "open"]);
  });

  it("that closed opens with the next death, until there was an answer", () => {
    const circuit = new Circuit(DEFAULT_HEALTH);
    circuit.open();
    circuit.halfOpen();
    circuit.close();
    expect(circuit.failed(true)).toBeNull();
    circuit.close();
    circuit.answered();
    expect([circuit.failed(true) !== null, circuit.failed(true) !== null, circuit.failed(true)]).toEqual([
      true,
      true,
      null,
    ]);
  });
});
