import { setTimeout as delay } from "node:timers/promises";
import { describe, expect, it } from "vitest";
import { airlock, startAirlock } from "../../support/live/airlock.js";
import { describeLive } from "../../support/live/describe.js";
import type { Workspace } from "../../support/live/workspace.js";
import { declared, jsGuest, mayRun, programGuest } from "./guests.js";
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

await describeLive("a sandbox host that is killed", (core) => {
  describe.each(ON_ERROR)("with on_error = %s", (onError) => {
    it("in the middle of a call costs that call: core keeps its providers, and its state is whole", async () => {
      const space = await project("js", atB("for (;;);"), `timeout = "60s"\n  on_error = "${onError}"`);
      await space.init(core);
      const run = startAirlock(space, core, APPLY);
      await run.printed("mockcloud_instance.b: Creating...");
      await delay(500);
      killed(space, "sandbox/child/main.js");
      const { code, stdout, stderr } = await run.ended;
      expect(codesIn(stdout + stderr)).toContain("GUEST_SANDBOX_DIED");
      expectBroken(space, onError, code);
      await nothingIsLeft(space);
    });
  });

  it("between two calls costs nothing: a fresh one takes over", async () => {
    const space = await project("js", `return { status: "success" };`, "");
    await space.init(core);
    const run = startAirlock(space, core, APPLY);
    await run.printed("mockcloud_instance.b: Creating...");
    while (!called(space, "create", "b")()) await delay(5);
    killed(space, "sandbox/child/main.js");
    expect(await run.ended).toMatchObject({ code: 0 });
    expect(namesIn(space)).toEqual(["a", "b", "c"]);
    await nothingIsLeft(space);
  });

  it("while core plans costs no more either", async () => {
    const on = `if (params.name === "b") for (;;); return { status: "success" };`;
    const space = await project("js", on, `timeout = "60s"\n  on_error = "warn"`);
    await space.init(core);
    const run = startAirlock(space, core, ["plan", "-no-color"]);
    while (!called(space, "plan", "b")()) await delay(5);
    await delay(500);
    killed(space, "sandbox/child/main.js");
    const { code, stdout } = await run.ended;
    expect(code).toBe(0);
    expect(stdout).toContain("Plan: 3 to add");
    expect(codesIn(stdout)).toContain("GUEST_SANDBOX_DIED");
    await nothingIsLeft(space);
  });
});
