import { expect, it } from "vitest";
import { airlock } from "../../support/live/airlock.js";
import { describeLive } from "../../support/live/describe.js";
import { PROTOCOLS, withMockcloud } from "../../support/live/mockcloud.js";
import { recorder, takeEvents, type Rule } from "../../support/live/recorder.js";
import { attributesOf, workspace } from "../../support/live/workspace.js";
import { TOKEN } from "../../support/tokens.js";

const PROJECT = `
data "mockcloud_image" "open" {
  name = "open"
}
data "mockcloud_image" "shut" {
  name = "shut"
}
resource "mockcloud_instance" "web" {
  name = "web"
  size = data.mockcloud_image.shut.id
}
`;

const SHUT: Rule = { hook: "pre-read-data", name: "shut", status: "fail", message: "nobody reads this" };
const NO_PROVIDER: Rule = { hook: "pre-configure-provider", status: "fail", message: "no credentials today" };

await describeLive("a gate that is shut", (core) => {
  it.each(PROTOCOLS)("keeps a read of data from the provider, on protocol %i", async (protocol) => {
    const space = await workspace({ files: { "main.tf": withMockcloud(protocol, PROJECT) } });
    space.write({ "airlock.hcl": recorder(space, { say: [SHUT] }) });
    await space.init(core);
    const { code, stderr } = await airlock(space, core, ["plan", "-no-color"]);
    expect(code).toBe(1);
    expect(stderr).toContain("Error: recorder: nobody reads this");
    expect(stderr).toContain("with data.mockcloud_image.shut");
    const read = space.calls().flatMap(({ method, name }) => (method === "read-data" ? [name] : []));
    expect(read).toEqual(["open"]);
    const hooks = takeEvents(space).flatMap(({ method, params }) =>
      method.endsWith("-data") ? [`${method} ${String(params.address)}`] : [],
    );
    expect(hooks.sort()).toEqual([
      "post-read-data data.mockcloud_image.open",
      "pre-read-data data.mockcloud_image.open",
      "pre-read-data data.mockcloud_image.shut",
    ]);
  });

  it.each(PROTOCOLS)("keeps a provider's configuration from it, on protocol %i", async (protocol) => {
    const files = { "main.tf": withMockcloud(protocol, PROJECT, `token = "a token of the provider"`) };
    const space = await workspace({ files });
    await space.init(core);
    await space.succeed(core, ["apply", "-auto-approve"]);
    const before = space.calls().length;
    space.write({ "airlock.hcl": recorder(space, { say: [NO_PROVIDER] }) });
    for (const args of [["plan"], ["apply", "-auto-approve"], ["destroy", "-auto-approve"], ["refresh"]]) {
      const { code, stderr } = await airlock(space, core, [...args, "-no-color"]);
      expect({ args, code }).toEqual({ args, code: 1 });
      expect(stderr).toContain("Error: recorder: no credentials today");
      expect(stderr).toContain('provider "mockcloud" {');
    }
    const called = new Set(
      space
        .calls()
        .slice(before)
        .map(({ method }) => method),
    );
    for (const method of ["configure", "read", "read-data", "plan", "create", "delete"] as const) {
      expect([...called]).not.toContain(method);
    }
    expect(attributesOf(space, "mockcloud_instance", "web")).toBeDefined();
    const [told] = takeEvents(space).filter(({ method }) => method === "pre-configure-provider");
    expect(told?.params).toMatchObject({ config: { token: TOKEN }, sensitive: [["token"]] });
  });
});
