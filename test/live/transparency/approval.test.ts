import { expect, it } from "vitest";
import { describeLive } from "../../support/live/describe.js";
import { withMockcloud } from "../../support/live/mockcloud.js";
import { Twins } from "./twins.js";

const body = (size: string): string => `
variable "size" {
  default = "${size}"
}
resource "mockcloud_instance" "a" {
  name = "a"
  size = var.size
}
resource "mockcloud_flaky" "b" {
  name = "b"
}
output "ip" { value = mockcloud_instance.a.ip }
output "revision" { value = mockcloud_flaky.b.revision }
`;

await describeLive("core's question before an apply", (core) => {
  it("is asked, answered and followed as without Airlock", async () => {
    const files = (size: string) => ({ "main.tf": withMockcloud(5, body(size)) });
    const twins = await Twins.make(core, { files: files("legacy") });
    await twins.init();
    for (const input of ["no\n", "", "Yes\n", "yes"]) await twins.run(["apply"], { code: 1, input });
    await twins.run(["apply", "-input=false"], { code: 1 });
    const asked = await twins.run(["apply"], { input: "yes\n" });
    expect(asked.stdout).toContain("Only 'yes' will be accepted to approve");
    expect(asked.stdout).toContain("Apply complete!");
    await twins.run(["apply", "-refresh-only"], { input: "no\n", code: 1 });
    await twins.run(["apply", "-refresh-only", "-no-color"], { input: "yes\n" });
    twins.write(files("small"));
    await twins.run(["apply", "-no-color"], { input: "yes \n" });
    await twins.run(["destroy"], { input: "no\n", code: 1 });
    await twins.run(["destroy", "-target=mockcloud_flaky.b"], { input: "yes\n" });
    await twins.run(["apply", "-destroy"], { input: "yes\n" });
  });
});
