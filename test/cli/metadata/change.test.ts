import { mkdirSync, readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it, onTestFinished, vi } from "vitest";
import { resource } from "../../hosts/terraform/records/states.js";
import { FOREIGN, holding, IN_CORE, kept, stateOf } from "../../hosts/terraform/metadata/stored-states.js";
import { temporaryFolder } from "../../support/projects.js";
import { FakeProject } from "./fake-core.js";

const SET = ["metadata", "set"];
const RM = ["metadata", "rm"];
const COST = ["--integration", "cost"];

describe("airlock metadata set", () => {
  it("stores an object, for one integration, and counts the serial up", async () => {
    const project = new FakeProject(stateOf({ a: kept(holding({ owner: { team: "web" } })), b: kept() }));
    const { code, stdout } = await project.run([...SET, "mock_thing.a", ...COST, '{"monthly":1}']);
    expect([code, stdout]).toEqual([0, "set mock_thing.a cost\n"]);
    expect(project.stored).toEqual(['mock_thing.a cost {"monthly":1}', 'mock_thing.a owner {"team":"web"}']);
    expect(project.state).toContain('"serial": 4');
    expect(project.takeAsked()).toEqual(["state pull", "state push FILE"]);
  });

  it("reads standard input for -", async () => {
    const project = new FakeProject(stateOf({ a: kept() }));
    await project.run([...SET, "mock_thing.a", ...COST, "-"], { stdin: '{"monthly":2}\n' });
    expect(project.stored).toEqual(['mock_thing.a cost {"monthly":2}']);
    expect((await project.run([...SET, "mock_thing.a", ...COST, "-"], { isTTY: true })).stderr).toContain(
      "(CLI_USAGE)",
    );
    const large = { stdin: `{"a":"${"x".repeat(270_000)}"}` };
    expect((await project.run([...SET, "mock_thing.a", ...COST, "-"], large)).stderr).toContain("(METADATA_TOO_LARGE)");
  });

  it("keeps the version that was there, or takes the one that is told", async () => {
    const project = new FakeProject(stateOf({ a: kept(holding({ cost: { monthly: 1 } }, "", 3)) }));
    const version = async () =>
      (JSON.parse((await project.run(["metadata", "list", "--format", "json"])).stdout) as { version: number }[])[0]
        ?.version;
    await project.run([...SET, "mock_thing.a", ...COST, '{"monthly":2}']);
    expect(await version()).toBe(3);
    await project.run([...SET, "mock_thing.a", ...COST, '{"monthly":2}', "--metadata-version", "4"]);
    expect(await version()).toBe(4);
  });

  it("writes nothing where nothing would change", async () => {
    const project = new FakeProject(stateOf({ a: kept(holding({ cost: { a: 1, b: 2 } })) }));
    const { stdout } = await project.run([...SET, "mock_thing.a", ...COST, '{"b":2,"a":1}']);
    expect(stdout).toBe("unchanged mock_thing.a cost\n");
    expect(project.takeAsked()).toEqual(["state pull"]);
  });

  it.each([
    ["private bytes that are no JSON object", stateOf({ a: kept("plain text") }), "mock_thing.a"],
    ["a resource inside core", stateOf({}, IN_CORE), "terraform_data.inside"],
  ])("goes to the sidecar with %s, and the state stays", async (_what, state, address) => {
    const project = new FakeProject(state);
    expect((await project.run([...SET, address, ...COST, '{"monthly":1}'])).code).toBe(0);
    expect(project.state).toBe(state.toString());
    expect(JSON.parse(project.sidecar ?? "")).toMatchObject({
      workspaces: { default: { [address]: { cost: { data: { monthly: 1 } } } } },
    });
    const { stdout } = await project.run(["metadata", "get", address]);
    expect(JSON.parse(stdout)).toEqual({ cost: { monthly: 1 } });
    await project.run([...RM, address]);
    expect(project.sidecar).toBeNull();
  });

  it("is for the workspace that core would use", async () => {
    const project = new FakeProject(stateOf({}, IN_CORE));
    await project.run([...SET, "terraform_data.inside", ...COST, "{}"], { env: { TF_WORKSPACE: "blue" } });
    expect(Object.keys((JSON.parse(project.sidecar ?? "") as { workspaces: object }).workspaces)).toEqual(["blue"]);
    expect((await project.run(["metadata", "list"])).stdout).toBe("");
  });

  it("takes what the sidecar had over into a state that can hold it", async () => {
    const project = new FakeProject(stateOf({ a: kept() }));
    mkdirSync(join(project.root, ".airlock"));
    const sidecar = {
      format: 1,
      workspaces: { default: { "mock_thing.a": { cost: { data: {} }, owner: { data: {} } } } },
    };
    writeFileSync(join(project.root, ".airlock", "metadata.json"), JSON.stringify(sidecar));
    await project.run([...SET, "mock_thing.a", ...COST, '{"monthly":1}']);
    expect(project.stored).toEqual(['mock_thing.a cost {"monthly":1}']);
    expect(project.sidecar).not.toContain("cost");
    expect(project.sidecar).toContain("owner");
  });

  it.each([
    ["an address that the state does not have", "mock_thing.b", "{}", "METADATA_ARGUMENTS"],
    ["a data source", "data.mock_thing.page", "{}", "METADATA_ARGUMENTS"],
    ["no JSON", "mock_thing.a", "{", "METADATA_ARGUMENTS"],
    ["no object", "mock_thing.a", "[]", "METADATA_ARGUMENTS"],
    ["__proto__", "mock_thing.a", '{"__proto__":{}}', "METADATA_ARGUMENTS"],
    ["too much", "mock_thing.a", `{"a":"${"x".repeat(66_000)}"}`, "METADATA_TOO_LARGE"],
    ["what is damaged", "mock_thing.bad", "{}", "METADATA_FOREIGN"],
  ])("refuses %s, and changes nothing", async (_what, address, json, error) => {
    const state = stateOf({ a: kept(), bad: kept(FOREIGN) }, resource({ mode: "data", name: "page" }));
    const project = new FakeProject(state);
    const { code, stdout, stderr } = await project.run([...SET, address, ...COST, json]);
    expect([code, stdout]).toEqual([2, ""]);
    expect(stderr).toContain(`(${error})`);
    expect([project.state, project.sidecar]).toEqual([state.toString(), null]);
  });

  it.each(["a b", "__proto__", "constructor", ""])("refuses the name %j", async (name) => {
    const project = new FakeProject(stateOf({ a: kept() }));
    const { stderr } = await project.run([...SET, "mock_thing.a", "--integration", name, "{}"]);
    expect(stderr).toContain("(METADATA_ARGUMENTS)");
    expect(project.stored).toEqual([]);
  });

  it("says with core's reason that the state was not taken; nothing is half done, nothing left behind", async () => {
    const state = stateOf({ a: kept(), b: kept("plain text") });
    const project = new FakeProject(state);
    project.break("refuse");
    const file = join(
      temporaryFolder({
        "e.json": JSON.stringify({
          format: 1,
          metadata: { "mock_thing.a": { cost: { data: {} } }, "mock_thing.b": { cost: { data: {} } } },
        }),
      }),
      "e.json",
    );
    const temporary = temporaryFolder();
    vi.stubEnv("TMPDIR", temporary);
    onTestFinished(() => {
      vi.unstubAllEnvs();
    });
    const { code, stderr } = await project.run(["metadata", "import", file]);
    expect(code).toBe(2);
    expect(stderr).toContain("(METADATA_STATE)");
    expect(stderr).toContain("Error acquiring the state lock");
    expect([project.state, project.sidecar]).toEqual([state.toString(), null]);
    expect(readdirSync(temporary)).toEqual([]);
  });
});

