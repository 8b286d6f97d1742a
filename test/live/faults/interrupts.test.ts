import { execFileSync } from "node:child_process";
import { closeSync, existsSync, openSync, rmSync } from "node:fs";
import { join, resolve } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { describe, expect, it, onTestFinished } from "vitest";
import { airlock, startAirlock } from "../../support/live/airlock.js";
import { describeLive } from "../../support/live/describe.js";
import { withMockcloud } from "../../support/live/mockcloud.js";
import type { Outcome, Running } from "../../support/live/process.js";
import { readState, workspace } from "../../support/live/workspace.js";
import type { Workspace } from "../../support/live/workspace.js";
import { declared, jsGuest, mayRun, programGuest } from "./guests.js";
import { processesLeft, processesOf, temporaryOf } from "./leftovers.js";

const APPLY = ["apply", "-auto-approve", "-no-color"];
const LOCK = ".terraform.tfstate.lock.info";
const HANGS_AT_B = `if (method === "pre-apply-resource" && params.name === "b") for (;;); return { status: "success" };`;
/** One after the other: b waits for a, and c for b. */
const CHAIN = ["a", "b", "c"].map(
  (name, at, all) =>
    `resource "mockcloud_instance" "${name}" {\n  name = "${name}"\n  ${at === 0 ? "" : `depends_on = [mockcloud_instance.${all[at - 1] ?? ""}]`}\n}`,
);

async function chain(guest: string, more = "", files: Readonly<Record<string, string>> = {}): Promise<Workspace> {
  const main = withMockcloud(6, CHAIN.join("\n"), `latency_ms = 400`);
  return workspace({
    files: { "main.tf": main, "guest.js": guest, "airlock.hcl": declared("./guest.js", more), ...files },
  });
}

/** Resolves when something is so; fails when the run ends before. */
async function until(isSo: () => boolean, running: Running): Promise<void> {
  let end: Outcome | undefined;
  void running.ended.then((outcome) => (end = outcome));
  while (!isSo()) {
    if (end !== undefined) expect.fail(`it ended too early:\n${end.stdout}\n${end.stderr}`);
    await delay(10);
  }
}

function creates(space: Workspace, name: string): () => boolean {
  return () => space.calls().some((call) => call.method === "create" && call.name === name);
}

function namesIn(space: Workspace): string[] {
  return existsSync(join(space.folder, "terraform.tfstate")) ? readState(space).resources.map(({ name }) => name) : [];
}

async function nothingIsLeft(space: Workspace): Promise<void> {
  expect(await processesLeft(space, 10_000)).toEqual([]);
  expect(temporaryOf(space)).toEqual([]);
  expect(existsSync(join(space.folder, LOCK))).toBe(false);
}

await describeLive("a signal while core applies", (core) => {
  it.each(["SIGINT", "SIGTERM"] as const)("%s ends it in order, as it ends plain core", async (signal) => {
    const [ours, plain] = [await chain(jsGuest()), await chain(jsGuest())];
    await Promise.all([ours.init(core), plain.init(core)]);
    const runs = { ours: startAirlock(ours, core, APPLY), plain: plain.start(core, APPLY) };
    await Promise.all([
      until(creates(ours, "b"), runs.ours).then(() => {
        runs.ours.signal(signal);
      }),
      until(creates(plain, "b"), runs.plain).then(() => {
        runs.plain.signal(signal);
      }),
    ]);
    const ends = { ours: await runs.ours.ended, plain: await runs.plain.ended };
    expect(ends.ours.code).toBe(ends.plain.code);
    expect(ends.ours.stdout).toContain("Gracefully shutting down");
    expect(ends.ours.stderr).toContain("was interrupted");
    expect(namesIn(ours)).toEqual(namesIn(plain));
    expect(namesIn(ours)).toContain("a");
    expect(creates(ours, "c")()).toBe(false);
    await nothingIsLeft(ours);
    expect((await airlock(ours, core, APPLY)).code).toBe(0);
    expect(namesIn(ours).sort()).toEqual(["a", "b", "c"]);
  });

  it("SIGINT twice ends it at once, also while a guest thinks", async () => {
    const space = await chain(jsGuest({ on: HANGS_AT_B }), 'timeout = "100s"');
    await space.init(core);
    await space.succeed(core, [...APPLY, "-target=mockcloud_instance.a"]);
    const run = startAirlock(space, core, APPLY);
    await run.printed("mockcloud_instance.b: Creating...");
    run.signal("SIGINT");
    await run.printed("Gracefully shutting down");
    run.signal("SIGINT");
    const { code, stdout, stderr } = await run.ended;
    expect(code).toBe(1);
    expect(stdout + stderr).toContain("Two interrupts received");
    expect(namesIn(space)).toEqual(["a"]);
    expect(creates(space, "b")()).toBe(false);
    // The lock's note stays, as plain core leaves it when it ends like this; the lock itself is gone.
    rmSync(join(space.folder, LOCK), { force: true });
    await nothingIsLeft(space);
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
      await until(() => processesOf(space).some(({ command }) => command.includes(what)), run);
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
