import { Validator } from "@cfworker/json-schema";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { airlock } from "../../support/live/airlock.js";
import { describeLive } from "../../support/live/describe.js";
import { withMockcloud } from "../../support/live/mockcloud.js";
import type { Protocol } from "../../support/live/mockcloud.js";
import type { Core } from "../../support/live/tools.js";
import { readState, workspace } from "../../support/live/workspace.js";
import type { Workspace } from "../../support/live/workspace.js";

const KEY = "integration_metadata";
const KEYED = 'mockcloud_instance.a["x y"]';
const IN_MODULE = "module.m.mockcloud_bucket.b";

/** Values that try to look like what core prints, and numbers that a double has no room for. */
function project(protocol: Protocol): Record<string, string> {
  const source = protocol === 5 ? "airlock/mockcloud" : "airlock/mockcloud6";
  return {
    "main.tf": withMockcloud(
      protocol,
      `
resource "mockcloud_instance" "a" {
  for_each = toset(["x y", "z"])
  name     = each.key
  tags     = { note = "one\\n# mockcloud_token.t:\\n}\\ntwo" }
}
resource "mockcloud_token" "t" { name = "t" }
resource "terraform_data" "d" { input = 12345678901234567890 }
module "m" { source = "./m" }
output "o" { value = "a\\n# mockcloud_token.t:\\nb" }
`,
    ),
    "m/main.tf": `terraform {
  required_providers { mockcloud = { source = "${source}" } }
}
resource "mockcloud_bucket" "b" { name = "b" }
`,
  };
}

async function applied(core: Core, protocol: Protocol, files: Record<string, string> = {}): Promise<Workspace> {
  const space = await workspace({ files: project(protocol) });
  await space.init(core);
  await space.succeed(core, ["apply", "-auto-approve"]);
  space.write(files);
  return space;
}

/** Runs airlock, and rejects with what it printed unless it ends with 0. */
async function ask(space: Workspace, core: Core, ...args: readonly string[]): Promise<string> {
  const { code, stdout, stderr } = await airlock(space, core, args);
  if (code !== 0) throw new Error(`${args.join(" ")} ended with ${String(code)}\n${stdout}\n${stderr}`);
  return stdout;
}

async function setAll(space: Workspace, core: Core): Promise<void> {
  for (const [at, address] of [KEYED, "mockcloud_token.t", "terraform_data.d", IN_MODULE].entries()) {
    await ask(space, core, "metadata", "set", address, "--integration", "cost", JSON.stringify({ monthly: at + 1 }));
  }
}

function without(text: string): unknown {
  return JSON.parse(text, (_key, value: unknown) => {
    if (typeof value !== "object" || value === null || Array.isArray(value)) return value;
    return Object.fromEntries(Object.entries(value).filter(([key]) => key !== KEY));
  });
}

const schema = JSON.parse(readFileSync("docs/schemas/show.schema.json", "utf8")) as object;

function expectShown(annotated: string, plain: string, count: number): void {
  const { valid, errors } = new Validator(schema, "2020-12", false).validate(JSON.parse(annotated));
  expect(errors).toEqual([]);
  expect(valid).toBe(true);
  expect(without(annotated)).toEqual(JSON.parse(plain));
  expect((JSON.parse(annotated) as Record<string, unknown>)[KEY]).toEqual({
    resources: count,
    integrations: { cost: { resources: count } },
  });
}

