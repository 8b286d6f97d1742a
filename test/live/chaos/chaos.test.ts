import { setTimeout as delay } from "node:timers/promises";
import { expect, it } from "vitest";
import { RESOURCE_HOOKS } from "../faults/guests.js";
import { processesLeft, processesOf, temporaryOf } from "../faults/leftovers.js";
import { airlockReport } from "../../support/live/airlock.js";
import { describeLive } from "../../support/live/describe.js";
import { randomFrom } from "../../support/live/random.js";
import type { Core } from "../../support/live/tools.js";
import type { Workspace } from "../../support/live/workspace.js";
import { judgeRound } from "./judged.js";
import { chaosProject, namesInState, objectsOf, RESOURCES, startAnew } from "./project.js";
import type { OnError } from "./project.js";

/** Rounds for each core; `npm run chaos -- --rounds N` makes more of them. */
const ROUNDS = Number(process.env["AIRLOCK_CHAOS_ROUNDS"] ?? 8);
const LONGEST_ROUND_MS = 90_000;
const APPLY = ["apply", "-auto-approve", "-no-color"];
/** The latest moment of a kill, as a multiple of what an apply took at first. */
const LATEST = 1.1;

/** Who is killed, by what stands in its command line; the worker of a guest is ended by the guest's own hanging. */
const VICTIMS = {
  "sandbox host": "sandbox/child/main.js",
  program: "/project/guest",
  provider: "terraform-provider-mockcloud",
} as const;
type Victim = keyof typeof VICTIMS;

interface Kill {
  readonly victim: Victim;
  readonly afterMs: number;
}

interface Round {
  readonly onError: OnError;
  readonly hangs: readonly string[];
  readonly kills: readonly Kill[];
}

function pick<T>(random: () => number, from: readonly T[]): T {
  const one = from[Math.floor(random() * from.length)];
  if (one === undefined) throw new Error("nothing to pick from");
  return one;
}

function roundFrom(random: () => number, wholeMs: number): Round {
  const many = (most: number) => Array.from({ length: Math.floor(random() * (most + 1)) });
  return {
    onError: pick(random, ["warn", "fail"]),
    hangs: many(2).map(() => `x/${Math.floor(random() * RESOURCES)}/${pick(random, RESOURCE_HOOKS)}`),
    kills: many(3).map(() => ({
      victim: pick(random, Object.keys(VICTIMS) as Victim[]),
      afterMs: Math.floor(random() * LATEST * wholeMs),
    })),
  };
}

/** Kills what there is at its moment; gives when providers were. */
async function carryOut(space: Workspace, kills: readonly Kill[], over: AbortSignal): Promise<number[]> {
  const times = await Promise.all(
    kills.map(async ({ victim, afterMs }) => {
      const isTime = await delay(afterMs, true, { signal: over }).catch(() => false);
      if (!isTime) return [];
      const found = processesOf(space).filter(({ command }) => command.includes(VICTIMS[victim]));
      // Its guard and a tool's shell may name it, too; a program that has ended in the meantime is no matter.
      for (const { pid } of found) kill(pid);
      return victim === "provider" && found.length > 0 ? [Date.now()] : [];
    }),
  );
  return times.flat();
}

function kill(pid: number): void {
  try {
    process.kill(pid, "SIGKILL");
  } catch {
    // It has ended in the meantime.
  }
}

async function oneRound(space: Workspace, core: Core, round: Round, what: string): Promise<number> {
  const over = new AbortController();
  const killing = carryOut(space, round.kills, over.signal);
  const end = await airlockReport(space, core, APPLY);
  over.abort();
  const providerKills = await killing;
  expect(await processesLeft(space, 15_000), what).toEqual([]);
  expect(temporaryOf(space), what).toEqual([]);
  return judgeRound(space, end, { onError: round.onError, providerKills }, what);
}

await describeLive("applies of 50 resources while guests, the sandbox and providers are killed", (core) => {
  it("lose no resource and no verdict", { timeout: (ROUNDS + 2) * LONGEST_ROUND_MS }, async () => {
    const seed = Number(process.env["AIRLOCK_TEST_SEED"] ?? Date.now() % 2 ** 31);
    console.log(`seed ${seed} (AIRLOCK_TEST_SEED=${seed} makes the same rounds)`);
    const random = randomFrom(seed);
    const { space, declare } = await chaosProject();
    await space.init(core);
    const begun = performance.now();
    expect(await airlockReport(space, core, APPLY)).toMatchObject({ code: 0 });
    const wholeMs = performance.now() - begun;
    let [untold, kills] = [0, 0];
    for (let at = 0; at < ROUNDS; at += 1) {
      const round = roundFrom(random, wholeMs);
      const what = `round ${at} of seed ${seed}: ${JSON.stringify(round)}`;
      startAnew(space);
      declare(round.onError, round.hangs);
      const untoldNow = await oneRound(space, core, round, what);
      untold += untoldNow;
      kills += round.kills.length;
      declare("fail", []);
      const next = await airlockReport(space, core, APPLY);
      expect(next.code, `${what}\nafter it: ${next.stdout}\n${next.stderr}`).toBe(0);
      expect(namesInState(space).size, what).toBe(RESOURCES);
      expect(objectsOf(space).length, what).toBe(RESOURCES + untoldNow);
    }
    console.log(`${ROUNDS} rounds, ${kills} kills; ${untold} objects made by a provider killed before it could tell`);
  });
});
