import { expect, it } from "vitest";
import { airlock } from "../../support/live/airlock.js";
import { describeLive } from "../../support/live/describe.js";
import { withMockcloud } from "../../support/live/mockcloud.js";
import { recorder, takeEvents, type Rule } from "../../support/live/recorder.js";
import { workspace } from "../../support/live/workspace.js";

const NO: Rule = { hook: "post-plan-resource", status: "fail", message: "not in this provider" };

/** Settings that core hands to the provider in another form than they are written in. */
const CONVERTED = {
  quoted: `latency_ms = "0"`,
  number: `region = 7`,
  accent: `region = "cafe\u0301"`,
  bool: `region = true`,
  list: `fail_on = [1, "x"]`,
};

function instance(name: string): string {
  return `resource "mockcloud_instance" "${name}" {
  provider = mockcloud.${name}
  name     = "${name}"
}
`;
}

await describeLive("integrations under a provider take part", (core) => {
  it("however the provider's settings are written", async () => {
    const space = await workspace({ files: {} });
    const guest = recorder(space, { say: [NO] });
    const blocks = Object.entries(CONVERTED).map(
      ([name, settings]) => `provider "mockcloud" {\n  alias = "${name}"\n  ${settings}\n${guest}}\n${instance(name)}`,
    );
    space.write({ "main.tf": withMockcloud(5, blocks.join("")) });
    await airlock(space, core, ["init"]);
    const { code, stdout, stderr } = await airlock(space, core, ["plan", "-no-color"]);
    expect(code, stdout).toBe(1);
    for (const name of Object.keys(CONVERTED)) {
      expect(stderr).toMatch(new RegExp(`not in this provider\n[^]*with mockcloud_instance.${name},`));
    }
    expect(takeEvents(space).filter(({ method }) => method === "post-plan-resource")).toHaveLength(5);
  });

  it("or nothing is planned, when core has them from where they are not read", async () => {
    const space = await workspace({ files: {} });
    const guest = `dynamic "integration" {
  for_each = ["hidden"]
  labels   = ["hidden"]
  content {
    source = "./nowhere"
  }
}
${recorder(space, { say: [NO] })}`;
    space.write({ "main.tf": withMockcloud(5, `resource "mockcloud_instance" "a" { name = "a" }`, guest) });
    await airlock(space, core, ["init"]);
    const { code, stderr } = await airlock(space, core, ["plan", "-no-color"]);
    expect(code).toBe(1);
    expect(stderr.replaceAll(/[\s│╷╵]+/g, " ")).toContain("do not stand in one of its blocks as core has them");
    expect(space.calls().map(({ method }) => method)).not.toContain("configure");
  });
});
