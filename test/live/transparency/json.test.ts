import { expect, it } from "vitest";
import { describeLive } from "../../support/live/describe.js";
import { withMockcloud } from "../../support/live/mockcloud.js";
import { Twins } from "./twins.js";

const body = (size: string): string => `
resource "mockcloud_instance" "a" {
  name = "a"
  size = "${size}"
}
resource "mockcloud_flaky" "b" {
  name = mockcloud_instance.a.name
}
data "mockcloud_image" "c" {
  name = mockcloud_flaky.b.name
}
output "ip" { value = mockcloud_instance.a.ip }
output "checksum" {
  value     = data.mockcloud_image.c.checksum
  sensitive = true
}
`;

await describeLive("output for machines", (core) => {
  it("is the same as without Airlock", async () => {
    const files = (size: string, provider = "") => ({ "main.tf": withMockcloud(5, body(size), provider) });
    const twins = await Twins.make(core, { files: files("small") });
    await twins.init();
    await twins.run(["validate", "-json"]);
    await twins.run(["plan", "-json"]);
    await twins.run(["plan", "-json", "-out=a.tfplan"]);
    await twins.run(["apply", "-json", "a.tfplan"]);
    twins.write(files("large"));
    const applied = await twins.run(["apply", "-json", "-auto-approve"]);
    expect(applied.stdout).toContain(`"type":"outputs"`);
    await twins.run(["apply", "-json"], { code: 1 });
    await twins.run(["apply", "-json", "-auto-approve"]);
    await twins.run(["apply", "-json", "-auto-approve", "-refresh-only"]);
    await twins.run(["refresh", "-json"]);
    twins.write(files("large", `fail_on = ["delete:a"]`));
    await twins.run(["destroy", "-json", "-auto-approve"], { code: 1 });
    twins.write(files("large"));
    await twins.run(["destroy", "-json", "-auto-approve"]);
  });
});
