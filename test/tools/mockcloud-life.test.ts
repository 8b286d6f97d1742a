import { describe, expect, it } from "vitest";
import { describeLive } from "../support/live/describe.js";
import { PROTOCOLS, withMockcloud } from "../support/live/mockcloud.js";
import { attributesOf, readState, workspace } from "../support/live/workspace.js";

await describeLive("mockcloud keeps what core applies", (core) => {
  describe.each(PROTOCOLS)("protocol %i", (protocol) => {
    it("creates, updates in place and destroys", async () => {
      const space = await workspace({
        files: { "main.tf": withMockcloud(protocol, `resource "mockcloud_instance" "a" {\n  name = "a"\n}`) },
      });
      await space.init(core);
      await space.succeed(core, ["apply", "-auto-approve", "-no-color"]);
      const created = attributesOf(space, "mockcloud_instance", "a");
      expect(created).toMatchObject({ name: "a", size: null, zone: "local-a", created: "2024-01-01T00:00:00Z" });

      space.write({
        "main.tf": withMockcloud(protocol, `resource "mockcloud_instance" "a" {\n  name = "a"\n  size = "big"\n}`),
      });
      await space.succeed(core, ["apply", "-auto-approve", "-no-color"]);
      expect(attributesOf(space, "mockcloud_instance", "a")).toEqual({ ...created, size: "big" });

      await space.succeed(core, ["destroy", "-auto-approve", "-no-color"]);
      expect(readState(space).resources).toEqual([]);
      const changes = space.calls().filter(({ method }) => ["create", "update", "delete"].includes(method));
      expect(changes.map(({ method, name, protocol }) => [method, name, protocol])).toEqual([
        ["create", "a", protocol],
        ["update", "a", protocol],
        ["delete", "a", protocol],
      ]);
    });
  });
});
