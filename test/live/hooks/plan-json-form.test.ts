import { expect, it } from "vitest";
import * as v from "valibot";
import { airlock } from "../../support/live/airlock.js";
import { describeLive } from "../../support/live/describe.js";
import { PROTOCOLS, withMockcloud } from "../../support/live/mockcloud.js";
import { recorder, takeEvents, type Recorded } from "../../support/live/recorder.js";
import type { Core } from "../../support/live/tools.js";
import { workspace, type Workspace } from "../../support/live/workspace.js";
import { TOKEN } from "../../support/tokens.js";

/** Values of every form, known and not: `size` and `zone` are what changes. */
function project(size: string, zone: string, more = ""): string {
  return `
variable "secret" {
  default   = "a secret of the variable"
  sensitive = true
}
resource "mockcloud_bucket" "base" {
  name = "base"
  rule {
    prefix = "b/"
    days   = 7
  }
  rule {
    prefix = "a/"
  }
  versioning {
    enabled = true
  }
}
resource "mockcloud_instance" "web" {
  name     = "web"
  size     = "${size}"
  password = "a password"
  tags = {
    owner  = "team"
    bucket = mockcloud_bucket.base.id
  }
  disk {
    size = 10
    type = mockcloud_bucket.base.arn
  }
  disk {
    size = 0.5
  }
}
resource "mockcloud_instance" "zoned" {
  name = "zoned"
  zone = "${zone}"
}
resource "mockcloud_counter" "any" {
  name    = "any"
  value   = 3
  payload = { list = [1, "two", null, true], id = mockcloud_bucket.base.id, deep = { a = {}, secret = var.secret } }
}
resource "mockcloud_token" "opaque" {
  name = "opaque"
}
resource "mockcloud_flaky" "empty" {
  name = ""
}
resource "terraform_data" "inside" {
  input = { size = "${size}" }
}
${more}`;
}

const ShownSchema = v.object({
  resource_changes: v.array(
    v.object({
      address: v.string(),
      mode: v.string(),
      type: v.string(),
      name: v.string(),
      provider_name: v.string(),
      change: v.object({
        actions: v.array(v.string()),
        before: v.unknown(),
        after: v.unknown(),
        after_unknown: v.unknown(),
        before_sensitive: v.unknown(),
        after_sensitive: v.unknown(),
      }),
    }),
  ),
  configuration: v.object({
    root_module: v.object({
      resources: v.array(v.object({ address: v.string(), expressions: v.record(v.string(), v.unknown()) })),
    }),
  }),
});

const POST = "post-plan-resource";

const GONE = `
resource "mockcloud_bucket" "gone" {
  name = "gone"
}
`;

const ToldSchema = v.object({
  config: v.nullable(v.object({ expressions: v.record(v.string(), v.unknown()) })),
  sensitive: v.array(v.array(v.unknown())),
});
type Shown = v.InferOutput<typeof ShownSchema>;

function entriesOf(value: unknown): [string, unknown][] {
  return typeof value === "object" && value !== null ? Object.entries(value) : [];
}

/** What must stand in an event for a value of the plan's JSON; written here anew, so that it is no copy of what it tests. */
function hidden(value: unknown, marks: unknown): unknown {
  if (value === null) return null;
  if (marks === true) return TOKEN;
  const byKey = new Map(entriesOf(marks));
  if (Array.isArray(value)) return value.map((part: unknown, at) => hidden(part, byKey.get(String(at))));
  if (typeof value !== "object") return value;
  return Object.fromEntries(entriesOf(value).map(([key, part]) => [key, hidden(part, byKey.get(key))]));
}

/** Where it says so. */
function hiddenPaths(value: unknown): string[] {
  if (value === TOKEN) return ["[]"];
  const steps = entriesOf(value).map(([key, part]) => [Array.isArray(value) ? Number(key) : key, part] as const);
  return steps.flatMap(([step, part]) =>
    hiddenPaths(part).map((path) => JSON.stringify([step, ...(JSON.parse(path) as unknown[])])),
  );
}

