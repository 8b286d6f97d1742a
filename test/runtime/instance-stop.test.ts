import { describe, expect, it } from "vitest";
import { rejectedCode } from "../support/codes.js";
import { ScriptedGuest, call, scriptedInstance, settled } from "../support/scripted-guest.js";

describe("an instance that is stopped", () => {
  it("asks an idle guest to end, and closes it once", async () => {
    const { instance, guests } = scriptedInstance();
    await instance.start();
    await instance.stop();
    expect([guests[0]?.closes, instance.isDown]).toEqual([1, true]);
    expect(await call(instance.turn(), "late")).toBe("RUNTIME_STATE");
  });

  it("rejects with what the guest did wrong over it, and has closed it all the same", async () => {
    const { instance, guests } = scriptedInstance(() => new ScriptedGuest({ rudeAtShutdown: true }));
    await instance.start();
    expect(await rejectedCode(instance.stop())).toBe("PROTOCOL_NOT_JSON");
    expect(guests[0]?.closes).toBe(1);
  });

  it("ends a guest in the middle of a call: that call and all behind it say so", async () => {
    const { instance, guests } = scriptedInstance();
    await instance.start();
    const inFlight = ["1", "2"].map((label) => call(instance.turn(), label));
    const held = instance.turn();
    const behind = call(instance.turn(), "3");
    await settled();
    await instance.stop();
    expect(await Promise.all([...inFlight, behind])).toEqual(["GUEST_GONE", "GUEST_GONE", "RUNTIME_STATE"]);
    expect(await call(held, "later")).toBe("RUNTIME_STATE");
    expect([guests.length, guests[0]?.closes]).toEqual([1, 1]);
  });

  it("ends one that is starting; start says that it was stopped", async () => {
    const { instance, guests } = scriptedInstance(() => new ScriptedGuest({ holdInitialize: true }));
    const started = rejectedCode(instance.start());
    await settled();
    await instance.stop();
    expect(await started).toBe("GUEST_GONE");
    expect(guests[0]?.closes).toBeGreaterThan(0);
  });

  it("closes a guest that comes only after the stop", async () => {
    const { instance, guests } = scriptedInstance();
    const started = rejectedCode(instance.start());
    await instance.stop();
    expect(await started).toBe("RUNTIME_STATE");
    expect(guests[0]?.closes).toBeGreaterThan(0);
  });

  it("while it replaces a guest opens no further one, and loses no call", async () => {
    const { instance, guests } = scriptedInstance((at) => new ScriptedGuest({ holdInitialize: at > 0 }));
    await instance.start();
    const answers = ["1", "2"].map((label) => call(instance.turn(), label));
    await settled();
    guests[0]?.die();
    await settled();
    expect(guests).toHaveLength(2);
    await instance.stop();
    expect(await Promise.all(answers)).toEqual(["GUEST_CRASHED", "RUNTIME_STATE"]);
    await settled();
    expect(guests.map(({ closes }) => closes > 0)).toEqual([true, true]);
    expect(guests).toHaveLength(2);
  });
});

describe("an instance with nothing left to do", () => {
  it("says so once for each time its line runs empty", async () => {
    const scripted = scriptedInstance();
    const { instance, guests } = scripted;
    await instance.start();
    for (const labels of [["1", "2"], ["3"]]) {
      const answers = labels.map((label) => call(instance.turn(), label));
      await settled();
      guests[0]?.answer(labels.length);
      await Promise.all(answers);
    }
    await settled();
    expect(scripted.idles).toBe(2);
    await instance.stop();
  });
});
