import { setTimeout as delay } from "node:timers/promises";
import { describe, expect, it } from "vitest";
import { airlock, startAirlock } from "../../support/live/airlock.js";
import { describeLive } from "../../support/live/describe.js";
import { whenLooping } from "../../support/host-killer.js";
import type { Running } from "../../support/live/process.js";
import type { Workspace } from "../../support/live/workspace.js";
import { declared, jsGuest, mayRun, programGuest } from "./guests.js";
import { processesOf } from "./leftovers.js";
import { APPLY, called, chain, killed, namesIn, nothingIsLeft } from "./moments.js";

const ON_ERROR = ["fail", "warn"] as const;

/** Does something at the second of the three, before it is created. */
function atB(what: string): string {
  return `if (method === "pre-apply-resource" && params.name === "b") { ${what} } return { status: "success" };`;
}

const FAULTS = [
  ["hangs", "js", `for (;;);`, "GUEST_TIMEOUT"],
  ["hangs", "program", `for (;;);`, "GUEST_TIMEOUT"],
  ["ends", "program", `process.exit(7);`, "GUEST_CRASHED"],
  ["takes all memory", "js", `const all = []; for (;;) all.push(new Uint8Array(8_000_000));`, "GUEST_MEMORY"],
  ["floods", "js", `return { status: "success", message: "x".repeat(9_000_000) };`, "GUEST_MESSAGE_TOO_LARGE"],
  [
    "floods",
    "program",
    `for (;;) try { require("node:fs").writeSync(1, "x".repeat(65536)); } catch {}`,
    "GUEST_MESSAGE_TOO_LARGE",
  ],
] as const;

async function project(form: "js" | "program", on: string, more: string): Promise<Workspace> {
  const name = form === "js" ? "guest.js" : "guest";
  const guest = form === "js" ? jsGuest({ on }) : programGuest({ on });
  const space = await chain(jsGuest(), "", { [name]: guest, "airlock.hcl": declared(`./${name}`, more) });
  mayRun(space, name);
  return space;
}

/** Codes of ours among what was printed. */
function codesIn(text: string): readonly string[] {
  return [...text.matchAll(/\(([A-Z]+_[A-Z_]+)\)/g)].map(([, code = ""]) => code);
}

/** What must be so when the integration broke over b. */
function expectBroken(space: Workspace, onError: "fail" | "warn", code: number | null): void {
  expect(code).toBe(onError === "fail" ? 1 : 0);
  expect(namesIn(space)).toEqual(onError === "fail" ? ["a"] : ["a", "b", "c"]);
  expect(called(space, "create", "b")()).toBe(onError === "warn");
}

await describeLive("a guest that breaks while core applies", (core) => {
  it.each(FAULTS.map((fault, at) => [...fault, ON_ERROR[at % 2] ?? "fail"] as const))(
    "%s (%s) costs its own call and nothing else",
    async (_, form, what, expected, onError) => {
      const space = await project(form, atB(what), `timeout = "2s"\n  on_error = "${onError}"`);
      await space.init(core);
      const { code, stdout, stderr } = await airlock(space, core, APPLY);
      expect(codesIn(stdout + stderr)).toContain(expected);
      expectBroken(space, onError, code);
      await nothingIsLeft(space);
    },
  );
});

/** Takes two seconds of real time over b. */
const SLOW_AT_B = `if (params.name === "b") for (const end = Date.now() + 2000; Date.now() < end; ); return { status: "success" };`;
const HOST = "sandbox/child/main.js";

/** Kills each sandbox host in which a guest loops, until the run ends; gives how many that were. */
async function killEach(space: Workspace, run: Running): Promise<number> {
  const state = { runs: true };
  void run.ended.then(() => (state.runs = false));
  const hosts = (): number[] => processesOf(space).flatMap(({ pid, command }) => (command.includes(HOST) ? [pid] : []));
  for (let kills = 0; ; kills++) {
    const pid = await whenLooping(hosts, () => state.runs);
    if (pid === null) return kills;
    process.kill(pid, "SIGKILL");
    while (state.runs && hosts().includes(pid)) await delay(5);
  }
}

await describeLive("a sandbox host that is killed", (core) => {
  describe.each(ON_ERROR)("with on_error = %s", (onError) => {
    it("by one event again and again costs that event: core keeps its providers, and its state is whole", async () => {
      const space = await project("js", atB("for (;;);"), `timeout = "60s"\n  on_error = "${onError}"`);
      await space.init(core);
      const run = startAirlock(space, core, APPLY);
      expect(await killEach(space, run)).toBeGreaterThanOrEqual(3);
      const { code, stdout, stderr } = await run.ended;
      expect(codesIn(stdout + stderr)).toContain("RUNTIME_QUARANTINED");
      expectBroken(space, onError, code);
      await nothingIsLeft(space);
    });
  });

  it("in the middle of a call costs nothing: the call is sent again", async () => {
    const space = await project("js", SLOW_AT_B, `timeout = "60s"\n  grants = { clock = true }`);
    await space.init(core);
    const run = startAirlock(space, core, APPLY);
    while (!called(space, "plan", "b")()) await delay(5);
    await delay(500);
    killed(space, HOST);
    const { code, stdout, stderr } = await run.ended;
    expect([code, codesIn(stdout + stderr)]).toEqual([0, []]);
    expect(namesIn(space)).toEqual(["a", "b", "c"]);
    await nothingIsLeft(space);
  });

  it("between two calls costs nothing: a fresh one takes over", async () => {
    const space = await project("js", `return { status: "success" };`, "");
    await space.init(core);
    const run = startAirlock(space, core, APPLY);
    await run.printed("mockcloud_instance.b: Creating...");
    while (!called(space, "create", "b")()) await delay(5);
    killed(space, HOST);
    expect(await run.ended).toMatchObject({ code: 0 });
    expect(namesIn(space)).toEqual(["a", "b", "c"]);
    await nothingIsLeft(space);
  });
});
