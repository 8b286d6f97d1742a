import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { resource } from "../../hosts/terraform/records/states.js";
import { FOREIGN, holding, kept, stateOf } from "../../hosts/terraform/metadata/stored-states.js";
import { FakeProject } from "./fake-core.js";

const STATE = stateOf(
  { a: kept(holding({ cost: { monthly: 5 }, owner: { team: "=web" } })), b: kept() },
  resource({ module: "module.m", instances: [kept(holding({ cost: { monthly: 50 } }, "", 2), { index_key: "k" })] }),
);
const DECLARED = { "airlock.hcl": 'integration "cost" {\n  source = "./cost.js"\n}\n' };

async function list(args: readonly string[], project = new FakeProject(STATE)) {
  return project.run(["metadata", "list", ...args]);
}

/** The address and integration of each row. */
async function rows(...args: readonly string[]): Promise<string[]> {
  const { stdout } = await list([...args, "--format", "json"]);
  const items = JSON.parse(stdout) as { address: string; integration: string }[];
  return items.map(({ address, integration }) => `${address} ${integration}`);
}

describe("airlock metadata list", () => {
  it("shows all that is stored as a table", async () => {
    const { code, stdout, stderr } = await list([]);
    expect([code, stderr]).toEqual([0, ""]);
    expect(stdout).toBe(`ADDRESS                       INTEGRATION  VERSION  WHERE  DATA
mock_thing.a                  cost         0        state  {"monthly":5}
mock_thing.a                  owner        0        state  {"team":"=web"}
module.m.mock_thing.one["k"]  cost         2        state  {"monthly":50}
`);
  });

  it("gives JSON rows with the keys of the contract", async () => {
    const { stdout } = await list(["mock_thing.a", "--integration", "cost", "--format", "json"]);
    expect(JSON.parse(stdout)).toEqual([
      { address: "mock_thing.a", deposed: null, integration: "cost", version: 0, where: "state", data: { monthly: 5 } },
    ]);
  });

  it("takes patterns and integrations together", async () => {
    expect(await rows("module.m")).toEqual(['module.m.mock_thing.one["k"] cost']);
    expect(await rows("*", "--integration", "owner")).toEqual(["mock_thing.a owner"]);
    expect(await rows("mock_thing.b")).toEqual([]);
  });

  it("answers a query, in each format", async () => {
    const query = ["--query", "[?data.monthly > `10`].{where: address, monthly: data.monthly}"];
    expect((await list([...query, "--format", "csv"])).stdout).toBe(
      'where,monthly\n"module.m.mock_thing.one[""k""]",50\n',
    );
    expect((await list(["--query", "sum([].data.monthly || `[]`)"])).stdout).toBe("VALUE\n55\n");
    expect(JSON.parse((await list([...query, "--format", "json"])).stdout)).toEqual([
      { where: 'module.m.mock_thing.one["k"]', monthly: 50 },
    ]);
  });

  it("refuses a wrong query", async () => {
    expect(await list(["--query", "[?"])).toMatchObject({
      code: 2,
      stdout: "",
      stderr: expect.stringContaining("(METADATA_ARGUMENTS)") as string,
    });
  });

  it("says of which resource it cannot tell, and lists the others", async () => {
    const project = new FakeProject(stateOf({ bad: kept(FOREIGN), good: kept(holding({ cost: {} })) }));
    const { code, stdout, stderr } = await list([], project);
    expect(code).toBe(0);
    expect(stdout).toContain("mock_thing.good");
    expect(stderr).toMatch(/mock_thing\.bad.*\(METADATA_FOREIGN\)/);
  });

  it("lists orphans with their reason", async () => {
    const project = new FakeProject(STATE, DECLARED);
    mkdirSync(join(project.root, ".airlock"));
    const sidecar = { format: 1, workspaces: { default: { "mock_thing.gone": { cost: { data: {} } } } } };
    writeFileSync(join(project.root, ".airlock", "metadata.json"), JSON.stringify(sidecar));
    const { stdout } = await list(["--orphans", "--format", "csv"], project);
    expect(stdout).toBe(`address,deposed,integration,version,where,reason,data
mock_thing.a,,owner,0,state,"integration is not declared","{""team"":""=web""}"
mock_thing.gone,,cost,0,sidecar,"no such resource in the state",{}
`);
  });

  it("is empty where there is no state, and where nothing is stored", async () => {
    expect(await list([], new FakeProject(null))).toMatchObject({ code: 0, stdout: "", stderr: "" });
    expect((await list(["--format", "json"], new FakeProject(stateOf({ a: kept() })))).stdout).toBe("[]\n");
  });

  it("shows nothing that could deceive a terminal", async () => {
    const project = new FakeProject(stateOf({ a: kept(holding({ cost: { text: "\u001b[2J\u202e" } })) }));
    for (const format of ["table", "csv", "json"]) {
      const { stdout } = await list(["--format", format], project);
      expect(stdout).toContain("u001b[2J");
      expect(stdout).not.toMatch(/(?!\n)[\p{Cc}\p{Cf}]/u);
    }
  });

  it("cuts the table to the width of a terminal", async () => {
    const project = new FakeProject(stateOf({ a: kept(holding({ cost: { text: "x".repeat(1000) } })) }));
    const { stdout } = await project.run(["metadata", "list"], { isTTY: true, env: { NO_COLOR: "1" } });
    expect(Math.max(...stdout.split("\n").map((line) => line.length))).toBe(100);
  });

  it.each([
    [
      "that core does not give",
      (project: FakeProject) => {
        project.break("no-pull");
      },
    ],
  ])("ends with METADATA_STATE for a state %s", async (_what, spoil) => {
    const project = new FakeProject(STATE);
    spoil(project);
    const { code, stderr } = await list([], project);
    expect(code).toBe(2);
    expect(stderr).toContain("(METADATA_STATE)");
    expect(stderr).toContain("Access denied");
  });

  it("ends with METADATA_STATE for a state that is none, and METADATA_SIDECAR for a broken sidecar", async () => {
    expect((await list([], new FakeProject(Buffer.from("{}")))).stderr).toContain("(METADATA_STATE)");
    const project = new FakeProject(STATE);
    mkdirSync(join(project.root, ".airlock"));
    writeFileSync(join(project.root, ".airlock", "metadata.json"), "{");
    expect((await list([], project)).stderr).toContain("(METADATA_SIDECAR)");
  });
});

describe("where the command stands", () => {
  it.each([
    [["-chdir=infra", "metadata", "list"]],
    [["metadata", "-chdir=infra", "list"]],
    [["metadata", "list", "-chdir=infra"]],
    [["metadata", "list", "--chdir", "infra"]],
  ])("%j asks core in that folder", async (line) => {
    const project = new FakeProject(STATE);
    expect((await project.run(line)).code).toBe(0);
    expect(project.takeAsked()).toEqual(["-chdir=infra state pull"]);
  });

  it("--core names the core, wherever it stands", async () => {
    const project = new FakeProject(STATE);
    for (const line of [
      ["--core", "/nowhere/tofu", "metadata", "list"],
      ["metadata", "list", "--core=/nowhere/tofu"],
    ]) {
      const { code, stderr } = await project.run(line);
      expect([code, stderr.includes("(CORE_NOT_FOUND)")]).toEqual([2, true]);
    }
  });

  it("`metadata functions` is core's", async () => {
    const project = new FakeProject(STATE);
    await project.run(["metadata", "functions", "-json"]);
    expect(project.takeAsked()).toEqual(["metadata functions -json"]);
  });
});