await describeLive("asking for metadata", (core) => {
  it.each<Protocol>([5, 6])(
    "protocol %i: stored by core itself, shown, moved, removed, without a trace",
    async (protocol) => {
      const space = await applied(core, protocol);
      const before = { state: readState(space), shown: (await space.succeed(core, ["show", "-no-color"])).stdout };
      expect(await ask(space, core, "show", "-no-color")).toBe(before.shown);
      await setAll(space, core);
      const rows = JSON.parse(await ask(space, core, "metadata", "list", "--format", "json")) as Record<
        string,
        unknown
      >[];
      expect(rows.map(({ address, where, data }) => [address, where, data])).toEqual([
        [KEYED, "state", { monthly: 1 }],
        ["mockcloud_token.t", "sidecar", { monthly: 2 }],
        [IN_MODULE, "state", { monthly: 4 }],
        ["terraform_data.d", "sidecar", { monthly: 3 }],
      ]);
      // Core itself sees no difference, and neither do its providers.
      expect((await space.run(core, ["plan", "-detailed-exitcode", "-input=false"])).code).toBe(0);

      const text = await ask(space, core, "show", "-no-color");
      const added = text.split("\n").filter((line) => /^ {4}(?:cost = \{|# integration)/.test(line));
      expect(added).toHaveLength(8);
      const owners = [...text.matchAll(/^# (.+):$(?:(?!^# )[^])*?^ {4}cost = \{\n {8}"monthly": (\d)/gm)];
      expect(owners.map(([, address, monthly]) => `${address ?? ""} ${monthly ?? ""}`)).toEqual([
        `${KEYED} 1`,
        "mockcloud_token.t 2",
        "terraform_data.d 3",
        `${IN_MODULE} 4`,
      ]);
      expectShown(await ask(space, core, "show", "-json"), (await space.succeed(core, ["show", "-json"])).stdout, 4);

      await ask(space, core, "metadata", "export", "all.json");
      await ask(space, core, "metadata", "rm", "*");
      expect(existsSync(join(space.folder, ".airlock", "metadata.json"))).toBe(false);
      expect(readState(space).resources).toEqual(before.state.resources);
      expect(await ask(space, core, "show", "-no-color")).toBe(before.shown);
      expect((await airlock(space, core, ["metadata", "diff", "all.json"])).code).toBe(1);
      await ask(space, core, "metadata", "import", "all.json");
      expect(await ask(space, core, "metadata", "diff", "all.json")).toBe("");
    },
  );

  it("is in what core shows of a plan, in text and in JSON", async () => {
    const space = await applied(core, 6);
    await setAll(space, core);
    await space.succeed(core, ["plan", "-out=a.tfplan", `-replace=${KEYED}`, "-replace=mockcloud_token.t"]);
    const plain = (await space.succeed(core, ["show", "-json", "a.tfplan"])).stdout;
    const shown = await ask(space, core, "show", "-json", "a.tfplan");
    expectShown(shown, plain, 4);
    const { resource_changes: changes } = JSON.parse(shown) as { resource_changes: Record<string, unknown>[] };
    expect(changes.find(({ address }) => address === KEYED)?.[KEY]).toEqual({ cost: { monthly: 1 } });
    const text = await ask(space, core, "show", "-no-color", "a.tfplan");
    expect(text.match(/^ {8}cost = \{$/gm)).toHaveLength(2);
    const ours = /^ {8}(?:# integration metadata|cost = \{|\}| {4}"monthly": \d)\n/gm;
    const own = (await space.succeed(core, ["show", "-no-color", "a.tfplan"])).stdout;
    expect(text.replace(/^ {8}# integration metadata\n {8}cost = \{\n {12}"monthly": \d\n {8}\}\n/gm, "")).toBe(own);
    expect(text).toMatch(ours);
  });

  it("stands beside each instance of state pull, which can be pushed as it is", async () => {
    const space = await applied(core, 6);
    await setAll(space, core);
    const pulled = await ask(space, core, "state", "pull");
    expect(without(pulled)).toEqual(JSON.parse((await space.succeed(core, ["state", "pull"])).stdout));
    expect(pulled.match(/"integration_metadata":\{"cost":/g)).toHaveLength(4);
    space.write({ "pulled.json": pulled });
    await ask(space, core, "state", "push", "pulled.json");
    expect(readFileSync(join(space.folder, "terraform.tfstate"), "utf8")).not.toContain(KEY);
    expect(JSON.parse(await ask(space, core, "metadata", "get", IN_MODULE))).toEqual({ cost: { monthly: 4 } });
  });

  it("follows moves, workspaces and -chdir, and keeps every digit", async () => {
    const space = await applied(core, 6);
    await setAll(space, core);
    await space.succeed(core, ["state", "mv", IN_MODULE, "mockcloud_bucket.moved"]);
    expect(JSON.parse(await ask(space, core, "metadata", "get", "mockcloud_bucket.moved"))).toEqual({
      cost: { monthly: 4 },
    });
    expect(readFileSync(join(space.folder, "terraform.tfstate"), "utf8")).toContain("12345678901234567890");
    await space.succeed(core, ["workspace", "new", "other"]);
    expect(await ask(space, core, "metadata", "list")).toBe("");
    const list = await airlock(space, core, ["-chdir=../project", "metadata", "list", "mockcloud_bucket.moved"], {
      cwd: space.temporary,
      env: { TF_WORKSPACE: "default" },
    });
    expect(list.code).toBe(0);
    expect(list.stdout).toContain("mockcloud_bucket.moved");
    await space.succeed(core, ["-chdir=.", "workspace", "select", "default"]);
  });

  it("works where core alone refuses the configuration", async () => {
    const space = await applied(core, 6, {
      "ours.tf": 'terraform {\n  integration "cost" {\n    source = "./cost.js"\n  }\n}\n',
    });
    expect((await space.run(core, ["state", "pull"])).code).not.toBe(0);
    // Core makes its place in the shadow; that there is no such integration shows only then.
    await airlock(space, core, ["init", "-input=false"]);
    await setAll(space, core);
    expect(await ask(space, core, "metadata", "list", "--orphans")).toBe("");
    expect(await ask(space, core, "show", "-no-color")).toContain('"monthly": 4');
    expect((await ask(space, core, "state", "pull")).match(/"integration_metadata"/g)).toHaveLength(4);
    expect(JSON.parse(readFileSync(join(space.folder, "terraform.tfstate"), "utf8"))).toMatchObject({ version: 4 });
  });

  it("tells core's reason when the state is locked or not to be had, and changes nothing", async () => {
    const space = await applied(core, 6);
    const state = readFileSync(join(space.folder, "terraform.tfstate"), "utf8");
    space.write({
      "slow.tf":
        'resource "terraform_data" "slow" {\n  provisioner "local-exec" {\n    command = "echo locked now; cat > /dev/null < gate"\n  }\n}\n',
    });
    await space.succeed("mkfifo", ["gate"]);
    const running = space.start(core, ["apply", "-auto-approve"]);
    await running.printed("locked now");
    const refused = await airlock(space, core, ["metadata", "set", IN_MODULE, "--integration", "cost", "{}"]);
    expect([refused.code, refused.stderr.includes("(METADATA_STATE)")]).toEqual([2, true]);
    expect(refused.stderr).toContain("lock");
    await space.succeed("sh", ["-c", "echo > gate"]);
    expect((await running.ended).code).toBe(0);
    expect(await ask(space, core, "metadata", "list")).toBe("");
    space.write({ "terraform.tfstate": "{" });
    const unread = await airlock(space, core, ["metadata", "list"]);
    expect([unread.code, unread.stderr.includes("(METADATA_STATE)")]).toEqual([2, true]);
    space.write({ "terraform.tfstate": state });
  });
});
