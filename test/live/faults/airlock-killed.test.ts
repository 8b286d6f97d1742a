import { existsSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { airlock, startAirlock } from "../../support/live/airlock.js";
import { describeLive } from "../../support/live/describe.js";
import type { Workspace } from "../../support/live/workspace.js";
import { jsGuest, mayRun, programGuest } from "./guests.js";
import type { GuestSource } from "./guests.js";
import { APPLY, called, chain, namesIn, nothingIsLeft, ONLY_A, runs, until } from "./moments.js";

/** Both kinds of guests, which may take as long as they like. */
async function withBoth(source: GuestSource): Promise<Workspace> {
  const long = `timeout = "100s"\n  initialize_timeout = "100s"`;
  const declarations = ["./guest.js", "./guest"].map(
    (path, at) => `integration "guest${at}" {\n  source = "${path}"\n  ${long}\n}\n`,
  );
  const space = await chain(jsGuest(source), "", {
    "airlock.hcl": declarations.join(""),
    guest: programGuest(source),
  });
  mayRun(space, "guest");
  return space;
}

const HANGS = `if (method.endsWith("plan-resource")) for (;;); return { status: "success" };`;

/** When it is killed, by what is under way. */
const MOMENTS: readonly {
  readonly when: string;
  readonly args: readonly string[];
  readonly source: GuestSource;
  readonly isSo: (space: Workspace) => boolean;
}[] = [
  {
    when: "guests start, in init",
    args: ["init"],
    source: { first: `for (;;);` },
    isSo: (space) => runs(space, "sandbox/child/main.js")() && runs(space, `${space.folder}/guest`)(),
  },
  {
    when: "guests hang in a plan",
    args: ["plan", "-no-color"],
    source: { on: HANGS },
    isSo: called2("plan", "a"),
  },
  { when: "the provider plans", args: ["plan", "-no-color"], source: {}, isSo: called2("plan", "b") },
  { when: "the provider creates", args: APPLY, source: {}, isSo: called2("create", "b") },
];

function called2(method: string, name: string): (space: Workspace) => boolean {
  return (space) => called(space, method, name)();
}

await describeLive("airlock that is killed", (core) => {
  it.each(MOMENTS)("while $when leaves nothing, and core ends by itself", async ({ args, source, isSo }) => {
    const space = await withBoth(source);
    await space.init(core);
    if (args !== MOMENTS[0]?.args) {
      await space.succeed(core, ONLY_A);
    }
    const run = startAirlock(space, core, args);
    await until(() => isSo(space), run);
    run.signal("SIGKILL");
    expect((await run.ended).signal).toBe("SIGKILL");
    await nothingIsLeft(space);
    expect(namesIn(space)).toEqual(args === MOMENTS[0]?.args ? [] : ["a"]);
    space.write({ "guest.js": jsGuest(), guest: programGuest() });
    mayRun(space, "guest");
    const next = await airlock(space, core, APPLY);
    expect(next.code, next.stderr).toBe(0);
    expect(namesIn(space)).toEqual(["a", "b", "c"]);
    expect(existsSync(join(space.folder, ".terraform.tfstate.lock.info"))).toBe(false);
  });
});
