import { describe, expect, it } from "vitest";
import { planStage } from "../../../../src/hosts/terraform/stages/plan-stage.js";
import { isResourceEvent } from "../../../../src/protocol/events.js";
import { rejectedCode } from "../../../support/codes.js";
import { planFile } from "../records/archives.js";
import { change, planJson } from "../../plan-file/plans.js";
import { resultOf } from "../../fake-runtime.js";
import { Dynamic, encode } from "../interposer/messages.js";
import { marked, says, SOURCE } from "../interposer/sessions.js";
import { resource, instance, stateBytes } from "../records/states.js";
import { fakeStage } from "./stage-runs.js";
import type { FakeCore, StageOptions } from "./stage-runs.js";

const GONE = {
  archive: { address: "mock_thing.gone", provider: `provider["${SOURCE}"]`, action: 5 },
  json: change("mock_thing.gone", ["delete"], { a: 1 }, null, { provider_name: SOURCE }),
};

async function plan(core: FakeCore, options: StageOptions = {}) {
  const stage = fakeStage({
    answers: { one: says({}) },
    core: () => core,
    questions: () => planJson({ resource_changes: [GONE.json] }),
    ...options,
  });
  const { args } = stage.run.place;
  const planned = await planStage(stage.run, { args, file: stage.run.folder.file("plan") });
  return { ...stage, planned };
}

const hooks = ({ runtime }: { readonly runtime: { readonly events: readonly { readonly hook: string }[] } }) =>
  runtime.events.map(({ hook }) => hook);

describe("planning", () => {
  it("is begun and completed, with what no call was made for in between", async () => {
    const done = await plan({ plan: { changes: [GONE.archive] } });
    expect(hooks(done)).toEqual(["plan-stage-start", "pre-plan-resource", "post-plan-resource", "plan-stage-complete"]);
    expect(done.planned).toMatchObject({ code: 0, accepted: true });
    const [complete] = done.runtime.events.slice(-1);
    expect(complete?.params).toMatchObject({ resources: [{ address: "mock_thing.gone", action: "delete" }] });
  });

  it.each([0, 2])("with core's code %i is good", async (code) => {
    expect((await plan({ code, plan: {} })).planned).toMatchObject({ code, accepted: true });
  });

  it("tells core to write the plan where we want it, whatever the user wrote", async () => {
    const { starts, run } = await plan({ plan: {} }, { argv: ["plan", "-out=mine", "-lock=false"] });
    expect(starts.map(({ phase, args }) => [phase, args.flags("out"), args.has("lock")])).toEqual([
      ["plan", [run.folder.file("plan")], true],
    ]);
  });

  it.each([
    [["plan", "-destroy"], "destroy-plan"],
    [["plan", "-destroy=false"], "plan"],
    [["plan", "-refresh-only"], "plan"],
  ] as const)("of %j is of the phase %s", async (argv, phase) => {
    expect((await plan({ plan: {} }, { argv })).starts).toMatchObject([{ phase }]);
  });

  it("is not begun when somebody fails its start", async () => {
    const { planned, starts } = await plan(
      { plan: {} },
      { answers: { one: says({ status: "fail" }, "plan-stage-start") } },
    );
    expect([planned.code, planned.accepted, starts]).toEqual([1, false, []]);
    await expect(planned.view()).rejects.toThrow();
  });

  it.each(["plan-stage-complete", "post-plan-resource"])("is not accepted when somebody fails %s", async (hook) => {
    const answers = { one: says({ status: "fail", message: "no" }, hook) };
    const { planned, terminal } = await plan({ plan: { changes: [GONE.archive] } }, { answers });
    expect(planned.accepted).toBe(false);
    expect(terminal.shown).toMatchObject([{ severity: "error", summary: "one: no" }]);
  });

  it("is accepted with warnings, which are shown", async () => {
    const { planned, terminal } = await plan(
      { plan: {} },
      { answers: { one: says({ status: "warn", message: "hm" }) } },
    );
    expect(planned.accepted).toBe(true);
    expect(terminal.shown.map(({ summary }) => summary)).toEqual(["one: hm", "one: hm"]);
  });

  it("is not accepted when a call within core was failed, though core's own code were good", async () => {
    const stage = fakeStage({ core: () => ({ plan: {} }), answers: { one: says({}) }, questions: () => planJson({}) });
    stage.run.judge.keep([resultOf({ status: "fail" })]);
    const file = stage.run.folder.file("plan");
    expect((await planStage(stage.run, { args: stage.run.place.args, file })).accepted).toBe(false);
  });

  it("that core could not do is not judged", async () => {
    const done = await plan({ code: 1 });
    expect(done.planned).toMatchObject({ code: 1, accepted: false, archive: null });
    expect(hooks(done)).toEqual(["plan-stage-start"]);
  });

  it("reads the plan's JSON once, and only when somebody wants to see it", async () => {
    const all = await plan({ plan: { changes: [GONE.archive] } });
    await all.planned.view();
    expect(all.asked).toHaveLength(1);
    expect((await plan({ plan: {} }, { wants: () => false })).asked).toEqual([]);
  });

  it("that left no plan is an error", async () => {
    expect(await rejectedCode(plan({}))).toBe("RECORDS_PLAN_FILE");
  });

  it("of an encrypted plan is judged by what core says of it", async () => {
    const encrypted = planFile('{"encrypted_data":""}');
    const stage = fakeStage({
      answers: { one: says({}) },
      questions: () => planJson({ resource_changes: [GONE.json] }),
    });
    const { planned, runtime } = {
      ...stage,
      planned: await planStage(stage.run, { args: stage.run.place.args, file: encrypted }),
    };
    expect(planned).toMatchObject({ archive: null, accepted: true });
    expect(runtime.events.filter(isResourceEvent)).toHaveLength(2);
  });
});

