import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import * as v from "valibot";
import { expect, it } from "vitest";
import { SIDECAR_FILE } from "../../../src/hosts/terraform/metadata/sidecar.js";
import { airlock, airlockReport } from "../../support/live/airlock.js";
import { describeLive } from "../../support/live/describe.js";
import { PROTOCOLS, withMockcloud, type Protocol } from "../../support/live/mockcloud.js";
import type { Core } from "../../support/live/tools.js";
import { workspace, type Workspace } from "../../support/live/workspace.js";
import { jsIntegration } from "../../support/projects.js";

const FRAMEWORK: Protocol = 6;
const ADDRESS = "mockcloud_instance.one";
const ATTACHES = jsIntegration(`return { status: "success", metadata: { seen: true } };`, {
  hooks: ["post-plan-resource"],
});

function declared(more = ""): string {
  return `integration "one" {\n  source = "./one.js"\n  ${more}\n}\n`;
}

/** A project of one resource, applied by plain core where `applied`. */
async function project(core: Core, code: string, { more = "", protocol = FRAMEWORK, applied = true } = {}) {
  const main = withMockcloud(protocol, `resource "mockcloud_instance" "one" {\n  name = "one"\n}\n`);
  const space = await workspace({ files: { "main.tf": main, "airlock.hcl": declared(more), "one.js": code } });
  await space.init(core);
  if (applied) await space.succeed(core, ["apply", "-auto-approve"]);
  return space;
}

const State = v.looseObject({
  resources: v.array(v.looseObject({ instances: v.array(v.looseObject({ private: v.optional(v.string()) })) })),
});

function privateIn(space: Workspace): string {
  const state = v.parse(State, JSON.parse(readFileSync(join(space.folder, "terraform.tfstate"), "utf8")));
  return Buffer.from(state.resources[0]?.instances[0]?.private ?? "", "base64").toString();
}

/** What somebody wrote into the private bytes by hand. */
function writePrivate(space: Workspace, bytes: string): void {
  const path = join(space.folder, "terraform.tfstate");
  const state = v.parse(State, JSON.parse(readFileSync(path, "utf8")));
  for (const { instances } of state.resources) {
    for (const instance of instances) instance.private = Buffer.from(bytes).toString("base64");
  }
  writeFileSync(path, JSON.stringify(state));
}

/** Puts data of `one` into the state, as a run of a version of it would have. */
async function store(space: Workspace, core: Core, data: object, version: number): Promise<void> {
  const file = { format: 1, metadata: { [ADDRESS]: { one: { version, data } } } };
  space.write({ "export.json": JSON.stringify(file) });
  const { code, stderr } = await airlock(space, core, ["metadata", "import", "export.json"]);
  expect(code, stderr).toBe(0);
}

const Listed = v.array(v.object({ address: v.string(), version: v.number(), data: v.unknown() }));

async function listed(space: Workspace, core: Core) {
  const { stdout } = await airlock(space, core, ["metadata", "list", "--format", "json"]);
  return v.parse(Listed, JSON.parse(stdout));
}

await describeLive("what somebody else wrote under our key", (core) => {
  it.each(PROTOCOLS)("is told with its address, and stays, on protocol %i", async (protocol) => {
    const theirs = '{"airlock":"theirs","k":1}';
    const space = await project(core, ATTACHES, { more: 'on_error = "warn"', protocol });
    writePrivate(space, theirs);
    const { code, stdout, stderr } = await airlock(space, core, ["apply", "-auto-approve", "-no-color"]);
    expect(code, stderr).toBe(0);
    expect(stdout + stderr).toContain("METADATA_FOREIGN");
    expect(stdout + stderr).toContain(ADDRESS);
    expect(privateIn(space)).toBe(theirs);
  });

  it("fails the run of an integration that has to store something there", async () => {
    const space = await project(core, ATTACHES);
    writePrivate(space, '{"airlock":{"v":1}}');
    const { code, report } = await airlockReport(space, core, ["plan", "-no-color"]);
    expect(code).toBe(1);
    expect(report?.results).toMatchObject([{ integration: "one", address: ADDRESS, status: "error" }]);
    expect(report?.results[0]?.message).toContain("METADATA_FOREIGN");
    expect(privateIn(space)).toBe('{"airlock":{"v":1}}');
  });
});

