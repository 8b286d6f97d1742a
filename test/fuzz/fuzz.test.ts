import { afterAll, describe, expect, it } from "vitest";
import { removeScratch } from "./scratch.js";
import { TARGETS } from "./targets.js";

afterAll(removeScratch);

/** The same inputs in every run, and others in each: the seed is in the failure's report. */
const SEED = 20_260_101;
const random = Math.floor(Math.random() * 2 ** 31);

describe.each(TARGETS.map((target) => [target.name, target] as const))("%s", (_name, { rule, run, testRuns }) => {
  it(rule, async () => {
    expect((await run({ seed: SEED, runs: testRuns, replays: true })).failure).toBeNull();
  });

  it(`${rule}, with the seed ${random}`, async () => {
    expect((await run({ seed: random, runs: testRuns, replays: false })).failure).toBeNull();
  });
});
