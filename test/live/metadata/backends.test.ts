import { existsSync } from "node:fs";
import { join } from "node:path";
import { expect, it, onTestFinished } from "vitest";
import * as v from "valibot";
import { airlock } from "../../support/live/airlock.js";
import { describeLive } from "../../support/live/describe.js";
import { httpBackend } from "../../support/live/http-backend.js";
import { withMockcloud } from "../../support/live/mockcloud.js";
import { pgBackend } from "../../support/live/pg-backend.js";
import { postgresFolder } from "../../support/live/postgres.js";
import { recorder, takeEvents } from "../../support/live/recorder.js";
import type { StateBackend } from "../../support/live/state-backend.js";
import type { Core } from "../../support/live/tools.js";
import { workspace, type Workspace } from "../../support/live/workspace.js";

const MAIN = withMockcloud(6, `resource "mockcloud_instance" "one" {\n  name = "one"\n  size = "small"\n}`);
const hasPostgres = postgresFolder() !== null;
if (!hasPostgres) process.stderr.write("SKIPPED live tests of the pg backend: PostgreSQL is not installed\n");

async function project(backend: StateBackend, core: Core): Promise<Workspace> {
  onTestFinished(() => backend.end());
  const space = await workspace({ files: { "main.tf": MAIN, "backend.tf": backend.hcl } });
  space.write({ "airlock.hcl": recorder(space) });
  await space.init(core);
  return space;
}

const Resources = v.object({ resources: v.array(v.object({ type: v.string(), name: v.string() })) });

/** Names of the resources in the state that the backend has. */
async function held(backend: StateBackend): Promise<readonly string[] | null> {
  const text = await backend.state();
  if (text === null) return null;
  return v.parse(Resources, JSON.parse(text)).resources.map(({ type, name }) => `${type}.${name}`);
}

/** What an integration was told in one run of Airlock: hooks of resources, with their actions. */
async function told(space: Workspace, core: Core, args: readonly string[]): Promise<readonly string[]> {
  const { code, stdout, stderr } = await airlock(space, core, args);
  expect(code, `${stdout}\n${stderr}`).toBe(0);
  return takeEvents(space).flatMap(({ method, params }) =>
    /^post-(plan|apply)-resource$/.test(method) ? [`${method} ${String(params.address)} ${String(params.action)}`] : [],
  );
}

async function wholeLife(backend: StateBackend, space: Workspace, core: Core): Promise<void> {
  const one = "mockcloud_instance.one";
  expect(await told(space, core, ["plan"])).toEqual([`post-plan-resource ${one} create`]);
  expect(await told(space, core, ["apply", "-auto-approve"])).toEqual([
    `post-plan-resource ${one} create`,
    `post-apply-resource ${one} create`,
  ]);
  expect(await held(backend)).toEqual([one]);
  expect(existsSync(join(space.folder, "terraform.tfstate"))).toBe(false);

  const lock = await backend.hold();
  const refused = await airlock(space, core, ["apply", "-auto-approve", "-no-color"]);
  expect(refused.code).toBe(1);
  expect(refused.stderr).toContain("Error acquiring the state lock");
  expect(takeEvents(space).filter(({ method }) => method.endsWith("-resource"))).toEqual([]);
  await lock.release();

  expect(await told(space, core, ["apply", "-auto-approve"])).toEqual([`post-plan-resource ${one} no-op`]);
  expect(await told(space, core, ["destroy", "-auto-approve"])).toEqual([
    `post-plan-resource ${one} delete`,
    `post-apply-resource ${one} delete`,
  ]);
  expect(await held(backend)).toEqual([]);
}

await describeLive("runs over the http backend", (core) => {
  it("plan, apply and destroy, and leave a lock that somebody holds to him", async () => {
    const backend = await httpBackend();
    const space = await project(backend, core);
    await wholeLife(backend, space, core);
    expect(backend.locked).toBeNull();
    const refused = backend.requests.filter(({ status }) => status === 423);
    expect(refused).toMatchObject([{ method: "LOCK" }]);
    // Whatever is written is written under a lock.
    const writes = backend.requests.filter(({ method }) => method === "POST");
    expect(writes.length).toBeGreaterThan(0);
    for (const { lock } of writes) expect(lock).not.toBeNull();
  });

  it("fail where it refuses the state, which core then keeps beside the project", async () => {
    const backend = await httpBackend();
    const space = await project(backend, core);
    backend.refuseWrites(true);
    const refused = await airlock(space, core, ["apply", "-auto-approve", "-no-color"]);
    expect(refused.code).toBe(1);
    expect(refused.stderr).toContain("Failed to save state");
    expect(new Set(backend.requests.filter(({ method }) => method === "POST").map(({ status }) => status))).toEqual(
      new Set([500]),
    );
    expect(await backend.state()).toBeNull();

    backend.refuseWrites(false);
    await space.succeed(core, ["state", "push", "errored.tfstate"]);
    expect(await held(backend)).toEqual(["mockcloud_instance.one"]);
  });
});

await describeLive("runs over the pg backend", (core) => {
  it.skipIf(!hasPostgres)("plan, apply and destroy, and leave a lock that somebody holds to him", async () => {
    const backend = await pgBackend();
    await wholeLife(backend, await project(backend, core), core);
  });
});
