import { expect, it } from "vitest";
import { describeLive } from "../../support/live/describe.js";
import { PROTOCOLS, withMockcloud, type Protocol } from "../../support/live/mockcloud.js";
import { Twins } from "./twins.js";

const CHAIN = `
resource "mockcloud_instance" "first" {
  name = "first"
}
resource "mockcloud_counter" "second" {
  name    = "second"
  payload = mockcloud_instance.first.id
}
resource "mockcloud_bucket" "third" {
  name = mockcloud_counter.second.id
}
data "mockcloud_image" "fourth" {
  name       = "fourth"
  depends_on = [mockcloud_bucket.third]
}
output "image" { value = data.mockcloud_image.fourth.checksum }
`;

const WARNING = `
variable "size" {
  default = "legacy"
  validation {
    condition     = var.size != "none"
    error_message = "There must be a size."
  }
}
resource "mockcloud_instance" "old" {
  name = "old"
  size = var.size
  lifecycle {
    postcondition {
      condition     = self.name != "new"
      error_message = "That name is not free."
    }
  }
}
check "age" {
  assert {
    condition     = mockcloud_instance.old.size != "legacy"
    error_message = "The size of old is old."
  }
}
`;

const main = (protocol: Protocol, body: string, provider = "") => ({
  "main.tf": withMockcloud(protocol, body, provider),
});

await describeLive("what goes wrong", (core) => {
  it.each(PROTOCOLS)("in a provider of protocol %i goes wrong in the same way as without Airlock", async (protocol) => {
    const twins = await Twins.make(core, { files: main(protocol, CHAIN, `fail_on = ["create:second"]`) });
    await twins.init();
    const failed = await twins.run(["apply", "-auto-approve"], { code: 1 });
    expect(failed.stderr).toContain(`create of "second" fails`);
    twins.write(main(protocol, CHAIN, `fail_on = ["plan:second"]`));
    await twins.run(["plan", "-detailed-exitcode"], { code: 1 });
    twins.write(main(protocol, CHAIN, `fail_on = ["configure:here"]\n  region = "here"`));
    await twins.run(["plan"], { code: 1 });
    twins.write(main(protocol, CHAIN));
    await twins.run(["apply", "-auto-approve"]);
  });

  it("when a provider reads or deletes goes wrong in the same way as without Airlock", async () => {
    const twins = await Twins.make(core, { files: main(6, CHAIN, `fail_on = ["read-data:fourth"]`) });
    await twins.init();
    await twins.run(["apply", "-auto-approve"], { code: 1 });
    twins.write(main(6, CHAIN, `fail_on = ["read:first"]`));
    await twins.run(["refresh"], { code: 1 });
    twins.write(main(6, CHAIN, `fail_on = ["delete:first"]`));
    await twins.run(["destroy", "-auto-approve"], { code: 1 });
  });

  it("is told in the same order where stdout and stderr are one", async () => {
    const twins = await Twins.make(core, { files: main(6, CHAIN, `fail_on = ["plan:second"]`) });
    await twins.init();
    await twins.run(["plan"], { code: 1, oneOutput: true });
    await twins.run(["plan", "-no-color", "-out=some.tfplan"], { code: 1, oneOutput: true });
    twins.write(main(6, CHAIN, `fail_on = ["create:second"]`));
    await twins.run(["apply", "-auto-approve"], { code: 1, oneOutput: true });
  });

  it("only a little is warned of as without Airlock", async () => {
    const twins = await Twins.make(core, { files: main(5, WARNING) });
    await twins.init();
    await twins.run(["validate"]);
    expect((await twins.run(["plan"])).stdout).toContain("this size will go away");
    await twins.run(["plan", "-compact-warnings", "-no-color"]);
    const applied = await twins.run(["apply"], { unasked: true });
    expect(applied.stdout).toContain("The size of old is old");
    await twins.run(["destroy"], { input: "yes\n" });
  });

  it("in a configuration or a command line is told as without Airlock", async () => {
    const twins = await Twins.make(core, { files: main(6, WARNING) });
    await twins.init();
    for (const flag of ["-var=size=none", "-var=size=impossible", "-var=unheard=of", "-unheard-of"]) {
      await twins.run(["plan", flag], { code: 1 });
    }
    await twins.run(["apply", "none.tfplan"], { code: 1 });
    twins.write(main(6, `${WARNING}\noutput "o" { value = mockcloud_instance.none.id }\n`));
    await twins.run(["validate"], { code: 1 });
    await twins.run(["plan"], { code: 1 });
  });
});
