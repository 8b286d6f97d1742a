import { expect, it } from "vitest";
import { airlock, startAirlock } from "../../support/live/airlock.js";
import { describeLive } from "../../support/live/describe.js";
import { jsGuest } from "./guests.js";
import { APPLY, called, chain, coreOf, killed, namesIn, nothingIsLeft, ONLY_A, until } from "./moments.js";

await describeLive("core that is killed", (core) => {
  it("while it plans ends the run with its code, and everything is tidied", async () => {
    const space = await chain(jsGuest());
    await space.init(core);
    const run = startAirlock(space, core, ["plan", "-no-color", "-out=saved"]);
    await until(called(space, "plan", "a"), run);
    killed(space, coreOf(core, "plan"));
    expect(await run.ended).toMatchObject({ code: 137, signal: null });
    await nothingIsLeft(space, { isCoreCut: true });
    expect((await airlock(space, core, APPLY)).code).toBe(0);
  });

  it("while it applies does the same, and leaves the state as plain core leaves it", async () => {
    const [ours, plain] = [await chain(jsGuest()), await chain(jsGuest())];
    await Promise.all(
      [ours, plain].map(async (space) => {
        await space.init(core);
        await space.succeed(core, ONLY_A);
      }),
    );
    const runs = { ours: startAirlock(ours, core, APPLY), plain: plain.start(core, APPLY) };
    await Promise.all([
      until(called(ours, "create", "b"), runs.ours).then(() => {
        killed(ours, coreOf(core, "apply"));
      }),
      until(called(plain, "create", "b"), runs.plain).then(() => {
        runs.plain.signalGroup("SIGKILL");
      }),
    ]);
    expect(await runs.ours.ended).toMatchObject({ code: 137, signal: null });
    await runs.plain.ended;
    expect(namesIn(ours)).toEqual(namesIn(plain));
    expect(namesIn(ours)).toEqual(["a"]);
    await nothingIsLeft(ours, { isCoreCut: true });
    expect((await airlock(ours, core, APPLY)).code).toBe(0);
    expect(namesIn(ours)).toEqual(["a", "b", "c"]);
  });
});
