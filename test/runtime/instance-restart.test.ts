import { describe, expect, it } from "vitest";
import { DEFAULT_LIMITS } from "../../src/protocol/limits.js";
import { rejectedCode } from "../support/codes.js";
import { ScriptedGuest, call, latest, scriptedInstance, settled } from "../support/scripted-guest.js";
import { GuestError } from "../../runtimes/guest-error.js";

const cannotStart = (): never => {
  throw new GuestError("GUEST_LOAD", "scripted", true);
};

describe("an instance whose guest ends", () => {
  it("hands what the old guest had not begun to the next one, before everything that came later", async () => {
    const { instance, guests, restarts } = scriptedInstance();
    await instance.start();
    const early = ["1", "2", "3"].map((label) => call(instance.turn(), label));
    await settled();
    guests[0]?.die();
    const late = call(instance.turn(), "4");
    await settled();
    expect(guests.map(({ taken }) => taken)).toEqual([
      ["1", "2", "3"],
      ["2", "3", "4"],
    ]);
    guests[1]?.answer(3);
    expect(await Promise.all([...early, late])).toEqual(["GUEST_CRASHED", "2", "3", "4"]);
    expect(restarts).toMatchObject([{ code: "GUEST_CRASHED" }]);
    await instance.stop();
  });

  it("closes the old guest before the next one opens", async () => {
    const closedWhenOpened: (number | undefined)[] = [];
    const { instance, guests } = scriptedInstance((at) => {
      closedWhenOpened.push(guests[at - 1]?.closes);
      return new ScriptedGuest();
    });
    await instance.start();
    const answer = call(instance.turn(), "1");
    await settled();
    guests[0]?.die();
    expect(await answer).toBe("GUEST_CRASHED");
    await settled();
    expect(closedWhenOpened).toEqual([undefined, 1]);
    await instance.stop();
  });

  it("is up again after two that could not start", async () => {
    const { instance, guests, restarts } = scriptedInstance((at) => (at === 1 ? cannotStart() : new ScriptedGuest()));
    await instance.start();
    const answers = ["1", "2"].map((label) => call(instance.turn(), label));
    await settled();
    guests[0]?.die();
    await settled();
    guests[1]?.answer();
    expect(await Promise.all(answers)).toEqual(["GUEST_CRASHED", "2"]);
    expect(restarts).toMatchObject([{ code: "GUEST_LOAD" }]);
    await instance.stop();
  });
});

describe("an instance whose guests end in a row", () => {
  async function afterDeaths(count: number): Promise<string[]> {
    const { instance, guests } = scriptedInstance();
    await instance.start();
    const answers: string[] = [];
    for (let death = 0; death < count; death++) {
      const answer = call(instance.turn(), "x");
      await settled();
      latest(guests)?.die();
      answers.push(await answer);
      await settled();
    }
    const last = call(instance.turn(), "last");
    await settled();
    latest(guests)?.answer();
    answers.push(await last);
    await instance.stop();
    return answers;
  }

  it("goes on after two", async () => {
    expect(await afterDeaths(2)).toEqual(["GUEST_CRASHED", "GUEST_CRASHED", "last"]);
  });

  it("gives up after three, and says so from then on", async () => {
    expect(await afterDeaths(3)).toEqual(["GUEST_CRASHED", "GUEST_CRASHED", "GUEST_CRASHED", "RUNTIME_GAVE_UP"]);
  });

  it("starts to count again after one answer", async () => {
    const { instance, guests } = scriptedInstance();
    await instance.start();
    for (const round of ["1", "2", "3"]) {
      for (let death = 0; death < 2; death++) {
        const answer = call(instance.turn(), "x");
        await settled();
        latest(guests)?.die();
        expect(await answer).toBe("GUEST_CRASHED");
        await settled();
      }
      const answer = call(instance.turn(), round);
      await settled();
      latest(guests)?.answer();
      expect(await answer).toBe(round);
    }
    expect([instance.isDown, guests.length]).toEqual([false, 7]);
    await instance.stop();
  });

  it("tells the calls that wait, and those whose turn was taken before", async () => {
    const { instance, guests } = scriptedInstance((at) => (at === 0 ? new ScriptedGuest() : cannotStart()));
    await instance.start();
    const early = instance.turn();
    const answers = ["1", "2", "3"].map((label) => call(instance.turn(), label));
    const first = call(early, "0");
    await settled();
    const kept = instance.turn();
    guests[0]?.die();
    expect(await Promise.all([first, ...answers])).toEqual([
      "GUEST_CRASHED",
      "RUNTIME_GAVE_UP",
      "RUNTIME_GAVE_UP",
      "RUNTIME_GAVE_UP",
    ]);
    expect(await call(kept, "late")).toBe("RUNTIME_GAVE_UP");
    expect([instance.isDown, guests[0]?.closes]).toEqual([true, 1]);
    await instance.stop();
  });
});

describe("an instance that cannot start", () => {
  it("rejects with the reason and is down", async () => {
    const { instance } = scriptedInstance(cannotStart);
    expect(await rejectedCode(instance.start())).toBe("GUEST_LOAD");
    expect(instance.isDown).toBe(true);
    expect(await call(instance.turn(), "x")).toBe("GUEST_LOAD");
    await instance.stop();
  });

  it("closes a guest that ended over initialize", async () => {
    const { instance, guests } = scriptedInstance(() => new ScriptedGuest({ holdInitialize: true }));
    const started = rejectedCode(instance.start());
    await settled();
    guests[0]?.die("GUEST_TIMEOUT");
    expect(await started).toBe("GUEST_TIMEOUT");
    expect(guests[0]?.closes).toBe(1);
    await instance.stop();
  });
});

describe("the log of an instance", () => {
  it("is held to one rate over all its guests", async () => {
    const limits = { ...DEFAULT_LIMITS, logLinesPerSecond: 3 };
    const { instance, guests, observers, logs } = scriptedInstance(undefined, { limits });
    await instance.start();
    const answer = call(instance.turn(), "1");
    await settled();
    for (const message of ["a", "b"]) observers[0]?.log({ level: "info", message });
    guests[0]?.die();
    expect(await answer).toBe("GUEST_CRASHED");
    await settled();
    for (const message of ["c", "d"]) observers[1]?.log({ level: "info", message });
    expect(logs).toEqual(["a", "b", "c"]);
    await instance.stop();
    expect(logs).toHaveLength(4);
  });
});
