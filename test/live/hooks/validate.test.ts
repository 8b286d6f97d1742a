import { expect, it } from "vitest";
import { airlock } from "../../support/live/airlock.js";
import { describeLive } from "../../support/live/describe.js";
import { logged, LOGGER, on } from "../../support/live/logger.js";
import { PROTOCOLS, withMockcloud } from "../../support/live/mockcloud.js";
import { recorder } from "../../support/live/recorder.js";
import { workspace } from "../../support/live/workspace.js";

const PROJECT = `
variable "size" {
  type = string
}
resource "mockcloud_instance" "many" {
  count = 3
  name  = "many-\${count.index}"
  size  = var.size
}
resource "mockcloud_bucket" "one" {
  name = "one"
}
data "mockcloud_image" "image" {
  name = "image"
}
`;

await describeLive("validate", (core) => {
  it.each(PROTOCOLS)("tells each block of the configuration once, on protocol %i", async (protocol) => {
    const space = await workspace({ files: { "main.tf": withMockcloud(protocol, PROJECT), "airlock.hcl": LOGGER } });
    await space.init(core);
    // Core asks for blocks, not for instances.
    expect(await logged(space, core, ["validate"])).toEqual({
      "validate-resource": [
        ...on("no-op", "mockcloud_bucket.one"),
        ...on("(address not known yet) no-op", "mockcloud_instance.many"),
      ],
    });
  });

  it("has the verdicts of integrations in core's own answer", async () => {
    const space = await workspace({ files: { "main.tf": withMockcloud(6, PROJECT) } });
    const say = [
      {
        hook: "validate-resource" as const,
        name: "one",
        status: "fail" as const,
        message: "no such bucket",
        findings: [{ rule: "names", severity: "high" as const, message: "another name", path: ["name"] }],
      },
    ];
    space.write({ "airlock.hcl": recorder(space, { say }) });
    await space.init(core);
    const { code, stdout } = await airlock(space, core, ["validate", "-json"]);
    expect(code).toBe(1);
    expect(JSON.parse(stdout)).toMatchObject({
      valid: false,
      error_count: 1,
      diagnostics: [
        {
          severity: "error",
          summary: "recorder: no such bucket",
          address: "mockcloud_bucket.one",
          snippet: { code: '  name = "one"' },
        },
      ],
    });
  });
});
