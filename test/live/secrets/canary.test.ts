import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import * as v from "valibot";
import { HOOKS } from "../../../src/protocol/hooks.js";
import { CheckReportSchema } from "../../../src/report/check-report.js";
import { airlockReport, startAirlock } from "../../support/live/airlock.js";
import { describeLive } from "../../support/live/describe.js";
import { withMockcloud } from "../../support/live/mockcloud.js";
import type { Core } from "../../support/live/tools.js";
import { attributesOf, readState, workspace, type Workspace } from "../../support/live/workspace.js";
import { MEMORY_IS_READABLE, memoryOf, processTree } from "../../support/process-memory.js";
import { filesBelow, found, foundInFiles, knownCanary, newCanary, type Canary } from "./canary.js";
import { PAUSED, RECORDERS, Recorders } from "./recorders.js";

/** Not marked anywhere: what does not find it finds nothing. */
const PUBLIC = newCanary("public");
/** In a variable that is sensitive; in attributes that are; in the configuration of a provider. */
const VARIABLE = newCanary("variable");
const ATTRIBUTE = newCanary("attribute");
const PROVIDER = newCanary("provider");
const WRITTEN = [VARIABLE, ATTRIBUTE, PROVIDER];
const GIVEN = {
  TF_VAR_public: PUBLIC.text,
  TF_VAR_secret: VARIABLE.text,
  TF_VAR_attribute: ATTRIBUTE.text,
  TF_VAR_credential: PROVIDER.text,
};

/** It is every command, one after the other. */
const WHOLE_LIFE_MS = 600_000;

/** Files that core and the provider keep secrets in, as they do without us. */
const OF_CORE = ["terraform.tfstate", "terraform.tfstate.backup", "plan.json", "saved.tfplan", "trace.log"];

function project(size: string): string {
  const body = `
variable "public" {
  type = string
}
variable "secret" {
  type      = string
  sensitive = true
}
variable "attribute" {
  type = string
}
variable "credential" {
  type = string
}
data "mockcloud_secret" "read" {
  name = "read"
}
resource "mockcloud_bucket" "keys" {
  name = "keys"
}
resource "mockcloud_instance" "uses" {
  name     = "uses"
  size     = "${size}"
  password = var.attribute
  tags = {
    public  = var.public
    inside  = "with \${var.secret}"
    base64  = base64encode("x\${var.secret}")
    json    = jsonencode({ deep = [var.secret] })
    url     = "https://host/?q=\${urlencode(var.secret)}"
    key     = mockcloud_bucket.keys.access_key
    data    = data.mockcloud_secret.read.value
  }
}
resource "mockcloud_counter" "nested" {
  name    = "nested"
  payload = { list = [{ deep = var.secret }], "\${var.secret}" = 1 }
}
resource "terraform_data" "inside" {
  input = var.secret
}
`;
  return withMockcloud(6, body, "token = var.credential");
}

/** What the cloud made secret: it is in the state. */
function madeByCloud(space: Workspace): Canary[] {
  const read = readState(space).resources.find(({ type }) => type === "mockcloud_secret");
  return [
    knownCanary("computed attribute", String(attributesOf(space, "mockcloud_bucket", "keys")?.["access_key"])),
    knownCanary("data source", String(read?.instances[0]?.attributes["value"])),
  ];
}

interface Project {
  readonly space: Workspace;
  readonly recorders: Recorders;
  readonly core: Core;
}

async function projectOn(core: Core, pause: string): Promise<Project> {
  const space = await workspace({ files: { "main.tf": project("small") } });
  const recorders = await Recorders.make(join(space.temporary, "..", "recorders"));
  space.write({ "airlock.hcl": recorders.declared(pause) });
  await space.succeed(core, ["init", "-input=false"], { env: GIVEN });
  return { space, recorders, core };
}

/** What one command came to: all that guests got, and all that we wrote. */
interface Said {
  readonly code: number | null;
  /** By recorder. */
  readonly told: ReadonlyMap<string, string>;
  readonly written: string;
}

