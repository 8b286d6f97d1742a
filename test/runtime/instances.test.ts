import { describe, expect, it } from "vitest";
import { GuestError } from "../../runtimes/guest-error.js";
import { Instances } from "../../src/runtime/instances.js";
import { rejectedCode } from "../support/codes.js";
import { ScriptedGuest, call, scriptedInstance, settled } from "../support/scripted-guest.js";
import type { Scripted } from "../support/scripted-guest.js";

/** So many calls wait for one instance when a further one is worth its start. */
const FULL = 4;

interface Group {
  readonly instances: Instances;
  readonly members: Scripted[];
  readonly started: number[];
  readonly failed: [index: number, error: unknown][];
}

/** Instances over scripted guests. `next` makes the guest of this number of the instance of this index. */
function group(next: (index: number, at: number) => ScriptedGuest = () => new ScriptedGuest()): Group {
  const made: Group = {
    members: [],
    started: [],
    failed: [],
    instances: new Instances({
      make: (index, idle) => {
        const member = scriptedInstance((at) => next(index, at), { idle });
        made.members.push(member);
        return member.instance;
      },
      started: (index) => made.started.push(index),
      failed: (index, error) => made.failed.push([index, error]),
    }),
  };
  return made;
}

/** What a call takes a guest for which a further instance is worth its start, and one for which none is. */
const SLOW_US = 250;
const QUICK_US = 249;

function calls(instances: Instances, count: number, prefix = ""): Promise<string>[] {
  return Array.from({ length: count }, (_, at) => {
    instances.grow(SLOW_US);
    return call(instances.turn(), `${prefix}${at}`);
  });
}

/** Lets every guest answer until nothing waits. */
async function answerAll(members: readonly Scripted[]): Promise<void> {
  const guests = (): ScriptedGuest[] => members.flatMap((member) => member.guests);
  await settled();
  while (guests().some(({ waiting }) => waiting > 0)) {
    for (const guest of guests()) guest.answer(guest.waiting);
    await settled();
  }
}

const cannotStart = (): never => {
  throw new GuestError("GUEST_LOAD", "scripted", true);
};

describe("a further instance", () => {
  it("opens when a full line waits for every one, not before", async () => {
    const { instances, members, started } = group();
    await instances.start();
    instances.allow(4);
    const early = calls(instances, FULL);
    await settled();
    expect(started).toEqual([0]);
    const late = calls(instances, 1, "late");
    await settled();
    expect(started).toEqual([0, 1]);
    await answerAll(members);
    await Promise.all([...early, ...late]);
    await instances.stop();
  });

  it("never opens for a guest so quick that the run does not wait for it, nor before its pace can be told", async () => {
    const { instances, members, started } = group();
    await instances.start();
    instances.allow(4);
    const answers = Array.from({ length: 100 }, (_, at) => call(instances.turn(), String(at)));
    for (const callUs of [QUICK_US, 0]) instances.grow(callUs);
    await settled();
    expect(started).toEqual([0]);
    await answerAll(members);
    await Promise.all(answers);
    await instances.stop();
  });

  it("never opens for an integration that keeps state", async () => {
    const { instances, members, started } = group();
    await instances.start();
    const answers = calls(instances, 100);
    await answerAll(members);
    expect(await Promise.all(answers)).toEqual(answers.map((_, at) => String(at)));
    expect(started).toEqual([0]);
    await instances.stop();
  });

  it("opens up to as many as are allowed, one at a time", async () => {
    const { instances, members, started } = group((index) => new ScriptedGuest({ holdInitialize: index > 0 }));
    await instances.start();
    instances.allow(3);
    const answers = calls(instances, 80);
    await settled();
    expect([members.length, started]).toEqual([2, [0]]);
    members[1]?.guests[0]?.answer();
    await settled();
    answers.push(...calls(instances, 40, "more"));
    await settled();
    expect([members.length, started]).toEqual([3, [0, 1]]);
    members[2]?.guests[0]?.answer();
    await settled();
    answers.push(...calls(instances, 80, "most"));
    await settled();
    expect([members.length, started]).toEqual([3, [0, 1, 2]]);
    await answerAll(members);
    await Promise.all(answers);
    await instances.stop();
  });

  it("that cannot start is told of once; the first answers everything and no other is tried", async () => {
    const { instances, members, started, failed } = group((index) => (index > 0 ? cannotStart() : new ScriptedGuest()));
    await instances.start();
    instances.allow(4);
    const answers = calls(instances, 40);
    await settled();
    answers.push(...calls(instances, 40, "more"));
    await answerAll(members);
    const said = await Promise.all(answers);
    expect(new Set(said).size).toBe(80);
    expect(said).not.toContain("GUEST_LOAD");
    expect(failed).toMatchObject([[1, { code: "GUEST_LOAD" }]]);
    expect([members.length, started]).toEqual([2, [0]]);
    await instances.stop();
  });

  it("takes over from the busiest as soon as it has started", async () => {
    const { instances, members } = group();
    await instances.start();
    instances.allow(2);
    const answers = calls(instances, 100);
    await settled();
    // 64 went to the first guest at once; of the 36 that waited the later half moved, and 8 of those are at the second.
    expect(members.map(({ guests }) => guests[0]?.taken.length)).toEqual([64, 8]);
    expect(members.map(({ instance }) => instance.waiting)).toEqual([18, 10]);
    await answerAll(members);
    expect(await Promise.all(answers)).toEqual(answers.map((_, at) => String(at)));
    await instances.stop();
  });
});