describe("airlock metadata get", () => {
  it("prints what one integration stored, or all of them", async () => {
    const project = new FakeProject(stateOf({ a: kept(holding({ cost: { n: 1 }, owner: {} })), b: kept() }));
    const get = async (...args: string[]) => project.run(["metadata", "get", ...args]);
    expect(JSON.parse((await get("mock_thing.a")).stdout)).toEqual({ cost: { n: 1 }, owner: {} });
    expect(JSON.parse((await get("mock_thing.a", ...COST)).stdout)).toEqual({ n: 1 });
    expect(await get("mock_thing.b")).toMatchObject({ code: 0, stdout: "{}\n" });
    expect((await get("mock_thing.b", ...COST)).stderr).toContain("(METADATA_ARGUMENTS)");
    expect((await get("mock_thing.c")).stderr).toContain("(METADATA_ARGUMENTS)");
  });

  it("says of what is damaged that it is", async () => {
    const project = new FakeProject(stateOf({ a: kept(FOREIGN) }));
    expect((await project.run(["metadata", "get", "mock_thing.a"])).stderr).toContain("(METADATA_FOREIGN)");
  });
});

describe("airlock metadata rm", () => {
  const state = stateOf({
    a: kept(holding({ cost: {}, owner: {} })),
    b: kept(holding({ cost: {} }, '{"own":1}')),
    bad: kept(FOREIGN),
  });

  it("removes what an integration stored, or all", async () => {
    const project = new FakeProject(state);
    expect((await project.run([...RM, "mock_thing.a", ...COST])).stdout).toBe("removed mock_thing.a cost\n");
    expect(project.stored).toEqual(["mock_thing.a owner {}", "mock_thing.b cost {}"]);
    expect((await project.run([...RM, "mock_thing.*"])).code).toBe(0);
    expect(project.stored).toEqual([]);
  });

  it("only says so with --dry-run", async () => {
    const project = new FakeProject(state);
    expect((await project.run([...RM, "mock_thing.b", "--dry-run"])).stdout).toBe("would remove mock_thing.b cost\n");
    expect(project.takeAsked()).toEqual(["state pull"]);
  });

  it("removes orphans: of integrations that are not declared, and of resources that are gone", async () => {
    const project = new FakeProject(state, { "airlock.hcl": 'integration "cost" {\n  source = "./c.js"\n}\n' });
    expect((await project.run([...RM, "--orphans"])).stdout).toBe("removed mock_thing.a owner\n");
    expect(project.stored).toEqual(["mock_thing.a cost {}", "mock_thing.b cost {}"]);
    expect(await project.run([...RM, "--orphans"])).toMatchObject({ code: 0, stdout: "" });
  });

  it("removes what is damaged only when it is told so", async () => {
    const project = new FakeProject(state);
    expect((await project.run([...RM, "mock_thing.bad"])).stderr).toContain("(METADATA_ARGUMENTS)");
    expect((await project.run([...RM, "mock_thing.bad", "--damaged"])).code).toBe(0);
    expect(project.state).toContain(Buffer.from('{"own":1}').toString("base64"));
    expect(project.stored).toHaveLength(3);
  });

  it("removes what stands at a deposed object", async () => {
    const deposed = resource({ instances: [kept(), kept(holding({ cost: {} }), { deposed: "ab12" })] });
    const project = new FakeProject(stateOf({}, deposed));
    expect((await project.run([...RM, "*"])).stdout).toBe("removed mock_thing.one (deposed object ab12) cost\n");
    expect(project.stored).toEqual([]);
  });

  it.each([
    [["nothing.there"], "METADATA_ARGUMENTS"],
    [[], "CLI_USAGE"],
    [["*", "--damaged", "--orphans"], "CLI_USAGE"],
    [["*", "--damaged", ...COST], "CLI_USAGE"],
  ])("refuses %j", async (args, error) => {
    const project = new FakeProject(state);
    const { code, stderr } = await project.run([...RM, ...args]);
    expect(code).toBe(2);
    expect(stderr).toContain(`(${error})`);
  });
});