async function run({ space, recorders, core }: Project, args: readonly string[], env = {}): Promise<Said> {
  const outcome = await airlockReport(space, core, [...args, "--verbose"], { env: { ...GIVEN, ...env } });
  const { code, stdout, stderr, report } = outcome;
  if (report === null) throw new Error(`${stdout}\n${stderr}`);
  return { code, told: recorders.take(report), written: `${stderr}\n${JSON.stringify(report)}` };
}

function hooksIn(lines: string): string[] {
  return HOOKS.filter((hook) => lines.includes(`"method":"${hook}"`));
}

/** What integrations stored: in private bytes of the state, and beside it. */
function storedMetadata(space: Workspace): string {
  const Private = v.object({ airlock: v.string() });
  const own = readState(space).resources.flatMap(({ instances }) =>
    instances.flatMap((one) => {
      const bytes = Buffer.from(one.private ?? "", "base64").toString("utf8");
      const parsed = bytes.startsWith("{") ? v.safeParse(Private, JSON.parse(bytes)) : null;
      return parsed?.success === true ? [Buffer.from(parsed.output.airlock, "base64").toString("utf8")] : [];
    }),
  );
  return [...own, readFileSync(join(space.folder, ".airlock/metadata.json"), "utf8")].join("\n");
}

/** Which of these canaries are in the memory of a process. */
function inMemory(pid: number, canaries: readonly Canary[]): Set<string> {
  const names = new Set<string>();
  for (const piece of memoryOf(pid)) for (const what of found(piece, canaries)) names.add(what);
  return names;
}