describe("an instance beside others", () => {
  it("has 8 calls with its guest at most, so that the others can take over the rest", async () => {
    const { instances, members } = group();
    await instances.start();
    instances.allow(2);
    const early = calls(instances, FULL + 1);
    await settled();
    const late = calls(instances, 100, "late");
    await settled();
    expect(members.map(({ guests }) => guests[0]?.waiting)).toEqual([8, 8]);
    await answerAll(members);
    await Promise.all([...early, ...late]);
    await instances.stop();
  });
});

describe("an instance that is idle", () => {
  it("takes over the later half of what waits for the busiest", async () => {
    const { instances, members } = group();
    await instances.start();
    instances.allow(2);
    const answers = calls(instances, 200);
    await settled();
    const [first, second] = members;
    const before = first?.instance.waiting ?? 0;
    while ((second?.guests[0]?.waiting ?? 0) > 0) {
      second?.guests[0]?.answer(64);
      await settled();
    }
    expect(first?.instance.waiting).toBeLessThan(before);
    expect(first?.guests[0]?.taken).toHaveLength(64);
    await answerAll(members);
    const taken = members.flatMap(({ guests }) => guests.flatMap((guest) => guest.taken));
    expect(taken).toHaveLength(200);
    expect(await Promise.all(answers)).toEqual(answers.map((_, at) => String(at)));
    await instances.stop();
  });

  it("gets the next event before one that is busy", async () => {
    const { instances, members } = group();
    await instances.start();
    instances.allow(2);
    const answers = calls(instances, FULL + 1);
    await settled();
    answers.push(...calls(instances, 3, "next"));
    await settled();
    expect(members[1]?.guests[0]?.taken).toEqual(["next0", "next1", "next2"]);
    await answerAll(members);
    await Promise.all(answers);
    await instances.stop();
  });
});

describe("an instance that gave up", () => {
  async function withSecondDown(): Promise<Group> {
    const made = group((index, at) => (index === 1 && at > 0 ? cannotStart() : new ScriptedGuest()));
    const { instances, members } = made;
    await instances.start();
    instances.allow(2);
    const answers = calls(instances, FULL + 1);
    await settled();
    const doomed = call(instances.turn(), "doomed");
    await settled();
    members[1]?.guests[0]?.die();
    expect(await doomed).toBe("GUEST_CRASHED");
    await answerAll(members);
    await Promise.all(answers);
    expect(members.map(({ instance }) => instance.isDown)).toEqual([false, true]);
    return made;
  }

  it("gets no further calls while another lives", async () => {
    const { instances, members } = await withSecondDown();
    const answers = calls(instances, 50, "after");
    await answerAll(members);
    expect(await Promise.all(answers)).toEqual(answers.map((_, at) => `after${at}`));
    expect(members).toHaveLength(2);
    await instances.stop();
  });

  it("leaves every call with RUNTIME_GAVE_UP when it was the last", async () => {
    const { instances, members } = group((_index, at) => (at > 0 ? cannotStart() : new ScriptedGuest()));
    await instances.start();
    const answers = calls(instances, 3);
    await settled();
    members[0]?.guests[0]?.die();
    expect(await Promise.all(answers)).toEqual(["GUEST_CRASHED", "RUNTIME_GAVE_UP", "RUNTIME_GAVE_UP"]);
    expect(await Promise.all(calls(instances, 2))).toEqual(["RUNTIME_GAVE_UP", "RUNTIME_GAVE_UP"]);
    await instances.stop();
  });
});

describe("stop", () => {
  it("ends one that is still opening, and nobody is told that it failed", async () => {
    const { instances, members, started, failed } = group((index) => new ScriptedGuest({ holdInitialize: index > 0 }));
    await instances.start();
    instances.allow(2);
    const answers = calls(instances, FULL + 1);
    await settled();
    expect(members).toHaveLength(2);
    await instances.stop();
    await settled();
    expect(members.map(({ guests }) => (guests[0]?.closes ?? 0) > 0)).toEqual([true, true]);
    expect([started, failed]).toEqual([[0], []]);
    expect(new Set(await Promise.all(answers))).toEqual(new Set(["GUEST_GONE"]));
  });

  it("stops all, and rejects with what the first that broke over it did wrong", async () => {
    const { instances, members } = group((index) => new ScriptedGuest({ rudeAtShutdown: index === 0 }));
    await instances.start();
    instances.allow(2);
    const answers = calls(instances, FULL + 1);
    await answerAll(members);
    await Promise.all(answers);
    expect(await rejectedCode(instances.stop())).toBe("PROTOCOL_NOT_JSON");
    expect(members.map(({ guests }) => guests[0]?.closes)).toEqual([1, 1]);
  });

  it("opens none afterwards", async () => {
    const { instances, members } = group();
    await instances.start();
    instances.allow(2);
    await instances.stop();
    expect(new Set(await Promise.all(calls(instances, 40)))).toEqual(new Set(["RUNTIME_STATE"]));
    expect(members).toHaveLength(1);
  });
});

describe("a turn before start", () => {
  it("is a fault of the caller", () => {
    expect(() => group().instances.turn()).toThrow();
  });
});
