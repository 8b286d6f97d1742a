import { expect, it } from "vitest";
import { airlock, airlockReport } from "../../support/live/airlock.js";
import { describeLive } from "../../support/live/describe.js";
import { withMockcloud } from "../../support/live/mockcloud.js";
import { recorder, takeRecorded, type Recorded } from "../../support/live/recorder.js";
import type { Core } from "../../support/live/tools.js";
import { attributesOf, readState, workspace, type Workspace } from "../../support/live/workspace.js";
import { TOKEN } from "../../support/tokens.js";

const VARIABLE = "s3cr3t of the variable";
const PASSWORD = "pass word of the instance";
const PROVIDER_TOKEN = "token of the provider";
const WRITTEN = [VARIABLE, PASSWORD, PROVIDER_TOKEN].flatMap((secret) => [
  secret,
  Buffer.from(secret).toString("base64"),
]);
const GIVEN = { env: { TF_VAR_secret: VARIABLE } };

function project(more = ""): string {
  const body = `
variable "secret" {
  type      = string
  sensitive = true
}
data "mockcloud_secret" "read" {
  name = "read"
}
resource "mockcloud_bucket" "keys" {
  name = "keys"
}
resource "mockcloud_instance" "uses" {
  name     = "uses"
  password = "${PASSWORD}"
  tags = {
    inside  = "with \${var.secret}"
    encoded = base64encode(var.secret)
    key     = mockcloud_bucket.keys.access_key
  }
}
resource "mockcloud_counter" "nested" {
  name    = "nested"
  payload = { list = [{ deep = var.secret }] }
}
resource "terraform_data" "inside" {
  input = var.secret
}
${more}`;
  return withMockcloud(6, body, `token = "${PROVIDER_TOKEN}"`);
}

/** A resource that is made of secrets that are known while it is planned. */
const MADE_OF_KNOWN = `
resource "mockcloud_instance" "late" {
  name = "late"
  size = mockcloud_bucket.keys.access_key
  tags = {
    data  = data.mockcloud_secret.read.value
    other = mockcloud_instance.uses.password
  }
}
`;

/** What the cloud made secret, in the state. */
function madeSecret(space: Workspace): string[] {
  const secret = readState(space).resources.find(({ type }) => type === "mockcloud_secret");
  const key = attributesOf(space, "mockcloud_bucket", "keys")?.["access_key"];
  return [key, secret?.instances[0]?.attributes["value"]].map(String);
}

interface Seen {
  readonly events: readonly Recorded[];
  /** All that guests were told, and all that we wrote. */
  readonly text: string;
}

async function run(space: Workspace, core: Core, args: readonly string[], options = {}): Promise<Seen> {
  const { code, stdout, stderr, report } = await airlockReport(space, core, [...args, "--verbose"], options);
  if (code !== 0) throw new Error(`${stdout}\n${stderr}`);
  const events = takeRecorded(space);
  return { events, text: [JSON.stringify(events), stderr, JSON.stringify(report)].join("\n") };
}

function holds({ text }: Seen, secrets: readonly string[]): string[] {
  return secrets.filter((secret) => secret.length < 8 || text.includes(secret));
}

function eventOf({ events }: Seen, hook: string, address: string): unknown {
  return events.find(({ method, params }) => method === hook && params.address === address)?.params;
}

await describeLive("secrets", (core) => {
  it("are in nothing that integrations are told or that we write, in plan and apply", async () => {
    const space = await workspace({ files: { "main.tf": project() } });
    space.write({ "airlock.hcl": recorder(space) });
    await space.init(core);
    const made = await run(space, core, ["apply", "-auto-approve"], GIVEN);
    const secrets = [...WRITTEN, ...madeSecret(space)];
    expect(holds(made, secrets)).toEqual([]);
    expect(eventOf(made, "post-apply-resource", "mockcloud_instance.uses")).toMatchObject({
      after: {
        name: "uses",
        password: TOKEN,
        tags: { inside: TOKEN, encoded: TOKEN, key: TOKEN },
        // Nothing marks what the provider computes from them.
        tags_all: { inside: TOKEN, encoded: TOKEN, key: TOKEN },
      },
    });

    space.write({ "main.tf": project(MADE_OF_KNOWN) });
    const planned = await run(space, core, ["plan", "-out=saved.tfplan"], GIVEN);
    expect(holds(planned, secrets)).toEqual([]);
    expect(eventOf(planned, "pre-plan-resource", "mockcloud_instance.late")).toMatchObject({
      config: {
        expressions: {
          size: { constant_value: TOKEN },
          tags: { constant_value: { data: TOKEN, other: TOKEN } },
        },
      },
    });
    // The variable's value is in the plan alone now.
    expect(holds(await run(space, core, ["apply", "saved.tfplan"]), secrets)).toEqual([]);
    expect(holds(await run(space, core, ["destroy", "-auto-approve"], GIVEN), secrets)).toEqual([]);
  });

  it("are found where they come from resources that nobody listens to", async () => {
    const space = await workspace({ files: { "main.tf": project() } });
    space.write({ "airlock.hcl": recorder(space, { body: `resources = ["mockcloud_instance"]` }) });
    await space.init(core);
    await space.succeed(core, ["apply", "-auto-approve"], GIVEN);
    space.write({ "main.tf": project(MADE_OF_KNOWN) });
    const planned = await run(space, core, ["plan", "-refresh=false"], GIVEN);
    expect(holds(planned, [...WRITTEN, ...madeSecret(space)])).toEqual([]);
    expect(eventOf(planned, "post-plan-resource", "mockcloud_instance.late")).toBeDefined();
  });

  it("are not in what core prints of a finding at a secret attribute", async () => {
    const secret = `resource "mockcloud_counter" "only" {
  name    = "only"
  payload = var.secret
}
variable "secret" {
  sensitive = true
}
`;
    const space = await workspace({ files: { "main.tf": withMockcloud(5, secret) } });
    const findings = [{ rule: "no", severity: "high" as const, message: "not this", path: ["payload"] }];
    const say = [{ hook: "post-plan-resource" as const, status: "fail" as const, message: "look", findings }];
    space.write({ "airlock.hcl": recorder(space, { say }) });
    await space.init(core);
    const { code, stdout, stderr } = await airlock(space, core, ["plan", "-no-color"], GIVEN);
    expect(code).toBe(1);
    expect(stderr).toContain("payload = var.secret");
    expect(holds({ events: [], text: stdout + stderr }, WRITTEN)).toEqual([]);
  });
});