/** The arguments that the configuration gives as constants, and null for a reference: what it comes to is a value then. */
function checkConfig(told: ReadonlyMap<unknown, Recorded["params"]>, { configuration }: Shown): void {
  for (const { address, expressions } of configuration.root_module.resources) {
    const { config, sensitive } = v.parse(ToldSchema, told.get(address));
    for (const [name, expression] of Object.entries(expressions)) {
      const constant = new Map(entriesOf(expression)).get("constant_value");
      if (constant === undefined) continue;
      const isSecret = sensitive.some((path) => path.length === 1 && path[0] === name);
      const expected = { constant_value: isSecret ? TOKEN : constant };
      expect({ address, [name]: config?.expressions[name] }).toEqual({ address, [name]: expected });
    }
  }
}

function actionOf(actions: readonly string[]): string {
  return actions.length === 2 ? "replace" : (actions[0] ?? "");
}

async function compare(space: Workspace, core: Core): Promise<{ events: readonly Recorded[]; actions: Set<string> }> {
  const { code, stderr } = await airlock(space, core, ["plan", "-out=saved.tfplan"]);
  expect(stderr).toContain("PASS");
  expect(code).toBe(0);
  const { stdout } = await space.succeed(core, ["show", "-json", "saved.tfplan"]);
  const shown = v.parse(ShownSchema, JSON.parse(stdout));
  const events = takeEvents(space);
  const told = new Map(
    events.flatMap(({ method, params }) => (method === POST ? [[params.address, params] as const] : [])),
  );
  expect([...told.keys()].sort()).toEqual(shown.resource_changes.map(({ address }) => address).sort());
  for (const { address, change, provider_name: source, ...rest } of shown.resource_changes) {
    const before = hidden(change.before, change.before_sensitive);
    const after = hidden(change.after, change.after_sensitive);
    const paths = new Set([...hiddenPaths(before), ...hiddenPaths(after)]);
    const event = told.get(address);
    expect(event).toMatchObject({ ...rest, module: null, provider: { source, alias: null } });
    expect(event).toMatchObject({ action: actionOf(change.actions), metadata: {} });
    expect({ address, before: event?.["before"] }).toEqual({ address, before });
    expect({ address, after: event?.["after"] }).toEqual({ address, after });
    expect({ address, unknown: event?.["after_unknown"] }).toEqual({ address, unknown: change.after_unknown });
    const sensitive = (event?.["sensitive"] as unknown[]).map((path) => JSON.stringify(path));
    expect({ address, sensitive: sensitive.sort() }).toEqual({ address, sensitive: [...paths].sort() });
  }
  checkConfig(told, shown);
  return { events, actions: new Set(shown.resource_changes.map(({ change }) => actionOf(change.actions))) };
}

await describeLive("events of a plan", (core) => {
  it.each(PROTOCOLS)("say what the plan's JSON says, on protocol %i", async (protocol) => {
    const space = await workspace({ files: { "main.tf": withMockcloud(protocol, project("s", "a", GONE)) } });
    space.write({ "airlock.hcl": recorder(space) });
    await space.init(core);
    expect((await compare(space, core)).actions).toEqual(new Set(["create"]));
    await space.succeed(core, ["apply", "saved.tfplan"]);
    space.write({ "main.tf": withMockcloud(protocol, project("m", "b")) });
    const { events, actions } = await compare(space, core);
    expect(actions).toEqual(new Set(["update", "replace", "delete", "no-op"]));

    // In front of a plan the past is known and nothing else.
    const pre = events.filter(({ method }) => method === "pre-plan-resource");
    const told = new Map(events.flatMap(({ method, params }) => (method === POST ? [[params.address, params]] : [])));
    expect(pre.map(({ params }) => params.address).sort()).toEqual([...told.keys()].sort());
    for (const { params } of pre) {
      const { before, provider, mode } = told.get(params.address) ?? {};
      expect(params).toMatchObject({ before, provider, mode, after: null, after_unknown: null });
    }
    // The whole at the end is made of the very same views.
    const whole = events.find(({ method }) => method === "plan-stage-complete")?.params.resources ?? [];
    expect(whole).toHaveLength(told.size);
    for (const view of whole) {
      const { address, action, before, after, after_unknown } = told.get(view.address) ?? {};
      expect(view).toMatchObject({ address, action, before, after, after_unknown });
    }
  });
});
