import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { resource } from "../../hosts/terraform/records/states.js";
import { holding, IN_CORE, kept, stateOf } from "../../hosts/terraform/metadata/stored-states.js";
import { FakeProject } from "./fake-core.js";

const FROM = stateOf({
  a: kept(holding({ cost: { n: 1 }, owner: {} }, "", 2)),
  gone: kept(holding({ cost: { n: 9 } })),
});

/** The export of `FROM`, in a file beside another project. */
async function exportInto(project: FakeProject): Promise<string> {
  const { stdout } = await new FakeProject(FROM).run(["metadata", "export"]);
  const file = join(project.root, "e.json");
  writeFileSync(file, stdout);
  return file;
}

describe("airlock metadata export", () => {
  it("writes to a file what it prints without one, and says how much", async () => {
    const project = new FakeProject(FROM);
    const { stdout } = await project.run(["metadata", "export"]);
    const { code, stdout: nothing, stderr } = await project.run(["metadata", "export", "e.json"]);
    expect([code, nothing]).toEqual([0, ""]);
    expect(stderr).toContain("2 resources");
    expect(readFileSync(join(project.root, "e.json"), "utf8")).toBe(stdout);
    expect(JSON.parse(stdout)).toMatchObject({ format: 1, metadata: { "mock_thing.a": { cost: { version: 2 } } } });
  });

  it("leaves others out with --integration", async () => {
    const { stdout } = await new FakeProject(FROM).run(["metadata", "export", "--integration", "owner"]);
    expect(Object.keys((JSON.parse(stdout) as { metadata: object }).metadata)).toEqual(["mock_thing.a"]);
  });

  it("refuses a file that cannot be written", async () => {
    const { code, stderr } = await new FakeProject(FROM).run(["metadata", "export", "no/such/e.json"]);
    expect([code, stderr.includes("(CLI_OUTPUT)")]).toEqual([2, true]);
  });
});

describe("airlock metadata import", () => {
  it("stores what is there with its version, leaves alone what is not in the file, and names what is missing", async () => {
    const project = new FakeProject(stateOf({ a: kept(holding({ cost: { n: 0 }, mine: {} })), b: kept() }));
    const { code, stdout, stderr } = await project.run(["metadata", "import", await exportInto(project)]);
    expect([code, stdout]).toEqual([1, "set mock_thing.a cost\nset mock_thing.a owner\n"]);
    expect(stderr).toContain("mock_thing.gone");
    expect(project.stored).toEqual(['mock_thing.a cost {"n":1}', "mock_thing.a mine {}", "mock_thing.a owner {}"]);
    const again = await project.run(["metadata", "import", "e.json", "--integration", "owner"]);
    expect(again).toMatchObject({ code: 0, stdout: "", stderr: "" });
  });

  it("only says what it would do with --dry-run", async () => {
    const project = new FakeProject(stateOf({ a: kept() }));
    const file = await exportInto(project);
    const { stdout } = await project.run(["metadata", "import", file, "--dry-run"]);
    expect(stdout).toBe("would set mock_thing.a cost\nwould set mock_thing.a owner\n");
    expect(project.takeAsked()).toEqual(["state pull"]);
  });

  it("reads standard input, and stores in state and sidecar alike", async () => {
    const project = new FakeProject(stateOf({ a: kept() }, IN_CORE));
    const stored = { cost: { version: 1, data: { n: 1 } } };
    const stdin = JSON.stringify({ format: 1, metadata: { "mock_thing.a": stored, "terraform_data.inside": stored } });
    expect((await project.run(["metadata", "import", "-"], { stdin })).code).toBe(0);
    expect(project.stored).toEqual(['mock_thing.a cost {"n":1}']);
    expect(JSON.parse((await project.run(["metadata", "export"])).stdout)).toEqual(JSON.parse(stdin));
  });

  it("does not take data sources for resources", async () => {
    const project = new FakeProject(stateOf({}, resource({ mode: "data", name: "a" })));
    const stdin = JSON.stringify({ format: 1, metadata: { "data.mock_thing.a": { cost: { data: {} } } } });
    expect(await project.run(["metadata", "import", "-"], { stdin })).toMatchObject({ code: 1, stdout: "" });
  });

  it.each([
    ["no such file", "nowhere.json"],
    ["a folder", "."],
    ["another JSON", "airlock.json"],
  ])("refuses %s before it asks core", async (_what, file) => {
    const project = new FakeProject(FROM, { "airlock.json": "{}" });
    const { code, stderr } = await project.run(["metadata", "import", file]);
    expect([code, stderr.includes("(METADATA_ARGUMENTS)")]).toEqual([2, true]);
    expect(project.takeAsked()).toEqual([]);
  });
});

describe("airlock metadata diff", () => {
  it("compares an export with the state: 0 for the same, 1 for others", async () => {
    const project = new FakeProject(FROM);
    await project.run(["metadata", "export", "e.json"]);
    expect(await project.run(["metadata", "diff", "e.json"])).toMatchObject({ code: 0, stdout: "" });
    await project.run(["metadata", "set", "mock_thing.a", "--integration", "cost", '{"n":2}']);
    const { code, stdout } = await project.run(["metadata", "diff", "e.json"]);
    expect(code).toBe(1);
    expect(stdout).toBe('mock_thing.a  cost\n  - {"n":1}  (version 2)\n  + {"n":2}  (version 2)\n');
  });

  it("compares two exports without core, as JSON too", async () => {
    const project = new FakeProject(FROM);
    await exportInto(project);
    writeFileSync(join(project.root, "other.json"), '{"format":1,"metadata":{}}');
    project.break("no-pull");
    const { code, stdout } = await project.run(["metadata", "diff", "e.json", "other.json", "--format", "json"]);
    expect(code).toBe(1);
    expect((JSON.parse(stdout) as { after: unknown }[]).map(({ after }) => after)).toEqual([null, null, null]);
    expect(project.takeAsked()).toEqual([]);
  });
});
