import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { GuestError } from "../../runtimes/guest-error.js";
import { DEFAULT_HEALTH } from "../../src/runtime/health.js";
import { ScriptedGuest, call, latest, scriptedInstance, settled } from "../support/scripted-guest.js";
import type { Scripted } from "../support/scripted-guest.js";

const { openMs, backOffMs } = DEFAULT_HEALTH;

beforeEach(() => {
  vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
});
afterEach(() => {
  vi.useRealTimers();
});

async function die(scripted: Scripted): Promise<string> {
  const answer = call(scripted.instance.turn(), "x");
  await settled();
  latest(scripted.guests)?.die();
  const said = await answer;
  await settled();
  return said;
}

/** An instance whose circuit has just opened. */
async function opened(next?: (at: number) => ScriptedGuest): Promise<Scripted> {
  const scripted = scriptedInstance(next);
  await scripted.instance.start();
  for (let death = 0; death < 3; death++) await die(scripted);
  expect([scripted.circuits, scripted.instance.isDown]).toEqual([["open"], true]);
  return scripted;
}

describe("calls that wait while a guest is replaced", () => {
  it("wait out the back-off and are answered by the next guest", async () => {
    const scripted = scriptedInstance(undefined, { policy: { backOffMs } });
    const { instance, guests } = scripted;
    await instance.start();
    await die(scripted);
    await die(scripted);
    expect(guests).toHaveLength(2);
    const waiting = call(instance.turn(), "waits");
    await vi.advanceTimersByTimeAsync(backOffMs);
    await settled();
    expect(guests).toHaveLength(3);
    guests[2]?.answer();
    expect(await waiting).toBe("waits");
    await instance.stop();
  });

  it("are told at once when the instance is stopped meanwhile, and no guest opens any more", async () => {
    const scripted = scriptedInstance(undefined, { policy: { backOffMs } });
    const { instance, guests } = scripted;
    await instance.start();
    await die(scripted);
    await die(scripted);
    const waiting = call(instance.turn(), "waits");
    await instance.stop();
    expect(await waiting).toBe("RUNTIME_STATE");
    await vi.advanceTimersByTimeAsync(backOffMs);
    await settled();
    expect(guests).toHaveLength(2);
  });
});

describe("an open circuit", () => {
  it("fails calls at once, and opens no guest before its time", async () => {
    const { instance, guests } = await opened();
    expect(await call(instance.turn(), "y")).toBe("RUNTIME_GAVE_UP");
    await vi.advanceTimersByTimeAsync(openMs / 2 - 1);
    await settled();
    expect([guests.length, instance.circuit]).toEqual([3, "open"]);
    await instance.stop();
  });

  it("is half open while a fresh guest is tried: calls still fail; its answer to ping closes it", async () => {
    const { instance, guests, circuits, restarts } = await opened();
    await vi.advanceTimersByTimeAsync(openMs);
    await settled();
    expect([guests.length, instance.circuit]).toEqual([4, "half-open"]);
    expect(await call(instance.turn(), "y")).toBe("RUNTIME_GAVE_UP");
    guests[3]?.answer();
    await settled();
    expect([circuits, instance.circuit, instance.isDown]).toEqual([["open", "half-open", "closed"], "closed", false]);
    expect(restarts).toHaveLength(3);
    const answer = call(instance.turn(), "z");
    await settled();
    guests[3]?.answer();
    expect(await answer).toBe("z");
    await instance.stop();
  });

  it.each([
    ["ends over ping", (at: number) => new ScriptedGuest({ holdInitialize: at < 0 })],
    [
      "does not start",
      (at: number) => {
        if (at === 3) throw new GuestError("GUEST_LOAD", "scripted", true);
        return new ScriptedGuest();
      },
    ],
  ])("opens anew, for longer, when the guest that is tried %s", async (_, next) => {
    const { instance, guests, circuits } = await opened(next);
    await vi.advanceTimersByTimeAsync(openMs);
    await settled();
    guests[3]?.die();
    await settled();
    expect(circuits).toEqual(["open", "half-open", "open"]);
    await vi.advanceTimersByTimeAsync(openMs - 1);
    await settled();
    expect(instance.circuit).toBe("open");
    await vi.advanceTimersByTimeAsync(openMs + 1);
    await settled();
    expect(instance.circuit).toBe("half-open");
    latest(guests)?.answer();
    await settled();
    expect(instance.circuit).toBe("closed");
    await instance.stop();
  });

  it("that closed opens again with the first death before an answer", async () => {
    const scripted = await opened();
    await vi.advanceTimersByTimeAsync(openMs);
    await settled();
    scripted.guests[3]?.answer();
    await settled();
    expect(await die(scripted)).toBe("GUEST_CRASHED");
    expect(scripted.circuits).toEqual(["open", "half-open", "closed", "open"]);
    await scripted.instance.stop();
  });

  it("is tried no more after the instance was stopped, and a guest that is being tried is closed", async () => {
    const one = await opened();
    await one.instance.stop();
    const other = await opened();
    await vi.advanceTimersByTimeAsync(openMs);
    await settled();
    await other.instance.stop();
    await vi.advanceTimersByTimeAsync(10 * openMs);
    await settled();
    expect([one.guests.length, other.guests.length]).toEqual([3, 4]);
    expect(other.guests[3]?.closes).toBeGreaterThan(0);
    expect(other.circuits).toEqual(["open", "half-open"]);
  });
});
