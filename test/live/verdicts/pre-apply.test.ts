import { expect, it } from "vitest";
import { airlock, airlockReport } from "../../support/live/airlock.js";
import { describeLive } from "../../support/live/describe.js";
import { PROTOCOLS, withMockcloud } from "../../support/live/mockcloud.js";
import { recorder, takeEvents } from "../../support/live/recorder.js";
import { readState, workspace, type Workspace } from "../../support/live/workspace.js";
import { jsIntegration } from "../../support/projects.js";

/** Says `fail` to the fifth resource that is about to be applied. */
const FIFTH = jsIntegration(
  `if (method !== "pre-apply-resource") return { status: "success" };
   count += 1;
   return count === 5 ? { status: "fail", message: "the fifth is one too many" } : { status: "success" };`,
  { hooks: ["pre-apply-resource"] },
  "let count = 0;",
);

const DECLARED = `integration "counter" {
  source = "./counter.js"
}
`;

function resources(count: number): string {
  return Array.from(
    { length: count },
    (_, at) => `resource "mockcloud_instance" "n${at}" {\n  name = "n${at}"\n}\n`,
  ).join("");
}

function created(space: Workspace): string[] {
  return space.calls().flatMap(({ method, name }) => (method === "create" ? [name] : []));
}

function inState(space: Workspace): string[] {
  // Now and then core leaves the name of something that was not made, without an instance.
  return readState(space).resources.flatMap(({ name, instances }) => (instances.length === 0 ? [] : [name]));
}

await describeLive("a pre-apply hook that fails", (core) => {
  it.each(PROTOCOLS)("on the fifth of ten lets four be created and no other, on protocol %i", async (protocol) => {
    const files = {
      "main.tf": withMockcloud(protocol, resources(10)),
      "airlock.hcl": DECLARED,
      "counter.js": FIFTH,
    };
    const space = await workspace({ files });
    await space.init(core);
    const args = ["apply", "-auto-approve", "-parallelism=1", "-no-color"];
    const { code, stderr, report } = await airlockReport(space, core, args);
    expect(code).toBe(1);

    const done = created(space);
    expect(done).toHaveLength(4);
    expect(inState(space).sort()).toEqual([...done].sort());
    const failed = report?.results.filter(({ status }) => status === "fail") ?? [];
    expect(failed).toMatchObject([{ integration: "counter", hook: "pre-apply-resource" }]);
    const address = failed[0]?.address ?? "";
    expect(done.map((name) => `mockcloud_instance.${name}`)).not.toContain(address);
    expect(report?.results).toHaveLength(5);

    // Core says it itself, at that resource; of the others it says why they were not tried.
    expect(stderr).toMatch(/Error: counter: the fifth is one too many\n\n {2}with (\S+),/);
    expect(stderr).toContain(`with ${address},`);
    expect(stderr.match(/^Error: not applied: the run was stopped$/gm)).toHaveLength(5);
    expect(stderr).toContain("FAIL");

    // Nothing was lost: the next run goes on where this one stopped.
    space.write({ "airlock.hcl": "" });
    const next = await airlock(space, core, ["apply", "-auto-approve"]);
    expect(next.code).toBe(0);
    expect(inState(space)).toHaveLength(10);
    expect(created(space)).toHaveLength(10);
  });

  it("lets nothing start that had not been let through, however many are applied at once", async () => {
    const main = withMockcloud(5, resources(30), "latency_ms = 100");
    const space = await workspace({ files: { "main.tf": main } });
    const say = [{ hook: "pre-apply-resource" as const, name: "n12", status: "fail" as const, message: "not this" }];
    space.write({ "airlock.hcl": recorder(space, { hooks: ["pre-apply-resource", "post-apply-resource"], say }) });
    await space.init(core);
    const { code } = await airlock(space, core, ["apply", "-auto-approve", "-parallelism=10"]);
    expect(code).toBe(1);

    const events = takeEvents(space);
    const asked = events.flatMap(({ method, params }) => (method === "pre-apply-resource" ? [params.address] : []));
    const stop = asked.indexOf("mockcloud_instance.n12");
    const done = created(space).map((name) => `mockcloud_instance.${name}`);
    expect(done).not.toContain("mockcloud_instance.n12");
    // The recorder sees events one by one: what it was asked after the failure came too late.
    expect(done.every((address) => asked.indexOf(address) < stop)).toBe(true);
    expect(inState(space)).toHaveLength(done.length);
    const finished = events.filter(({ method }) => method === "post-apply-resource");
    expect(finished).toHaveLength(done.length);
  });

  it("keeps what exists as it is, for an update, a replacement and a deletion", async () => {
    const project = (size: string, zone: string, more: string) => `
resource "mockcloud_instance" "changed" {
  name = "changed"
  size = "${size}"
}
resource "mockcloud_instance" "replaced" {
  name = "replaced"
  zone = "${zone}"
}
${more}`;
    const gone = `resource "mockcloud_bucket" "gone" {\n  name = "gone"\n}\n`;
    const space = await workspace({ files: { "main.tf": withMockcloud(6, project("s", "a", gone)) } });
    await space.init(core);
    await space.succeed(core, ["apply", "-auto-approve"]);
    const before = readState(space).resources;
    const calls = space.calls().length;
    const say = [{ hook: "pre-apply-resource" as const, status: "fail" as const, message: "leave it" }];
    space.write({ "main.tf": withMockcloud(6, project("m", "b", "")), "airlock.hcl": recorder(space, { say }) });
    const { code } = await airlock(space, core, ["apply", "-auto-approve"]);
    expect(code).toBe(1);
    const methods = new Set(
      space
        .calls()
        .slice(calls)
        .map(({ method }) => method),
    );
    for (const method of ["create", "update", "delete"] as const) expect([...methods]).not.toContain(method);
    expect(withoutPrivate(readState(space).resources)).toEqual(withoutPrivate(before));
  });
});

function withoutPrivate(resources: ReturnType<typeof readState>["resources"]): unknown {
  return resources.map(({ instances, ...rest }) => ({
    ...rest,
    instances: instances.map(({ attributes, status }) => ({ attributes, status })),
  }));
}
