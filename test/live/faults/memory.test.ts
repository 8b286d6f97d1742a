import { readFileSync } from "node:fs";
import { expect, it } from "vitest";
import { startAirlock } from "../../support/live/airlock.js";
import { describeLive } from "../../support/live/describe.js";
import { workspace } from "../../support/live/workspace.js";
import { declared, jsGuest } from "./guests.js";
import { nothingIsLeft } from "./moments.js";

const RESOURCES = 1_000;
const LOOK_MS = 50;

/** The resident memory of a process, in KiB; 0 when it has ended, and where there is no /proc. */
function memoryOf(pid: number): number {
  try {
    return Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, "utf8"))?.[1] ?? 0);
  } catch {
    return 0;
  }
}

await describeLive("a plan of a thousand resources", (core) => {
  it("ends, with memory that is printed", async () => {
    const main = `resource "time_static" "t" {\n  count = ${RESOURCES}\n}\n`;
    const space = await workspace({
      files: { "main.tf": main, "guest.js": jsGuest(), "airlock.hcl": declared("./guest.js") },
    });
    await space.init(core);
    const peaks: number[] = [];
    for (let time = 0; time < 2; time += 1) {
      const run = startAirlock(space, core, ["plan", "-no-color"]);
      let peak = 0;
      const look = setInterval(() => {
        peak = Math.max(peak, memoryOf(run.pid));
      }, LOOK_MS);
      const { code, stdout, stderr } = await run.ended;
      clearInterval(look);
      expect(code, stderr).toBe(0);
      expect(stdout).toContain(`Plan: ${RESOURCES} to add`);
      expect(stderr).toContain(`${RESOURCES} calls`);
      peaks.push(Math.round(peak / 1024));
    }
    console.log(
      `${core.name} ${core.version}: a plan of ${RESOURCES} resources took airlock ${peaks.join(" and ")} MiB`,
    );
    await nothingIsLeft(space);
  });
});
