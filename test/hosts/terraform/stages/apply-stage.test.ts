import { describe, expect, it } from "vitest";
import { MAX_JSON_DEPTH } from "../../../../src/protocol/limits.js";
import { parsePlan } from "../../../../src/hosts/plan-file/parse-plan.js";
import { viewPlan } from "../../../../src/hosts/plan-file/plan-view.js";
import { applyStage } from "../../../../src/hosts/terraform/stages/apply-stage.js";
import { IN_CORE } from "../../../../src/hosts/terraform/stages/judge-rest.js";
import { isResourceEvent } from "../../../../src/protocol/events.js";
import { change, planJson } from "../../plan-file/plans.js";
import { resultOf } from "../../fake-runtime.js";
import { marked, says } from "../interposer/sessions.js";
import { planOf } from "../records/books.js";
import { attribute, instance, resource, stateBytes } from "../records/states.js";
import { fakeStage } from "./stage-runs.js";
import type { FakeCore, StageOptions } from "./stage-runs.js";
import { TOKEN } from "../../../support/tokens.js";
import { SecretSet } from "../../../../src/hosts/sensitive/secret-set.js";

const CORE_CHANGE = { address: "terraform_data.one", provider: `provider["${IN_CORE}"]` };

function inCore(name: string, actions: string[], before: unknown, after: unknown): object {
  const own = { provider_name: IN_CORE, mode: "managed", type: "terraform_data", name };
  return change(`terraform_data.${name}`, actions, before, after, own);
}

/** `show -json` of a state that has these resources inside core. */
function stateOf(resources: Readonly<Record<string, object>>): string {
  const all = Object.entries(resources).map(([name, values]) => ({
    address: `terraform_data.${name}`,
    mode: "managed",
    type: "terraform_data",
    name,
    provider_name: IN_CORE,
    values,
    sensitive_values: { input: true },
  }));
  return JSON.stringify({ format_version: "1.0", values: { root_module: { resources: all } } });
}

interface Case {
  readonly changes?: readonly object[];
  readonly after?: Readonly<Record<string, object>>;
  readonly core?: FakeCore;
  readonly archive?: ReturnType<typeof planOf> | null;
}

async function apply(given: Case = {}, options: StageOptions = {}) {
  const stage = fakeStage({
    argv: ["apply", "the-plan"],
    answers: { one: says({}) },
    core: () => given.core ?? {},
    questions: () => stateOf(given.after ?? {}),
    ...options,
  });
  let views = 0;
  const code = await applyStage(stage.run, {
    args: stage.run.place.args,
    archive: given.archive === undefined ? planOf(CORE_CHANGE) : given.archive,
    view: () => {
      views += 1;
      const json = planJson({ resource_changes: given.changes ?? [] });
      return Promise.resolve(viewPlan(parsePlan(Buffer.from(json), "plan", MAX_JSON_DEPTH), new SecretSet()));
    },
  });
  const asked = stage.runtime.events.map((event) =>
    isResourceEvent(event) ? `${event.hook} ${event.params.address ?? ""}` : event.hook,
  );
  return { ...stage, code, asked, views };
}

const CREATE = inCore("one", ["create"], null, { input: "planned" });

