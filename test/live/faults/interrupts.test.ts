import { execFileSync } from "node:child_process";
import { closeSync, existsSync, openSync } from "node:fs";
import { join, resolve } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { describe, expect, it, onTestFinished } from "vitest";
import { airlock, startAirlock } from "../../support/live/airlock.js";
import { describeLive } from "../../support/live/describe.js";
import { declared, jsGuest, mayRun, programGuest } from "./guests.js";
import { APPLY, called, chain, namesIn, nothingIsLeft, ONLY_A, runs, until } from "./moments.js";

const HANGS_AT_B = `if (method === "pre-apply-resource" && params.name === "b") for (;;); return { status: "success" };`;

await describeLive("a signal while core applies", (core) => {
  it.each(["SIGINT", "SIGTERM"] as const)("%s ends it in order, as it ends plain core", async (signal) => {
    const [ours, plain] = [await chain(jsGuest()), await chain(jsGuest())];
    await Promise.all([ours.init(core), plain.init(core)]);
    const started = { ours: startAirlock(ours, core, APPLY), plain: plain.start(core, APPLY) };
    await Promise.all([
      until(called(ours, "create", "b"), started.ours).then(() => {
        started.ours.signal(signal);
      }),
      until(called(plain, "create", "b"), started.plain).then(() => {
        started.plain.signal(signal);
      }),
    ]);
    const ends = { ours: await started.ours.ended, plain: await started.plain.ended };
    expect(ends.ours.code).toBe(ends.plain.code);
    expect(ends.ours.stdout).toContain("Gracefully shutting down");
    expect(ends.ours.stderr).toContain("was interrupted");
    expect(namesIn(ours)).toEqual(namesIn(plain));
    expect(namesIn(ours)).toContain("a");
    expect(called(ours, "create", "c")()).toBe(false);
    await nothingIsLeft(ours);
    expect((await airlock(ours, core, APPLY)).code).toBe(0);
    expect(namesIn(ours)).toEqual(["a", "b", "c"]);
  });

  it("SIGHUP ends core as it does without us, and nothing is left", async () => {
    const [ours, plain] = [await chain(jsGuest()), await chain(jsGuest())];
    await Promise.all([ours.init(core), plain.init(core)]);
    const runsOf = [startAirlock(ours, core, APPLY), plain.start(core, APPLY)] as const;
    await Promise.all(
      [ours, plain].map(async (space, at) => {
        const run = runsOf[at];
        if (run === undefined) return;
        await until(called(space, "create", "b"), run);
        run.signal("SIGHUP");
      }),
    );
    const [end, plainEnd] = [await runsOf[0].ended, await runsOf[1].ended];
    expect(plainEnd.signal).toBe("SIGHUP");
    // As a shell tells of it.
    expect(end.code).toBe(129);
    expect(namesIn(ours)).toEqual(namesIn(plain));
    await nothingIsLeft(ours, { isCoreCut: true });
    expect((await airlock(ours, core, APPLY)).code).toBe(0);
    expect(namesIn(ours)).toEqual(["a", "b", "c"]);
  });

  it("SIGINT twice ends it at once, also while a guest thinks", async () => {
    const space = await chain(jsGuest({ on: HANGS_AT_B }), 'timeout = "100s"');
    await space.init(core);
    await space.succeed(core, ONLY_A);
    const run = startAirlock(space, core, APPLY);
    await run.printed("mockcloud_instance.b: Creating...");
    run.signal("SIGINT");
    await run.printed("Gracefully shutting down");
    run.signal("SIGINT");
    const { code, stdout, stderr } = await run.ended;
    expect(code).toBe(1);
    expect(stdout + stderr).toContain("Two interrupts received");
    // Core can end itself in the middle of writing the state.
    expect([[], ["a"]]).toContainEqual(namesIn(space));
    expect(called(space, "create", "b")()).toBe(false);
    await nothingIsLeft(space, { isCoreCut: true });
    await space.succeed(core, APPLY);
  });

  it("SIGINT waits no longer for a guest than its time", async () => {
    const space = await chain(jsGuest({ on: HANGS_AT_B }), 'timeout = "3s"');
    await space.init(core);
    const run = startAirlock(space, core, APPLY);
    await run.printed("mockcloud_instance.b: Creating...");
    await delay(300);
    run.signal("SIGINT");
    const { code, stderr } = await run.ended;
    expect(code).toBe(1);
    expect(stderr).toContain("GUEST_TIMEOUT");
    expect(namesIn(space)).toEqual(["a"]);
    await nothingIsLeft(space);
  });
});

await describeLive("a signal while no core runs", (core) => {
  const hanging = {
    "guests that start": { first: `for (;;);` },
    "guests that judge a stage": { on: `for (;;);`, hooks: ["plan-stage-start"] },
  } as const;

  describe.each(Object.entries(hanging))("%s", (_, source) => {
    it.each(["guest.js", "guest"])("ends the run: %s", async (name) => {
      const guest = name === "guest" ? programGuest(source) : jsGuest(source);
      const more = 'timeout = "100s"\n  initialize_timeout = "100s"';
      const space = await chain(jsGuest(), "", { "airlock.hcl": declared(`./${name}`, more), [name]: guest });
      mayRun(space, name);
      await space.init(core);
      const run = startAirlock(space, core, APPLY);
      const what = name === "guest" ? `${space.folder}/guest` : "sandbox/child/main.js";
      await until(runs(space, what), run);
      await delay(1_000);
      run.signal("SIGINT");
      const { code, stderr, stdout } = await run.ended;
      expect(code).toBe(130);
      expect(stderr).toBe("interrupted\n");
      expect(stdout).toBe("");
      expect(space.calls()).toEqual([]);
      await nothingIsLeft(space);
    });
  });

  it("ends the question for approval, in core's words", async () => {
    const space = await chain(jsGuest());
    await space.init(core);
    const [fifo, command] = [join(space.temporary, "..", "stdin"), resolve("dist/src/cli/main.js")];
    execFileSync("mkfifo", [fifo]);
    const input = openSync(fifo, "r+");
    onTestFinished(() => {
      closeSync(input);
    });
    const args = ["apply", "-no-color", "--core", core.path];
    const run = space.start("sh", ["-c", `exec "$0" "$@" <${fifo}`, process.execPath, command, ...args]);
    await run.printed("Enter a value:");
    run.signal("SIGINT");
    const { code, stderr } = await run.ended;
    expect(code).toBe(1);
    expect(stderr).toContain("error asking for approval: interrupted");
    expect(existsSync(join(space.folder, "terraform.tfstate"))).toBe(false);
    await nothingIsLeft(space);
  });
});
