import { readdirSync } from "node:fs";
import { expect, it } from "vitest";
import { airlock, startAirlock } from "../../support/live/airlock.js";
import { describeLive } from "../../support/live/describe.js";
import { withMockcloud } from "../../support/live/mockcloud.js";
import { readState, workspace } from "../../support/live/workspace.js";
import { declared, jsGuest } from "./guests.js";
import { APPLY, CHAIN, chain, nothingIsLeft } from "./moments.js";

await describeLive("two runs at once in one folder", (core) => {
  it("of apply: core's own lock and its own look at the plan decide, and nothing is lost", async () => {
    const space = await chain(jsGuest());
    await space.init(core);
    const ends = await Promise.all([0, 1].map(() => startAirlock(space, core, APPLY).ended));
    const codes = ends.map(({ code }) => code).sort();
    const said = ends.map(({ stdout, stderr }) => `${stdout}\n${stderr}`).join("\n----\n");
    expect(codes, said).toEqual([0, 1]);
    expect(said).toMatch(/Error acquiring the state lock|Saved plan is stale/);
    const inState = readState(space).resources.flatMap(({ instances }) =>
      instances.map(({ attributes }) => attributes["id"]),
    );
    const inCloud = readdirSync(space.cloud).filter((name) => name.startsWith("mockcloud_instance."));
    expect(inCloud.sort()).toEqual(inState.map((id) => `mockcloud_instance.${String(id)}.json`).sort());
    await nothingIsLeft(space);
    const { code } = await airlock(space, core, ["plan", "-no-color", "-detailed-exitcode"]);
    expect(code).toBe(0);
  });

  it("of plan, with one shadow: both end as if they were alone", async () => {
    const files = {
      "main.tf": withMockcloud(6, CHAIN),
      "more.tf": `terraform {\n${declared("./guest.js")}}\n`,
      "guest.js": jsGuest(),
    };
    const space = await workspace({ files });
    expect((await airlock(space, core, ["init", "-no-color"])).code).toBe(0);
    const args = (out: string) => ["plan", "-no-color", "-lock=false", `-out=${out}`];
    const ends = await Promise.all(["one", "two"].map((out) => airlock(space, core, args(out))));
    for (const { code, stdout, stderr } of ends) {
      expect(code, stderr).toBe(0);
      expect(stdout).toContain("Plan: 3 to add");
    }
    expect(readdirSync(space.folder)).toEqual(expect.arrayContaining(["one", "two"]));
    await nothingIsLeft(space);
    expect((await airlock(space, core, ["apply", "-no-color", "one"])).code).toBe(0);
  });
});
