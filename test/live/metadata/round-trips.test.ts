import { existsSync } from "node:fs";
import { join } from "node:path";
import * as v from "valibot";
import { expect, it, onTestFinished } from "vitest";
import { SIDECAR_FILE } from "../../../src/hosts/terraform/metadata/sidecar.js";
import { airlock } from "../../support/live/airlock.js";
import { describeLive } from "../../support/live/describe.js";
import { httpBackend } from "../../support/live/http-backend.js";
import { PROTOCOLS, withMockcloud, type Protocol } from "../../support/live/mockcloud.js";
import { pgBackend } from "../../support/live/pg-backend.js";
import { postgresFolder } from "../../support/live/postgres.js";
import type { StateBackend } from "../../support/live/state-backend.js";
import type { Core } from "../../support/live/tools.js";
import { workspace, type Workspace } from "../../support/live/workspace.js";
import { jsIntegration } from "../../support/projects.js";

/** Stores the name of each object when it first sees it, and leaves that as it is. */
const KEEPER = jsIntegration(
  `if (params.metadata.keeper !== undefined || params.after === null) return { status: "success" };
   return { status: "success", metadata: { name: params.after.name ?? params.after.input ?? "none" } };`,
  { hooks: ["post-plan-resource"] },
);
const FILES = { "airlock.hcl": `integration "keeper" {\n  source = "./keeper.js"\n}\n`, "keeper.js": KEEPER };

const Listed = v.array(v.object({ address: v.string(), data: v.object({ name: v.string() }), where: v.string() }));

/** What is stored, by address, as `airlock metadata list` has it. */
async function stored(space: Workspace, core: Core): Promise<Record<string, string>> {
  const { code, stdout, stderr } = await airlock(space, core, ["metadata", "list", "--format", "json"]);
  expect(code, stderr).toBe(0);
  const listed = v.parse(Listed, JSON.parse(stdout));
  return Object.fromEntries(listed.map(({ address, data, where }) => [address, `${data.name} ${where}`]));
}

function main(protocol: Protocol, body: string): string {
  return withMockcloud(protocol, body);
}

const instance = (label: string, name = label, more = ""): string =>
  `resource "mockcloud_instance" "${label}" {\n  name = "${name}"\n${more}}\n`;
const bucket = (label: string): string => `resource "mockcloud_bucket" "${label}" {\n  name = "${label}"\n}\n`;
const BESIDE = `
resource "mockcloud_token" "text" {
  name = "text"
}
resource "terraform_data" "inside" {
  input = "inside"
}
`;
const ASIDE = { "mockcloud_token.text": "text sidecar", "terraform_data.inside": "inside sidecar" };

