import { describe, expect, it } from "vitest";
import { rekeyByState, stateViews } from "../../../../src/hosts/terraform/stages/state-views.js";
import { ResourceViewSchema } from "../../../../src/protocol/events.js";
import * as v from "valibot";
import { resultOf } from "../../fake-runtime.js";
import { marked, SOURCE } from "../interposer/sessions.js";
import { instance, resource, stateBytes } from "../records/states.js";
import { fakeStage } from "./stage-runs.js";
import { TOKEN } from "../../../support/tokens.js";

/** `show -json` of a state with these resources in the root module, and these in a child module. */
function showState(resources: readonly object[], inChild: readonly object[] = []): string {
  const child = { address: "module.m", resources: inChild };
  const values = { root_module: { resources, child_modules: [child] } };
  return JSON.stringify({ format_version: "1.0", terraform_version: "1.12.6", values });
}

function shown(address: string, parts: object = {}): object {
  const [type, name] = address
    .replace(/^(module\.m\.)?(data\.)?/, "")
    .replace(/\[.*$/, "")
    .split(".");
  const mode = address.includes("data.") ? "data" : "managed";
  const values = { id: "i-1", secret: "hunter2-hunter2" };
  const base = { address, mode, type, name, provider_name: SOURCE, schema_version: 0, values };
  return { ...base, sensitive_values: { secret: true }, ...parts };
}

describe("every object of the state", () => {
  it("is as integrations may see it: secrets taken out", async () => {
    const { run } = fakeStage({ questions: () => showState([shown('mock_thing.one["k"]', { index: "k" })]) });
    const [view, ...others] = await stateViews(run);
    expect(others).toEqual([]);
    expect(v.parse(ResourceViewSchema, view)).toEqual(view);
    expect(view).toEqual({
      address: 'mock_thing.one["k"]',
      mode: "managed",
      type: "mock_thing",
      name: "one",
      index: "k",
      module: null,
      provider: { source: SOURCE, alias: null },
      action: "no-op",
      before: { id: "i-1", secret: TOKEN },
      after: { id: "i-1", secret: TOKEN },
      after_unknown: {},
      sensitive: [["secret"]],
      metadata: {},
    });
  });

  it("is there, of modules and data too, and copies of secrets are nowhere", async () => {
    const copy = shown("module.m.mock_thing.two", { values: { note: "x hunter2-hunter2 y" }, sensitive_values: {} });
    const { run } = fakeStage({
      questions: () => showState([shown("data.mock_thing.one"), shown("mock_thing.one")], [copy]),
    });
    const views = await stateViews(run);
    expect(views.map(({ address, module }) => [address, module])).toEqual([
      ["data.mock_thing.one", null],
      ["mock_thing.one", null],
      ["module.m.mock_thing.two", "module.m"],
    ]);
    expect(JSON.stringify(views)).not.toContain("hunter2");
  });

  it("has the alias that only the state's own file tells", async () => {
    const provider = `provider["${SOURCE}"].eu`;
    const state = stateBytes([resource({ provider })]).toString();
    const { run } = fakeStage({
      files: { "terraform.tfstate": state },
      questions: () => showState([shown("mock_thing.one"), shown("mock_thing.two")]),
    });
    expect((await stateViews(run)).map(({ provider: { alias } }) => alias)).toEqual(["eu", null]);
  });

  it("brings what was attached to it in this run", async () => {
    const { run } = fakeStage({ questions: () => showState([shown("mock_thing.one")]) });
    run.metadata.keep("mock_thing.one", new Map([["tagger", { version: 0, data: { cost: 1 } }]]));
    expect(await stateViews(run)).toMatchObject([{ metadata: { tagger: { cost: 1 } } }]);
  });

  it("may be none, and a mode that is newer than we are is left out", async () => {
    const empty = fakeStage({ questions: () => '{"format_version":"1.0"}' });
    expect(await stateViews(empty.run)).toEqual([]);
    const odd = fakeStage({ questions: () => showState([shown("mock_thing.one", { mode: "ephemeral" })]) });
    expect(await stateViews(odd.run)).toEqual([]);
  });
});

describe("results whose address only the new state tells", () => {
  const state = stateBytes([
    resource({ instances: [instance({ private: Buffer.from(marked("an.id")).toString("base64") })] }),
  ]);

  it("get it", async () => {
    const { run } = fakeStage({ files: { "terraform.tfstate": state } });
    run.judge.keep([resultOf()], "an.id");
    await rekeyByState(run, run.newBook());
    expect(run.judge.results).toMatchObject([{ address: "mock_thing.one" }]);
  });

  it("are looked for only when there are any", async () => {
    const { run, asked } = fakeStage({ configuration: { backend: "s3" } });
    run.judge.keep([resultOf({ address: "mock_thing.two" })], "an.id");
    await rekeyByState(run, run.newBook());
    expect([asked, run.judge.results[0]?.address]).toEqual([[], "mock_thing.two"]);
  });
});
