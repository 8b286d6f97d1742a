import { setTimeout as delay } from "node:timers/promises";
import { expect, it } from "vitest";
import { airlock, startAirlock } from "../../support/live/airlock.js";
import { describeLive } from "../../support/live/describe.js";
import { APPLY, namesIn, nothingIsLeft, until } from "./moments.js";
import { ODDITIES, strangeCalled, strangeProject } from "./strange-provider.js";

/** A run takes a few seconds; more would be somebody who waits for a limit. */
const LONGEST_MS = 40_000;

/** Answers that we do not look into: no verdict is good then, whatever core makes of them. */
const UNSEEN: ReadonlySet<string> = new Set(["short", "compressed", "two"]);

await describeLive("a provider that answers strangely", (core) => {
  it("can answer well", async () => {
    const space = await strangeProject();
    const { code, stdout, stderr } = await airlock(space, core, APPLY);
    expect(code, stdout + stderr).toBe(0);
    expect(namesIn(space)).toEqual(["one"]);
    await nothingIsLeft(space);
  });

  const answers = ODDITIES.filter((oddity) => oddity !== "never");
  it.each(answers.map((oddity, at) => [oddity, at % 2 === 0 ? "GetProviderSchema" : "ApplyResourceChange"] as const))(
    "%s: core gets an error and does not hang (in PlanResourceChange and %s)",
    async (oddity, other) => {
      const space = await strangeProject();
      for (const method of [other, "PlanResourceChange"]) {
        const begun = performance.now();
        const { code, stdout, stderr } = await airlock(space, core, APPLY, { env: { STRANGE: `${method}:${oddity}` } });
        const said = `${method}:${oddity}\n${stdout}\n${stderr}`;
        expect(performance.now() - begun, said).toBeLessThan(LONGEST_MS);
        expect(code, said).toBe(1);
        expect(stderr, said).toContain("Error: ");
        expect(stderr, said).not.toContain("(INTERNAL)");
        if (UNSEEN.has(oddity)) expect(stderr, said).toContain("airlock: ERROR");
        expect(namesIn(space), said).toEqual([]);
        await nothingIsLeft(space);
      }
    },
  );

  it("with what core takes and we do not look into: what was done is in the state, and the run fails", async () => {
    const space = await strangeProject();
    const env = { STRANGE: "ApplyResourceChange:huge" };
    const { code, stderr, stdout } = await airlock(space, core, APPLY, { env });
    expect(code).toBe(1);
    expect(namesIn(space)).toEqual(["one"]);
    expect(stdout).toContain("Warning: integrations could not judge a call of apply");
    expect(stderr).toContain("TFPLUGIN_TOO_LARGE");
    expect(stderr).toContain("airlock: ERROR");
    await nothingIsLeft(space);
  });

  it.each(["GetProviderSchema", "PlanResourceChange", "ApplyResourceChange"])(
    "never, in %s: the second Ctrl-C ends it, as with plain core",
    async (method) => {
      const space = await strangeProject();
      const run = startAirlock(space, core, APPLY, { env: { STRANGE: `${method}:never` } });
      await until(strangeCalled(space, method), run);
      await delay(300);
      run.signal("SIGINT");
      await run.printed("Interrupt received");
      run.signal("SIGINT");
      expect((await run.ended).code).toBe(1);
      await nothingIsLeft(space, { isCoreCut: true });
    },
  );
});
