import { existsSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { airlock } from "../../support/live/airlock.js";
import { describeLive } from "../../support/live/describe.js";
import { withMockcloud } from "../../support/live/mockcloud.js";
import type { Core } from "../../support/live/tools.js";
import { workspace } from "../../support/live/workspace.js";
import type { Workspace } from "../../support/live/workspace.js";
import { fillUp } from "./fill-up.js";
import { declared, jsGuest } from "./guests.js";
import { APPLY, namesIn, nothingIsLeft } from "./moments.js";

const ATTACHES = `return { status: "success", metadata: { note: "kept" } };`;
const BODY = `resource "mockcloud_instance" "a" {\n  name = "a"\n}\nresource "mockcloud_token" "t" {\n  name = "t"\n}`;

async function project(core: Core): Promise<Workspace> {
  const space = await workspace({
    files: {
      "main.tf": withMockcloud(6, BODY),
      "guest.js": jsGuest({ on: ATTACHES }),
      "airlock.hcl": declared("./guest.js"),
    },
  });
  await space.init(core);
  return space;
}

await describeLive("a disk that is full", (core) => {
  // Without the right to mount, a folder without the right to write stands for it.
  it("keeps the report from being written, and the apply goes to its end", async ({ skip }) => {
    const space = await project(core);
    const full = join(space.temporary, "..", "full");
    if (process.getuid?.() !== 0 || !fillUp(full)) skip();
    const { code, stderr } = await airlock(space, core, [...APPLY, "--report", join(full, "report.json")]);
    expect(stderr).toContain("(CLI_OUTPUT)");
    expect(code).toBe(0);
    expect(namesIn(space)).toEqual(["a", "t"]);
    expect(existsSync(join(full, "report.json"))).toBe(false);
    await nothingIsLeft(space);
  });

  it("keeps the log from being written, and the apply goes to its end", async ({ skip }) => {
    const space = await project(core);
    const full = join(space.temporary, "..", "full");
    if (!fillUp(full)) skip();
    const env = { TF_LOG: "TRACE", TF_LOG_PATH: join(full, "log") };
    const { code } = await airlock(space, core, APPLY, { env });
    expect(code).toBe(0);
    expect(namesIn(space)).toEqual(["a", "t"]);
    await nothingIsLeft(space);
  });

  it("keeps metadata beside the state from being written, and the apply goes to its end", async ({ skip }) => {
    const space = await project(core);
    if (!fillUp(join(space.folder, ".airlock"))) skip();
    const { code, stderr } = await airlock(space, core, APPLY);
    expect(stderr).toContain("METADATA_SIDECAR");
    expect(code).toBe(0);
    expect(namesIn(space)).toEqual(["a", "t"]);
    await nothingIsLeft(space);
  });
});
