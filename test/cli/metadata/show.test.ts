import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { FOREIGN, holding, kept, stateOf } from "../../hosts/terraform/metadata/stored-states.js";
import { FakeProject } from "./fake-core.js";

const TEXT = `# mock_thing.a:
resource "mock_thing" "a" {
    id = "i-1"
}
`;
const JSON_TEXT = '{"format_version":"1.0","values":{"root_module":{"resources":[{"address":"mock_thing.a"}]}}}\n';

function project(stored: Readonly<Record<string, object>> = { cost: { n: 1 } }): FakeProject {
  const made = new FakeProject(stateOf({ a: kept(Object.keys(stored).length === 0 ? undefined : holding(stored)) }));
  made.shows({ "show.txt": TEXT, "show.json": JSON_TEXT });
  return made;
}

describe("airlock show", () => {
  it("has what is stored beneath the resource", async () => {
    expect(await project().run(["show"])).toMatchObject({
      code: 0,
      stdout: `${TEXT}    # integration metadata\n    cost = {\n        "n": 1\n    }\n`,
      stderr: "",
    });
  });

  it("has it in core's JSON", async () => {
    const { stdout } = await project().run(["show", "-json"]);
    const summary = '"integration_metadata":{"resources":1,"integrations":{"cost":{"resources":1}}}';
    const object = '{"address":"mock_thing.a","integration_metadata":{"cost":{"n":1}}}';
    expect(stdout).toBe(`{"format_version":"1.0","values":{"root_module":{"resources":[${object}]}},${summary}}\n`);
  });

  it("hands core's line on, and says what is damaged", async () => {
    const made = new FakeProject(stateOf({ a: kept(holding({ cost: {} })), bad: kept(FOREIGN) }));
    made.shows({ "show.txt": TEXT });
    const { stderr } = await made.run(["-chdir=.", "show", "-no-color"], {
      env: { TF_CLI_ARGS_show: "-show-sensitive" },
    });
    expect(stderr).toMatch(/mock_thing\.bad.*METADATA_FOREIGN/);
    expect(made.takeAsked()).toEqual(["-chdir=. state pull", "-chdir=. show -show-sensitive -no-color"]);
  });

  it("notes a broken sidecar, and shows the rest", async () => {
    const made = project();
    mkdirSync(join(made.root, ".airlock"));
    writeFileSync(join(made.root, ".airlock", "metadata.json"), "{");
    const { code, stdout, stderr } = await made.run(["show"]);
    expect([code, stdout.includes("cost = ")]).toEqual([0, true]);
    expect(stderr).toContain("METADATA_SIDECAR");
  });
});

describe("airlock state pull", () => {
  it("has what is stored beside the private bytes, with the sidecar's", async () => {
    const { stdout } = await project().run(["state", "pull"]);
    expect(JSON.parse(stdout)).toMatchObject({
      resources: [{ instances: [{ integration_metadata: { cost: { n: 1 } } }] }],
    });
  });

  it("is core's own where nothing is stored", async () => {
    const made = project({});
    expect((await made.run(["state", "pull"])).stdout).toBe(made.state);
  });

  it("ends as core does", async () => {
    const made = project();
    made.break("no-pull");
    expect(await made.run(["state", "pull"])).toMatchObject({ code: 1, stdout: "" });
  });
});

describe("what core prints in front of its JSON", () => {
  const WARNING = '\nWarning: Unable to open CLI configuration file\n\nThe file "{x}" does not exist.\n';

  it("stays there, and hides nothing", async () => {
    const made = project();
    made.saysBefore(WARNING);
    for (const line of [
      ["state", "pull"],
      ["show", "-json"],
    ]) {
      const { code, stdout } = await made.run(line);
      expect([code, stdout.startsWith(WARNING)]).toEqual([0, true]);
      expect(JSON.stringify(JSON.parse(stdout.slice(WARNING.length)))).toContain(
        '"integration_metadata":{"cost":{"n":1}}',
      );
    }
    expect(JSON.parse((await made.run(["metadata", "get", "mock_thing.a"])).stdout)).toEqual({ cost: { n: 1 } });
    expect((await made.run(["metadata", "set", "mock_thing.a", "--integration", "cost", "{}"])).code).toBe(0);
    expect(made.stored).toEqual(["mock_thing.a cost {}"]);
  });
});