await describeLive("more than may be stored for one resource", (core) => {
  it("fails the plan, and nothing is made", async () => {
    const large = jsIntegration(`return { status: "success", metadata: { text: "x".repeat(17 * 1024) } };`, {
      hooks: ["post-plan-resource"],
    });
    const space = await project(core, large, { applied: false });
    const { code, stdout, stderr } = await airlock(space, core, ["apply", "-auto-approve", "-no-color"]);
    expect(code).toBe(1);
    expect(stdout + stderr).toContain("RUNTIME_METADATA_TOO_LARGE");
    expect(space.calls().map(({ method }) => method)).not.toContain("create");

    space.write({ "airlock.hcl": declared('metadata_size = "20KiB"') });
    expect((await airlock(space, core, ["apply", "-auto-approve"])).code).toBe(0);
    expect(await listed(space, core)).toMatchObject([{ address: ADDRESS }]);
  });
});

await describeLive("what another version of an integration stored", (core) => {
  const MIGRATES = jsIntegration(
    `if (method === "migrate-metadata") return { metadata: { total: params.metadata.cost, times: (params.metadata.times ?? 0) + 1 } };
     return { status: "success" };`,
    { hooks: ["post-plan-resource"], metadata_version: 2 },
  );

  it("is migrated once, when it is older", async () => {
    const space = await project(core, MIGRATES);
    await store(space, core, { cost: 12 }, 1);
    for (let run = 0; run < 2; run += 1) {
      expect((await airlock(space, core, ["apply", "-auto-approve"])).code).toBe(0);
      expect(await listed(space, core)).toMatchObject([{ version: 2, data: { total: 12, times: 1 } }]);
    }
  });

  it("is an error that names both versions, when it is newer", async () => {
    const space = await project(core, MIGRATES);
    await store(space, core, { total: 1 }, 3);
    const before = privateIn(space);
    const { code, stdout, stderr } = await airlock(space, core, ["plan", "-no-color"]);
    expect(code).toBe(1);
    expect((stdout + stderr).replaceAll(/\s+/g, " ")).toMatch(/version 3, and it knows up to 2/);
    expect(stdout + stderr).toContain("RUNTIME_METADATA_NEWER");
    expect(privateIn(space)).toBe(before);
  });
});

await describeLive("a state with metadata in it", (core) => {
  it.each(PROTOCOLS)(
    "is planned, changed and destroyed by plain core as any other, on protocol %i",
    async (protocol) => {
      const space = await project(core, ATTACHES, { protocol });
      await store(space, core, { note: "kept", __proto__: null }, 0);
      expect((await space.run(core, ["plan", "-detailed-exitcode"])).code).toBe(0);
      const changed = withMockcloud(protocol, `resource "mockcloud_instance" "one" {\n  name = "other"\n}\n`);
      space.write({ "main.tf": changed });
      await space.succeed(core, ["apply", "-auto-approve"]);
      expect(await listed(space, core)).toMatchObject([{ address: ADDRESS, data: { note: "kept" } }]);
      await space.succeed(core, ["destroy", "-auto-approve"]);
      expect(await listed(space, core)).toEqual([]);
    },
  );
});

await describeLive("a sidecar that is damaged", (core) => {
  it("stops a run before core starts, and is left as it is", async () => {
    const space = await project(core, ATTACHES);
    const path = join(space.folder, SIDECAR_FILE);
    mkdirSync(join(path, ".."));
    writeFileSync(path, "{");
    const { code, stderr } = await airlock(space, core, ["plan"]);
    expect(code).toBe(1);
    expect(stderr).toContain("METADATA_SIDECAR");
    expect(readFileSync(path, "utf8")).toBe("{");
  });
});
