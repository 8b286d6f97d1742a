import { describe, expect, it } from "vitest";
import { describeLive } from "../support/live/describe.js";
import { PROTOCOLS, withMockcloud } from "../support/live/mockcloud.js";
import { attributesOf, readState, workspace } from "../support/live/workspace.js";

const APPLY = ["apply", "-auto-approve", "-no-color"];
const instance = (more: string): string => `resource "mockcloud_instance" "a" {\n  name = "a"\n  ${more}\n}`;

await describeLive("mockcloud keeps what core applies", (core) => {
  describe.each(PROTOCOLS)("protocol %i", (protocol) => {
    it("creates, updates in place, replaces and destroys", async () => {
      const space = await workspace({ files: { "main.tf": withMockcloud(protocol, instance("")) } });
      await space.init(core);
      await space.succeed(core, APPLY);
      const created = attributesOf(space, "mockcloud_instance", "a");
      expect(created).toMatchObject({ name: "a", size: null, zone: "local-a", created: "2024-01-01T00:00:00Z" });

      space.write({ "main.tf": withMockcloud(protocol, instance(`size = "big"`)) });
      const update = await space.succeed(core, APPLY);
      expect(update.stdout).toContain("1 changed, 0 destroyed");
      expect(attributesOf(space, "mockcloud_instance", "a")).toEqual({ ...created, size: "big" });

      space.write({ "main.tf": withMockcloud(protocol, instance(`size = "big"\n  zone = "b"`)) });
      const replace = await space.succeed(core, APPLY);
      expect(replace.stdout).toContain("1 added, 0 changed, 1 destroyed");
      expect(attributesOf(space, "mockcloud_instance", "a")).toEqual({ ...created, size: "big", zone: "b" });

      await space.succeed(core, ["destroy", "-auto-approve", "-no-color"]);
      expect(readState(space).resources).toEqual([]);
      const changes = space.calls().filter(({ method }) => ["create", "update", "delete"].includes(method));
      expect(changes.map(({ method }) => method)).toEqual(["create", "update", "delete", "create", "delete"]);
    });

    it("has nothing to do once it was applied", async () => {
      const space = await workspace({ files: { "main.tf": withMockcloud(protocol, instance("")) } });
      await space.init(core);
      expect((await space.run(core, ["plan", "-detailed-exitcode"])).code).toBe(2);
      await space.succeed(core, APPLY);
      expect((await space.run(core, ["plan", "-detailed-exitcode"])).code).toBe(0);
    });

    it("makes the same object in two runs, and two objects of one name in one run", async () => {
      const main = withMockcloud(protocol, `resource "mockcloud_instance" "a" {\n  count = 2\n  name  = "a"\n}`);
      const ids: unknown[][] = [];
      for (const space of [
        await workspace({ files: { "main.tf": main } }),
        await workspace({ files: { "main.tf": main } }),
      ]) {
        await space.init(core);
        await space.succeed(core, APPLY);
        const [resource] = readState(space).resources;
        ids.push((resource?.instances ?? []).map(({ attributes }) => attributes["id"]).sort());
      }
      expect(new Set(ids[0]).size).toBe(2);
      expect(ids[1]).toEqual(ids[0]);
    });
  });
});
