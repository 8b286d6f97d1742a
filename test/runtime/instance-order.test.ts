import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Turn } from "../../src/runtime/turn.js";
import { call, latest, scriptedInstance, settled } from "../support/scripted-guest.js";
import type { ScriptedGuest } from "../support/scripted-guest.js";

/** What is done to the turn of this number. */
interface Step {
  readonly at: number;
  readonly cancelled: boolean;
  /** What the guest does after the step: answers so many, or ends where -1 stands. */
  readonly then: number;
}

/** Every turn is filled or cancelled once, in any order, while the guest answers or ends now and then. */
function steps(death: boolean): fc.Arbitrary<Step[]> {
  const then = death ? fc.integer({ min: -1, max: 4 }) : fc.integer({ min: 0, max: 4 });
  return fc
    .integer({ min: 1, max: 90 })
    .chain((count) =>
      fc.tuple(
        fc.shuffledSubarray(
          Array.from({ length: count }, (_, at) => at),
          { minLength: count, maxLength: count },
        ),
        fc.array(fc.boolean(), { minLength: count, maxLength: count }),
        fc.array(then, { minLength: count, maxLength: count }),
      ),
    )
    .map(([order, cancelled, thens]) =>
      order.map((at, step) => ({ at, cancelled: cancelled[at] ?? false, then: thens[step] ?? 0 })),
    );
}

async function drain(guests: readonly ScriptedGuest[]): Promise<void> {
  for (let guest = latest(guests); guest !== undefined && guest.waiting > 0; guest = latest(guests)) {
    guest.answer(guest.waiting);
    await settled();
  }
}

describe("turns that are filled and cancelled in any order", () => {
  it("reach the guest in the order in which they were taken, each once, cancelled ones never", async () => {
    await fc.assert(
      fc.asyncProperty(steps(false), async (plan) => {
        const { instance, guests } = scriptedInstance();
        await instance.start();
        const turns = plan.map((): Turn => instance.turn());
        const answers: Promise<string>[] = [];
        for (const { at, cancelled, then } of plan) {
          if (cancelled) turns[at]?.cancel();
          else if (turns[at] !== undefined) answers.push(call(turns[at], String(at)));
          guests[0]?.answer(then);
          await settled();
        }
        await drain(guests);
        const expected = plan.filter(({ cancelled }) => !cancelled).map(({ at }) => at);
        expect(guests[0]?.taken).toEqual([...expected].sort((one, other) => one - other).map(String));
        expect(await Promise.all(answers)).toEqual(expected.map(String));
        expect(instance.load).toBe(0);
        await instance.stop();
      }),
      { numRuns: 60 },
    );
  });

  it("are begun once and in that order over any number of guests that end, as long as one answers in between", async () => {
    await fc.assert(
      fc.asyncProperty(steps(true), async (plan) => {
        const { instance, guests } = scriptedInstance();
        await instance.start();
        const turns = plan.map((): Turn => instance.turn());
        const answers: Promise<string>[] = [];
        let mayDie = true;
        let deaths = 0;
        for (const { at, cancelled, then } of plan) {
          if (cancelled) turns[at]?.cancel();
          else if (turns[at] !== undefined) answers.push(call(turns[at], String(at)));
          await settled();
          const guest = latest(guests);
          if (guest === undefined || guest.waiting === 0) continue;
          if (then === -1 && mayDie) {
            guest.die();
            deaths++;
            mayDie = false;
          } else if (then > 0) {
            guest.answer(then);
            mayDie = true;
          }
          await settled();
        }
        await drain(guests);
        const wanted = plan.filter(({ cancelled }) => !cancelled).map(({ at }) => at);
        expect(guests.flatMap(({ begun }) => begun)).toEqual([...wanted].sort((one, other) => one - other).map(String));
        const said = await Promise.all(answers);
        expect(said.filter((answer) => answer === "GUEST_CRASHED")).toHaveLength(deaths);
        for (const [position, answer] of said.entries()) {
          expect([String(wanted[position]), "GUEST_CRASHED"]).toContain(answer);
        }
        await instance.stop();
      }),
      { numRuns: 60 },
    );
  });
});

describe("a turn that is not filled yet", () => {
  it("holds up those behind it until it is filled or cancelled", async () => {
    const { instance, guests } = scriptedInstance();
    await instance.start();
    const [first, second, third] = [instance.turn(), instance.turn(), instance.turn()];
    const answers = [call(third, "3"), call(second, "2")];
    await settled();
    expect(guests[0]?.taken).toEqual([]);
    first.cancel();
    await settled();
    expect(guests[0]?.taken).toEqual(["2", "3"]);
    guests[0]?.answer(2);
    expect(await Promise.all(answers)).toEqual(["3", "2"]);
    await instance.stop();
  });
});

describe("calls handed to one guest ahead of its answers", () => {
  it("are 64 at most; one more goes out with each answer", async () => {
    const { instance, guests } = scriptedInstance();
    await instance.start();
    const answers = Array.from({ length: 70 }, (_, at) => call(instance.turn(), String(at)));
    await settled();
    expect([guests[0]?.waiting, instance.waiting, instance.load]).toEqual([64, 6, 70]);
    guests[0]?.answer();
    await settled();
    expect([guests[0]?.waiting, instance.waiting, instance.load]).toEqual([64, 5, 69]);
    guests[0]?.answer(64);
    await settled();
    guests[0]?.answer(5);
    expect(await Promise.all(answers)).toHaveLength(70);
    await instance.stop();
  });
});