describe("applying a plan", () => {
  it("is begun and completed around core, which applies exactly that plan", async () => {
    const { code, asked, starts } = await apply({ core: { code: 0 } });
    expect(code).toBe(0);
    expect(asked).toEqual(["apply-stage-start", "apply-stage-complete"]);
    expect(starts).toMatchObject([{ phase: "apply", args: { positional: ["the-plan"] } }]);
  });

  it("gives core's code, and is completed also when core could not do all of it", async () => {
    const { code, asked } = await apply({ core: { code: 1 } });
    expect([code, asked.at(-1)]).toEqual([1, "apply-stage-complete"]);
  });

  it("is not begun when somebody fails its start", async () => {
    const { code, starts } = await apply({}, { answers: { one: says({ status: "fail" }, "apply-stage-start") } });
    expect([code, starts]).toEqual([1, []]);
  });

  it("knows addresses from the plan and from the state inside it, and learns its secrets", async () => {
    const one = instance({
      attributes: { password: "hunter2-hunter2" },
      sensitive_attributes: [[attribute("password")]],
      private: Buffer.from(marked("of.state")).toString("base64"),
    });
    const state = stateBytes([resource({ instances: [one] })]);
    const archive = { ...planOf({ address: "mock_thing.two", private: marked("of.plan") }), state };
    const { starts, run } = await apply({ archive });
    const book = starts[0]?.book;
    expect([book?.ofId("of.state")?.address, book?.ofId("of.plan")?.address]).toEqual([
      "mock_thing.one",
      "mock_thing.two",
    ]);
    expect(run.secrets.matches("hunter2-hunter2")).toBe(true);
  });

  it("of a plan whose state cannot be read leaves addresses in doubt, and nothing else", async () => {
    const archive = { ...planOf(), state: Buffer.from("damaged") };
    expect((await apply({ archive })).code).toBe(0);
  });

  it("gives results the addresses that only the new state tells", async () => {
    const one = instance({ private: Buffer.from(marked("an.id")).toString("base64") });
    const files = { "terraform.tfstate": stateBytes([resource({ instances: [one] })]) };
    const stage = fakeStage({ argv: ["apply", "p"], wants: () => false, files });
    stage.run.judge.keep([resultOf()], "an.id");
    await applyStage(stage.run, {
      args: stage.run.place.args,
      archive: null,
      view: () => Promise.reject(new Error("no")),
    });
    expect(stage.run.judge.results).toMatchObject([{ address: "mock_thing.one" }]);
  });
});

describe("resources inside core", () => {
  it("are judged before core applies, and after it with their new values", async () => {
    const { asked, runtime, starts } = await apply({
      changes: [CREATE],
      after: { one: { input: "s", output: "known" } },
    });
    expect(asked).toEqual([
      "apply-stage-start",
      "pre-apply-resource terraform_data.one",
      "post-apply-resource terraform_data.one",
      "apply-stage-complete",
    ]);
    expect(runtime.events[1]?.params).toMatchObject({ action: "create", after: { input: "planned" } });
    expect(runtime.events[2]?.params).toMatchObject({
      action: "create",
      after: { input: TOKEN, output: "known" },
      after_unknown: {},
      sensitive: [["input"]],
    });
    expect(starts).toHaveLength(1);
  });

  it("stop everything when they are failed before", async () => {
    const answers = { one: says({ status: "fail" }, "pre-apply-resource") };
    const { code, starts, asked } = await apply({ changes: [CREATE] }, { answers });
    expect([code, starts]).toEqual([1, []]);
    expect(asked).not.toContain("apply-stage-complete");
  });

  it.each<[string, object, Readonly<Record<string, object>>, boolean]>([
    ["was created", CREATE, { one: {} }, true],
    ["was not created, because core stopped", CREATE, {}, false],
    ["was deleted", inCore("one", ["delete"], { a: 1 }, null), {}, true],
    ["was not deleted, because core stopped", inCore("one", ["delete"], { a: 1 }, null), { one: { a: 1 } }, false],
    ["was updated", inCore("one", ["update"], { a: 1 }, { a: 2 }), { one: { a: 2 } }, true],
  ])("are told after it only when it happened: one %s", async (_, planned, after, isTold) => {
    const { asked } = await apply({ changes: [planned], after, core: { code: 1 } });
    expect(asked.includes("post-apply-resource terraform_data.one")).toBe(isTold);
  });

  it("that do not change are not judged, and neither are others here", async () => {
    const changes = [
      inCore("one", ["no-op"], { a: 1 }, { a: 1 }),
      change("mock_thing.one", ["create"], null, { a: 1 }),
    ];
    expect((await apply({ changes })).asked).toEqual(["apply-stage-start", "apply-stage-complete"]);
  });

  it("are not looked for when the plan has none, or nobody listens", async () => {
    expect((await apply({ archive: planOf({}) })).views).toBe(0);
    expect((await apply({}, { wants: (hook) => hook === "apply-stage-start" })).views).toBe(0);
  });

  it("are looked for in an encrypted plan", async () => {
    const { views, asked } = await apply({ archive: null, changes: [CREATE] });
    expect(views).toBe(1);
    expect(asked).toContain("pre-apply-resource terraform_data.one");
  });
});