/** One life of a few resources; what is stored is looked at after every step. */
async function wholeLife(
  core: Core,
  protocol: Protocol,
  backend: StateBackend | null,
  hasWorkspaces = true,
): Promise<void> {
  const space = await workspace({ files: { ...FILES, "backend.tf": backend?.hcl ?? "" } });
  const write = (body: string): void => {
    space.write({ "main.tf": main(protocol, body) });
  };
  const judged = async (...args: string[]): Promise<void> => {
    const { code, stdout, stderr } = await airlock(space, core, [...args, "-no-color"]);
    expect(code, `${args.join(" ")}\n${stdout}${stderr}`).toBe(0);
  };
  const plain = (...args: string[]) => space.succeed(core, [...args, "-no-color"]);
  const holds = async (expected: Record<string, string>): Promise<void> => {
    expect(await stored(space, core)).toEqual({ ...ASIDE, ...expected });
  };
  const two = instance("a") + instance("b", "b", `  zone = "one"\n`);

  write(two + BESIDE);
  await space.init(core);
  await judged("apply", "-auto-approve");
  await holds({ "mockcloud_instance.a": "a state", "mockcloud_instance.b": "b state" });

  // Somebody else, without Airlock.
  write(two + bucket("c") + BESIDE);
  await plain("apply", "-auto-approve");
  await holds({ "mockcloud_instance.a": "a state", "mockcloud_instance.b": "b state" });
  expect((await space.run(core, ["plan", "-detailed-exitcode"])).code).toBe(0);

  await judged("apply", "-auto-approve", "-refresh-only");
  await holds({ "mockcloud_instance.a": "a state", "mockcloud_instance.b": "b state" });
  await judged("apply", "-auto-approve");
  const three = { "mockcloud_instance.b": "b state", "mockcloud_bucket.c": "c state" };
  await holds({ ...three, "mockcloud_instance.a": "a state" });

  await plain("state", "mv", "mockcloud_instance.a", "mockcloud_instance.moved");
  await holds({ ...three, "mockcloud_instance.moved": "a state" });
  const moved = `moved {\n  from = mockcloud_instance.moved\n  to   = mockcloud_instance.last\n}\n`;
  const rest = instance("b", "b", `  zone = "one"\n`) + bucket("c") + BESIDE;
  write(instance("last", "a") + moved + rest);
  await judged("apply", "-auto-approve");
  await holds({ ...three, "mockcloud_instance.last": "a state" });

  // Replaced: by request, as tainted, and by a change that the provider cannot make otherwise.
  await judged("apply", "-auto-approve", "-replace=mockcloud_instance.last");
  await plain("taint", "mockcloud_bucket.c");
  await judged("apply", "-auto-approve");
  write(instance("last", "a") + rest.replace(`"one"`, `"two"`));
  await judged("apply", "-auto-approve");
  await holds({ ...three, "mockcloud_instance.last": "a state" });

  // Changed in place, also by plain core.
  write(instance("last", "renamed") + rest.replace(`"one"`, `"two"`));
  await plain("apply", "-auto-approve");
  await holds({ ...three, "mockcloud_instance.last": "a state" });

  if (hasWorkspaces) {
    await plain("workspace", "new", "other");
    expect(await stored(space, core)).toEqual({});
    await plain("workspace", "select", "default");
    await holds({ ...three, "mockcloud_instance.last": "a state" });
  }

  await judged("destroy", "-auto-approve");
  expect(await stored(space, core)).toEqual({});
  expect(existsSync(join(space.folder, SIDECAR_FILE))).toBe(false);
}

await describeLive("what is stored is where it must be after every step", (core) => {
  it.each(PROTOCOLS)("of a life on local state, on protocol %i", async (protocol) => {
    await wholeLife(core, protocol, null);
  });

  it("of a life on the http backend", async () => {
    const backend = await httpBackend();
    onTestFinished(() => backend.end());
    await wholeLife(core, 6, backend, false);
  });

  it.skipIf(postgresFolder() === null)("of a life on the pg backend", async () => {
    const backend = await pgBackend();
    onTestFinished(() => backend.end());
    await wholeLife(core, 5, backend);
  });

  it("of an import, by command", async () => {
    const space = await workspace({ files: { ...FILES, "main.tf": main(6, instance("a")) } });
    await space.init(core);
    expect((await airlock(space, core, ["apply", "-auto-approve"])).code).toBe(0);
    const { stdout } = await space.succeed(core, ["state", "show", "-no-color", "mockcloud_instance.a"]);
    const id = /\bid\s+= "([^"]+)"/.exec(stdout)?.[1] ?? expect.fail(stdout);
    await space.succeed(core, ["state", "rm", "mockcloud_instance.a"]);
    expect(await stored(space, core)).toEqual({});
    expect((await airlock(space, core, ["import", "mockcloud_instance.a", id])).code).toBe(0);
    expect((await airlock(space, core, ["apply", "-auto-approve"])).code).toBe(0);
    expect(await stored(space, core)).toEqual({ "mockcloud_instance.a": "a state" });
  });
});

await describeLive("where nobody attaches anything", (core) => {
  it.each(PROTOCOLS)("the state is byte for byte what plain core writes, on protocol %i", async (protocol) => {
    const silent = jsIntegration(`return { status: "success" };`, {
      hooks: ["post-plan-resource", "post-apply-resource"],
    });
    const space = await workspace({
      files: { ...FILES, "keeper.js": silent, "main.tf": main(protocol, instance("a") + bucket("b") + BESIDE) },
    });
    await space.init(core);
    expect((await airlock(space, core, ["apply", "-auto-approve"])).code).toBe(0);
    const { stdout } = await space.succeed(core, ["state", "pull"]);
    expect(stdout).not.toContain(Buffer.from("airlock").toString("base64").slice(0, 8));
    const privates = [...stdout.matchAll(/"private": "([^"]*)"/g)].map(([, text = ""]) => Buffer.from(text, "base64"));
    for (const bytes of privates) expect(bytes.includes("airlock")).toBe(false);
    expect(existsSync(join(space.folder, SIDECAR_FILE))).toBe(false);
  });
});
