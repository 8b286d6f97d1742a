import { describe, expect, it } from "vitest";
import { GuestError } from "../../runtimes/guest-error.js";
import { rejectedCode } from "../support/codes.js";
import { ScriptedGuest, call, latest, scriptedInstance, settled } from "../support/scripted-guest.js";
import type { Scripted } from "../support/scripted-guest.js";

/** An instance with calls under way. */
async function busy(labels: readonly string[], repeatable = true): Promise<[Scripted, Promise<string>[]]> {
  const scripted = scriptedInstance(undefined, { repeatable });
  await scripted.instance.start();
  const answers = labels.map((label) => call(scripted.instance.turn(), label));
  await settled();
  return [scripted, answers];
}

async function loseHost({ guests }: Scripted): Promise<void> {
  latest(guests)?.loseHost();
  await settled();
}

describe("calls that are with a guest when its sandbox host ends", () => {
  it("are all sent to the next guest, in their order, before what came later", async () => {
    const [scripted, answers] = await busy(["1", "2", "3"]);
    const { instance, guests } = scripted;
    await loseHost(scripted);
    answers.push(call(instance.turn(), "4"));
    await settled();
    expect(guests[1]?.taken).toEqual(["1", "2", "3", "4"]);
    guests[1]?.answer(4);
    expect(await Promise.all(answers)).toEqual(["1", "2", "3", "4"]);
    expect(scripted.apart).toEqual([false, false]);
    await instance.stop();
  });

  it("are errors where they could have had an effect, for they may have been begun", async () => {
    const [scripted, answers] = await busy(["1", "2"], false);
    await loseHost(scripted);
    expect(await Promise.all(answers)).toEqual(["GUEST_SANDBOX_DIED", "GUEST_SANDBOX_DIED"]);
    await scripted.instance.stop();
  });

  it("are not counted as deaths of the guest's own", async () => {
    const [scripted, answers] = await busy(["1"]);
    const { instance, guests } = scripted;
    await loseHost(scripted);
    await loseHost(scripted);
    latest(guests)?.answer();
    expect(await Promise.all(answers)).toEqual(["1"]);
    for (let round = 0; round < 5; round++) {
      const answer = call(instance.turn(), "x");
      await settled();
      await loseHost(scripted);
      latest(guests)?.answer();
      expect(await answer).toBe("x");
    }
    expect([instance.isDown, scripted.circuits]).toEqual([false, []]);
    await instance.stop();
  });
});

describe("a guest whose sandbox host ends twice in a row", () => {
  it("gets a host of its own and its calls one by one; the one that ends it is named, all others are answered", async () => {
    const [scripted, answers] = await busy(["1", "2", "3"]);
    const { instance, guests, apart } = scripted;
    await loseHost(scripted);
    await loseHost(scripted);
    expect(apart).toEqual([false, false, true]);
    expect(guests[2]?.taken).toEqual(["1"]);
    guests[2]?.answer();
    await settled();
    expect(guests[2]?.taken).toEqual(["1", "2"]);
    await loseHost(scripted);
    expect(guests[3]?.taken).toEqual(["3"]);
    guests[3]?.answer();
    expect(await Promise.all(answers)).toEqual(["1", "RUNTIME_QUARANTINED", "3"]);
    // What ended a host of its own once gets one from then on, and many calls at once until it does so again.
    const more = ["4", "5", "6"].map((label) => call(instance.turn(), label));
    await settled();
    expect([apart[3], guests[3]?.waiting]).toEqual([true, 3]);
    await loseHost(scripted);
    expect([apart[4], guests[4]?.waiting]).toEqual([true, 1]);
    await loseHost(scripted);
    guests[5]?.answer();
    await settled();
    guests[5]?.answer();
    expect(await Promise.all(more)).toEqual(["RUNTIME_QUARANTINED", "5", "6"]);
    await instance.stop();
  });

  it("gets back to the shared host once it was innocent", async () => {
    const [scripted, answers] = await busy(["1"]);
    const { instance, guests, apart } = scripted;
    await loseHost(scripted);
    await loseHost(scripted);
    guests[2]?.answer();
    expect(await Promise.all(answers)).toEqual(["1"]);
    const last = call(instance.turn(), "2");
    await settled();
    guests[2]?.die();
    expect(await last).toBe("GUEST_CRASHED");
    await settled();
    expect(apart).toEqual([false, false, true, false]);
    await instance.stop();
  });

  it("is left alone when it goes on ending hosts of its own", async () => {
    const [scripted, answers] = await busy(["1", "2", "3", "4"]);
    for (let death = 0; death < 5; death++) await loseHost(scripted);
    expect(await Promise.all(answers)).toEqual([
      "RUNTIME_QUARANTINED",
      "RUNTIME_QUARANTINED",
      "RUNTIME_QUARANTINED",
      "RUNTIME_GAVE_UP",
    ]);
    expect(scripted.circuits).toEqual(["open"]);
    await scripted.instance.stop();
  });
});

describe("a sandbox host that ends while guests start", () => {
  const lost = (): never => {
    throw new GuestError("GUEST_SANDBOX_DIED", "scripted", true);
  };

  it("costs no start: it is tried again, then in a host of its own", async () => {
    const { instance, apart } = scriptedInstance((at) => (at < 2 ? lost() : new ScriptedGuest()));
    expect(await instance.start()).toMatchObject({ name: "scripted" });
    expect(apart).toEqual([false, false, true]);
    await instance.stop();
  });

  it("keeps the guest from starting that ends one of its own", async () => {
    const { instance, apart } = scriptedInstance(lost);
    expect(await rejectedCode(instance.start())).toBe("GUEST_SANDBOX_DIED");
    expect([apart, instance.isDown]).toEqual([[false, false, true], true]);
    await instance.stop();
  });
});