describe("what the finished plan tells", () => {
  const PLAN = { changes: [{ address: "mock_thing.new[0]", private: marked("an.id") }] };

  /** Says things while core plans, as calls of providers would. */
  async function during(
    say: (run: ReturnType<typeof fakeStage>["run"]) => void,
    core: FakeCore = { plan: PLAN },
    options: StageOptions = {},
  ) {
    const stage: ReturnType<typeof fakeStage> = fakeStage({
      wants: () => false,
      ...options,
      core: () => {
        say(stage.run);
        return core;
      },
    });
    const file = stage.run.folder.file("plan");
    return { ...stage, planned: await planStage(stage.run, { args: stage.run.place.args, file }) };
  }

  it("gives results their exact addresses", async () => {
    const { run } = await during(({ judge }) => {
      judge.keep([resultOf()], "an.id");
    });
    expect(run.judge.results).toMatchObject([{ address: "mock_thing.new[0]" }]);
  });

  it("gives them also when core ended with an error, as far as it planned", async () => {
    const { run, planned } = await during(
      ({ judge }) => {
        judge.keep([resultOf({ status: "fail" })], "an.id");
      },
      { code: 1, plan: PLAN },
    );
    expect(run.judge.results).toMatchObject([{ address: "mock_thing.new[0]" }]);
    expect(planned).toMatchObject({ code: 1, accepted: false });
  });

  it("shows what core did not print, with its address", async () => {
    const diagnostic = { severity: "warning", summary: "hm", detail: "", path: null } as const;
    const { terminal, run } = await during(({ unshown }) => {
      unshown.push({ diagnostic, id: "an.id" }, { diagnostic, id: "unknown" });
    });
    expect(terminal.shown).toMatchObject([{ summary: "hm", address: "mock_thing.new[0]" }, { address: null }]);
    expect(run.unshown).toEqual([]);
  });

  it("teaches the values of sensitive variables", async () => {
    const variables = { password: encode(new Dynamic('"string"', "hunter2-hunter2")) };
    const sensitiveVariables = [{ modulePath: [], name: "password", defaultValue: undefined }];
    const { run } = await during(() => undefined, { plan: { variables } }, { configuration: { sensitiveVariables } });
    expect(run.secrets.matches("hunter2-hunter2")).toBe(true);
  });
});

describe("the addresses that are known while core plans", () => {
  it("are those of the state, where moved blocks put them", async () => {
    const bytes = Buffer.from(marked("an.id")).toString("base64");
    const files = { "terraform.tfstate": stateBytes([resource({ instances: [instance({ private: bytes })] })]) };
    const location = { file: "main.tf", line: 1, column: 1 };
    const refactorings = [
      { kind: "moved" as const, modulePath: [], from: "mock_thing.one", to: "mock_thing.two", location },
      { kind: "import" as const, modulePath: [], from: null, to: "mock_other.new", location },
    ];
    const { starts } = await plan({ plan: {} }, { files, configuration: { refactorings } });
    const book = starts[0]?.book;
    expect(book?.ofId("an.id")?.address).toBe("mock_thing.two");
    expect(book?.ofObject("managed", "mock_other", null, {}).address).toBe("mock_other.new");
  });
});
