import { readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { describeLive } from "../support/live/describe.js";
import { PROTOCOLS, withMockcloud } from "../support/live/mockcloud.js";
import { attributesOf, readState, workspace, type Workspace } from "../support/live/workspace.js";

const APPLY = ["apply", "-auto-approve", "-no-color"];

function onlyObject(space: Workspace): string {
  const [file, ...others] = readdirSync(space.cloud).filter((name) => name.endsWith(".json"));
  expect(others).toEqual([]);
  return join(space.cloud, String(file));
}

await describeLive("mockcloud drifts", (core) => {
  describe.each(PROTOCOLS)("protocol %i", (protocol) => {
    it("changes a flaky object at each refresh", async () => {
      const main = withMockcloud(protocol, `resource "mockcloud_flaky" "f" {\n  name = "f"\n}`);
      const space = await workspace({ files: { "main.tf": main } });
      await space.init(core);
      await space.succeed(core, APPLY);
      expect(attributesOf(space, "mockcloud_flaky", "f")).toMatchObject({ revision: 1 });
      await space.succeed(core, ["apply", "-refresh-only", "-auto-approve"]);
      const first = Number(attributesOf(space, "mockcloud_flaky", "f")?.["revision"]);
      expect(first).toBeGreaterThan(1);
      await space.succeed(core, ["apply", "-refresh-only", "-auto-approve"]);
      expect(Number(attributesOf(space, "mockcloud_flaky", "f")?.["revision"])).toBeGreaterThan(first);
    });

    it("gives an object as its file says, and none when the file is gone", async () => {
      const main = withMockcloud(protocol, `resource "mockcloud_instance" "a" {\n  name = "a"\n  size = "small"\n}`);
      const space = await workspace({ files: { "main.tf": main } });
      await space.init(core);
      await space.succeed(core, APPLY);

      const file = onlyObject(space);
      writeFileSync(file, readFileSync(file, "utf8").replace(`"small"`, `"changed"`));
      expect((await space.succeed(core, ["plan", "-no-color"])).stdout).toMatch(/~ size +=? *"changed" -> "small"/);

      rmSync(file);
      await space.succeed(core, ["apply", "-refresh-only", "-auto-approve"]);
      expect(readState(space).resources).toEqual([]);
    });
  });
});
