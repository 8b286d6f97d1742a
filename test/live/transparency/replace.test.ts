import { describe, expect, it } from "vitest";
import { describeLive } from "../../support/live/describe.js";
import { PROTOCOLS, withMockcloud, type Protocol } from "../../support/live/mockcloud.js";
import { Twins } from "./twins.js";

function main(protocol: Protocol, zone: string, provider = ""): string {
  return withMockcloud(
    protocol,
    `
resource "mockcloud_instance" "plain" {
  name = "plain"
  zone = "${zone}"
}
resource "mockcloud_instance" "first" {
  count = 2
  name  = "first-\${count.index}"
  zone  = "${zone}"
  lifecycle {
    create_before_destroy = true
  }
}
resource "mockcloud_bucket" "follower" {
  name = mockcloud_instance.plain.id
}
resource "mockcloud_token" "text" {
  name = "text"
}
`,
    provider,
  );
}

/** Core draws the names of deposed objects by lot. */
function mask(text: string): string {
  return text.replace(/(deposed object |"deposed": ")[\da-f]{8}/g, "$1KEY");
}

await describeLive("replacing", (core) => {
  describe.each(PROTOCOLS)("protocol %i", (protocol) => {
    it("goes as without Airlock: by change, by request, and by failing half way", async () => {
      const twins = await Twins.make(core, { files: { "main.tf": main(protocol, "zone-1") }, mask });
      await twins.init();
      await twins.run(["apply", "-auto-approve"]);
      twins.write({ "main.tf": main(protocol, "zone-2") });
      expect((await twins.run(["plan"])).stdout).toContain("4 to add, 0 to change, 4 to destroy");
      await twins.run(["apply", "-auto-approve"]);
      const named = ["-replace=mockcloud_token.text", "-replace=mockcloud_instance.first[1]"];
      const replaced = await twins.run(["apply", "-auto-approve", ...named]);
      expect(replaced.stdout).toContain("2 added, 0 changed, 2 destroyed");

      const failing = `fail_on = ["delete:first-0", "create:plain"]`;
      twins.write({ "main.tf": main(protocol, "zone-3", failing) });
      // Leaves one object deposed and one gone.
      await twins.run(["apply", "-auto-approve", "-parallelism=1"], { code: 1 });
      twins.write({ "main.tf": main(protocol, "zone-3") });
      await twins.run(["plan"]);
      await twins.run(["apply", "-auto-approve"]);
    });
  });
});
