import { expect, it } from "vitest";
import { airlock, airlockReport } from "../../support/live/airlock.js";
import { describeLive } from "../../support/live/describe.js";
import { PROTOCOLS, withMockcloud } from "../../support/live/mockcloud.js";
import { recorder, takeEvents } from "../../support/live/recorder.js";
import { workspace } from "../../support/live/workspace.js";

function instance(name: string, body = ""): string {
  return `resource "mockcloud_instance" "${name}" {
  name = "${name}"
  ${body}
}
`;
}

const NAMES = ["updated", "gone", "replaced", "first_new", "old", "removed", "tainted", "deposed", "imported"];
const BEFORE = NAMES.map((name) =>
  instance(name, name === "deposed" ? `zone = "a"\n  lifecycle {\n    create_before_destroy = true\n  }` : ""),
).join("");

/** Every way in which core comes to a change. */
const AFTER = `
${instance("updated", `size = "large"`)}
${instance("replaced", `zone = "z"`)}
${instance("first_new", `zone = "z"\n  lifecycle {\n    create_before_destroy = true\n  }`)}
${instance("new", `size = "large"`)}
moved {
  from = mockcloud_instance.old
  to   = mockcloud_instance.new
}
removed {
  from = mockcloud_instance.removed
  lifecycle {
    destroy = true
  }
}
${instance("tainted")}
${instance("deposed", `zone = "b"\n  lifecycle {\n    create_before_destroy = true\n  }`)}
import {
  to = mockcloud_instance.imported
  id = "IMPORTED"
}
${instance("imported", `size = "large"`)}
${instance("created")}
`;
const CHANGED = [
  ...["updated", "gone", "replaced", "first_new", "new", "tainted", "deposed", "imported", "created"],
  "removed",
].map((name) => `mockcloud_instance.${name}`);

const DELETED = ["deposed", "gone", "removed"].map((name) => `mockcloud_instance.${name}`);

await describeLive("no change gets past a gate", (core) => {
  it.each(PROTOCOLS)("whatever core calls it, on protocol %i", async (protocol) => {
    // It has no such block: what is not there any more is deleted all the same.
    const isOld = core.name === "terraform" && core.version.startsWith("1.5.");
    const after = isOld ? AFTER.replace(/removed \{[^]*?\n\}\n/, "") : AFTER;
    const space = await workspace({ files: { "main.tf": withMockcloud(protocol, BEFORE) } });
    await space.init(core);
    await space.succeed(core, ["apply", "-auto-approve"]);
    const { stdout } = await space.run(core, ["state", "show", "-no-color", "mockcloud_instance.imported"]);
    const id = /\bid\s+= "(.*)"/.exec(stdout)?.[1] ?? expect.fail(stdout);
    await space.succeed(core, ["state", "rm", "mockcloud_instance.imported"]);
    await space.succeed(core, ["taint", "mockcloud_instance.tainted"]);
    // The new one is made, and the old one cannot be removed.
    const stuck = withMockcloud(protocol, BEFORE.replace(`zone = "a"`, `zone = "b"`), `fail_on = ["delete:deposed"]`);
    space.write({ "main.tf": stuck });
    const left = await space.run(core, ["apply", "-auto-approve", "-target=mockcloud_instance.deposed"]);
    expect(left.code, left.stdout).toBe(1);

    space.write({ "main.tf": withMockcloud(protocol, after.replace("IMPORTED", id)) });
    await space.succeed(core, ["plan", "-out=plain.plan"]);
    const before = space.calls().length;
    const changes = () =>
      space
        .calls()
        .slice(before)
        .filter(({ method }) => ["create", "update", "delete"].includes(method));

    const failing = async (action?: string) => {
      const hook = "post-plan-resource";
      space.write({ "airlock.hcl": recorder(space, { say: [{ hook, status: "fail", ...(action && { action }) }] }) });
      const { code, report } = await airlockReport(space, core, ["plan"]);
      expect(code).toBe(1);
      return report?.results.flatMap(({ status, address }) => (status === "fail" ? [String(address)] : [])) ?? [];
    };
    const deleted = await failing("delete");
    expect(deleted.sort()).toEqual(DELETED);
    // A provider of version 5 is not asked about deletions; core tells of them only in a plan that it could make.
    const all = new Set([...(await failing()), ...deleted]);
    expect([...all].sort()).toEqual([...CHANGED].sort());

    space.write({ "airlock.hcl": recorder(space, { say: [{ hook: "pre-apply-resource", status: "fail" }] }) });
    const refused = await airlock(space, core, ["apply", "plain.plan"]);
    expect(refused.code).toBe(1);
    expect(changes()).toEqual([]);

    takeEvents(space);
    // Core wrote the imports and moves, so its plan is stale.
    await space.succeed(core, ["plan", "-out=plain.plan"]);
    space.write({ "airlock.hcl": recorder(space) });
    const applied = await airlock(space, core, ["apply", "plain.plan"]);
    expect(applied.code, applied.stderr).toBe(0);
    const told = takeEvents(space)
      .filter(({ method }) => method === "pre-apply-resource")
      .map(({ params }) => `${String(params.action)} ${String(params.address)}`);
    const done = changes().map(({ method, name }) => `${method} ${name}`);
    expect(told).toHaveLength(done.length);
    expect([...new Set(told.map((one) => one.replace(/^\w+ /, "")))].sort()).toEqual([...CHANGED].sort());
  });
});
