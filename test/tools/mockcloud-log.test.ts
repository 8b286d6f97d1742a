import { describe, expect, it } from "vitest";
import { describeLive } from "../support/live/describe.js";
import { PROTOCOLS, withMockcloud } from "../support/live/mockcloud.js";
import { workspace } from "../support/live/workspace.js";

const BODY = `
provider "mockcloud" {
  alias  = "south"
  region = "south"
}
data "mockcloud_image" "i" {
  name = "i"
}
resource "mockcloud_instance" "a" {
  provider = mockcloud.south
  name     = "a"
}
`;

await describeLive("mockcloud logs the calls it receives", (core) => {
  describe.each(PROTOCOLS)("protocol %i", (protocol) => {
    it("tells method, type, name, id, region, process and protocol", async () => {
      const space = await workspace({ files: { "main.tf": withMockcloud(protocol, BODY, `region = "north"`) } });
      await space.init(core);
      await space.succeed(core, ["apply", "-auto-approve"]);
      const applied = space.calls();
      const told = applied.map(({ method, type, name, region }) => [method, type, name, region].join(" "));
      expect(told).toContain("validate mockcloud_instance a local");
      expect(told).toContain("validate-data mockcloud_image i local");
      expect(told).toContain("read-data mockcloud_image i north");
      expect(told).toContain("plan mockcloud_instance a south");
      const created = told.indexOf("create mockcloud_instance a south");
      expect(created).toBeGreaterThan(told.lastIndexOf("plan mockcloud_instance a south"));
      expect(told.filter((line) => line.startsWith("create"))).toHaveLength(1);
      expect(new Set(applied.map((call) => call.protocol))).toEqual(new Set([protocol]));
      // The name of a configure call is its region.
      for (const region of ["north", "south"]) expect(told).toContain(`configure  ${region} ${region}`);

      await space.succeed(core, ["plan"]);
      const planned = space.calls().slice(applied.length);
      const read = planned.find(({ method }) => method === "read");
      expect(read?.id).toMatch(/^i-[0-9a-f]{12}$/);
      const configured = new Set(planned.filter(({ method }) => method === "configure").map(({ pid }) => pid));
      expect(configured.size).toBe(2);
    });

    it(`plans a destroy ${protocol === 6 ? "because protocol 6 says it can" : "only with protocol 6"}`, async () => {
      const main = withMockcloud(protocol, `resource "mockcloud_instance" "a" {\n  name = "a"\n}`);
      const space = await workspace({ files: { "main.tf": main } });
      await space.init(core);
      await space.succeed(core, ["apply", "-auto-approve"]);
      const before = space.calls().length;
      await space.succeed(core, ["destroy", "-refresh=false", "-auto-approve"]);
      const methods = new Set(
        space
          .calls()
          .slice(before)
          .map(({ method }) => method),
      );
      expect(methods.has("plan")).toBe(protocol === 6);
      expect(methods.has("delete")).toBe(true);
    });
  });
});
