import * as v from "valibot";
import { describe, expect, it } from "vitest";
import { describeLive } from "../support/live/describe.js";
import { PROTOCOLS, withMockcloud } from "../support/live/mockcloud.js";
import { workspace } from "../support/live/workspace.js";

const Schemas = v.object({
  provider_schemas: v.record(v.string(), v.object({ resource_schemas: v.record(v.string(), v.unknown()) })),
});

await describeLive("mockcloud has as many types as asked", (core) => {
  describe.each(PROTOCOLS)("protocol %i", (protocol) => {
    it("generates up to 1,500 types and refuses more", async () => {
      const space = await workspace({ files: { "main.tf": withMockcloud(protocol, "") } });
      await space.init(core);
      const typesWith = async (count: string): Promise<readonly string[]> => {
        const env = { MOCKCLOUD_TYPES: count };
        const { stdout } = await space.succeed(core, ["providers", "schema", "-json"], { env });
        const { provider_schemas } = v.parse(Schemas, JSON.parse(stdout));
        return Object.values(provider_schemas).flatMap((each) => Object.keys(each.resource_schemas));
      };
      expect(await typesWith("")).toHaveLength(5);
      const types = await typesWith("1500");
      expect(types).toHaveLength(1505);
      expect(types).toContain("mockcloud_generated_1500");
      const tooMany = await space.run(core, ["providers", "schema", "-json"], { env: { MOCKCLOUD_TYPES: "1501" } });
      expect(tooMany.code).toBe(1);
    });

    it("keeps objects of a generated type", async () => {
      const main = withMockcloud(
        protocol,
        `resource "mockcloud_generated_0002" "g" {
  name       = "g"
  setting_05 = "five"
  setting_03 = ["three"]
  option {
    key = "k"
  }
}`,
      );
      const space = await workspace({ files: { "main.tf": main } });
      const env = { MOCKCLOUD_TYPES: "2" };
      await space.succeed(core, ["init", "-input=false"], { env });
      await space.succeed(core, ["apply", "-auto-approve"], { env });
      expect((await space.run(core, ["plan", "-detailed-exitcode"], { env })).code).toBe(0);
    });
  });
});