await describeLive("a canary", (core) => {
  it(
    "in a sensitive place reaches no guest and nothing that we write, through the whole life of resources",
    async () => {
      const made = await projectOn(core, "");
      const { space } = made;
      const lives: Said[] = [];
      lives.push(await run(made, ["init", "-input=false"]));
      lives.push(await run(made, ["validate"]));
      lives.push(await run(made, ["apply", "-auto-approve"]));
      const canaries = [...WRITTEN, ...madeByCloud(space)];
      const stored = storedMetadata(space);
      expect(stored).toMatch(/"seen":"\(sensitive value /);
      expect(found(stored, [...canaries, PUBLIC])).toEqual([]);
      space.write({ "main.tf": project("large") });
      lives.push(await run(made, ["plan", "-out=saved.tfplan"]));
      lives.push(await run(made, ["apply", "saved.tfplan"]));
      lives.push(await run(made, ["refresh"]));
      lives.push(await run(made, ["destroy", "-auto-approve"]));

      expect(lives.map(({ code }) => code)).toEqual(lives.map(() => 0));
      const told = RECORDERS.map((name) => lives.map((life) => life.told.get(name) ?? "").join("\n"));
      expect(told.map((lines) => hooksIn(lines))).toEqual(RECORDERS.map(() => [...HOOKS]));
      expect(told.map((lines) => found(lines, canaries))).toEqual(RECORDERS.map(() => []));
      expect(told.map((lines) => found(lines, [PUBLIC]))).toEqual(RECORDERS.map(() => ["public (plain)"]));
      const written = lives.map((life) => life.written).join("\n");
      expect(found(written, canaries)).toEqual([]);
      expect(found(written, [PUBLIC])).toContain("public (plain)");
      expect(foundInFiles(filesBelow(space.folder, OF_CORE), canaries)).toEqual([]);
      expect(filesBelow(space.temporary)).toEqual([]);
    },
    WHOLE_LIFE_MS,
  );

  it("is in no memory of a guest, while all of them run and have seen the whole", async (test) => {
    if (!MEMORY_IS_READABLE) test.skip();
    const { space, recorders } = await projectOn(core, "apply-stage-complete");
    recorders.pause(true);
    const running = startAirlock(space, core, ["apply", "-auto-approve", "--verbose"], { env: GIVEN });
    await running.printed(PAUSED);
    const canaries = [...WRITTEN, ...madeByCloud(space)];
    const tree = processTree(running.pid);
    const guests = [/permission /, new RegExp(recorders.program)].map((wanted) =>
      tree.filter(({ commandLine }) => wanted.test(commandLine)),
    );
    expect(guests.map((processes) => processes.length)).toEqual([1, 1]);
    for (const { pid } of guests.flat()) {
      expect(inMemory(pid, canaries)).toEqual(new Set());
      expect(inMemory(pid, [PUBLIC])).toContain("public (plain)");
    }
    // Airlock itself must know them: in there the same look finds all of what was written.
    expect([...inMemory(running.pid, WRITTEN)]).toEqual(
      expect.arrayContaining(["variable (plain)", "attribute (plain)", "provider (plain)"]),
    );
    // Beside core's own plan, which is compressed, nothing in the folder of the run knows them either.
    expect(foundInFiles(filesBelow(space.temporary), canaries)).toEqual([]);
    recorders.pause(false);
    expect((await running.ended).code).toBe(0);
  });

  it("is left behind by no crash, of a guest or of the sandbox host", async (test) => {
    if (!MEMORY_IS_READABLE) test.skip();
    const made = await projectOn(core, "plan-stage-complete");
    const { space, recorders } = made;
    await run(made, ["apply", "-auto-approve"]);
    const canaries = [...WRITTEN, ...madeByCloud(space)];
    space.write({ "main.tf": project("large") });
    recorders.pause(true);
    const running = startAirlock(space, core, ["plan", "-no-color", "--verbose"], { env: GIVEN });
    await running.printed(PAUSED);
    const tree = processTree(running.pid);
    const killed = [/permission /, new RegExp(recorders.program)].map(
      (wanted) => tree.find(({ commandLine }) => wanted.test(commandLine))?.pid ?? -1,
    );
    expect(killed).not.toContain(-1);
    const [sandbox = 0, guest = 0] = killed;
    process.kill(sandbox, "SIGABRT");
    process.kill(guest, "SIGKILL");
    recorders.pause(false);
    const { code, stderr } = await running.ended;
    expect(code).toBe(1);
    expect(stderr).toContain("GUEST_");
    expect(found(stderr, canaries)).toEqual([]);
    const told = filesBelow(recorders.folder);
    expect(foundInFiles(told, [PUBLIC])).toContainEqual(expect.stringContaining("public (plain)"));
    expect(foundInFiles([...filesBelow(space.folder, OF_CORE), ...told], canaries)).toEqual([]);
    expect(filesBelow(space.temporary)).toEqual([]);
  });

  it("is in nothing that a check of a saved plan tells or writes, in any format", async () => {
    const made = await projectOn(core, "");
    const { space, recorders } = made;
    await run(made, ["apply", "-auto-approve"]);
    const canaries = [...WRITTEN, ...madeByCloud(space)];
    space.write({ "main.tf": project("large") });
    await space.succeed(core, ["plan", "-out=saved.tfplan"], { env: GIVEN });
    const shown = await space.succeed(core, ["show", "-json", "saved.tfplan"]);
    expect(found(shown.stdout, canaries).length).toBeGreaterThan(canaries.length);
    space.write({ "plan.json": shown.stdout });
    const formats = ["json", "text"];
    for (const format of formats) {
      const checked = await check(space, format);
      expect(checked.code).toBe(0);
      expect(found(checked.stdout + checked.stderr, canaries)).toEqual([]);
      if (format !== "json") continue;
      const told = recorders.take(v.parse(CheckReportSchema, JSON.parse(checked.stdout)));
      expect([...told.values()].map((lines) => found(lines, canaries))).toEqual(RECORDERS.map(() => []));
      expect([...told.values()].map((lines) => found(lines, [PUBLIC]))).toEqual(
        RECORDERS.map(() => ["public (plain)"]),
      );
    }
  });

  it("is in no trace that core does not write itself", async () => {
    const made = await projectOn(core, "");
    const { space } = made;
    const log = join(space.folder, "trace.log");
    const env = { TF_LOG: "TRACE", TF_LOG_PATH: log };
    const ours = await run(made, ["plan"], env);
    expect(found(ours.written, WRITTEN)).toEqual([]);
    expect(readFileSync(log, "utf8")).toContain("[TRACE]");
    expect(foundInFiles([log], WRITTEN)).toEqual([]);
  });
});

function check(space: Workspace, format: string) {
  const main = join(import.meta.dirname, "../../../dist/src/cli/main.js");
  return space.run(process.execPath, [main, "check", "plan.json", "--format", format, "--verbose"]);
}
