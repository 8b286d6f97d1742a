import { describe, expect, it } from "vitest";
import { describeLive } from "../support/live/describe.js";
import { PROTOCOLS, withMockcloud } from "../support/live/mockcloud.js";
import { attributesOf, readState, workspace } from "../support/live/workspace.js";

const BODY = `resource "mockcloud_token" "t" {\n  name = "t"\n}`;

await describeLive("mockcloud imports by id", (core) => {
  describe.each(PROTOCOLS)("protocol %i", (protocol) => {
    it("gives the object with its private bytes, and refuses an id that it does not have", async () => {
      const space = await workspace({ files: { "main.tf": withMockcloud(protocol, BODY) } });
      await space.init(core);
      await space.succeed(core, ["apply", "-auto-approve"]);
      const before = attributesOf(space, "mockcloud_token", "t");
      const id = String(before?.["id"]);

      await space.succeed(core, ["state", "rm", "mockcloud_token.t"]);
      expect(readState(space).resources).toEqual([]);
      const unknown = await space.run(core, ["import", "-no-color", "mockcloud_token.t", "t-none"]);
      expect(unknown.code).toBe(1);
      expect(unknown.stderr).toContain("t-none");

      await space.succeed(core, ["import", "mockcloud_token.t", id]);
      expect(attributesOf(space, "mockcloud_token", "t")).toEqual(before);
      const [resource] = readState(space).resources;
      const bytes = Buffer.from(resource?.instances[0]?.private ?? "", "base64").toString();
      expect(bytes).toBe("plain text private");
      expect(space.calls().filter(({ method }) => method === "import")).toMatchObject([
        { id: "t-none", type: "mockcloud_token" },
        { id, type: "mockcloud_token" },
      ]);
    });
  });
});
