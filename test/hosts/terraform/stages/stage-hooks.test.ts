import { describe, expect, it } from "vitest";
import { isGood, showResults, stageHook } from "../../../../src/hosts/terraform/stages/stage-hooks.js";
import type { ResourceView } from "../../../../src/protocol/events.js";
import { rejectedCode, thrownCode } from "../../../support/codes.js";
import { resultOf } from "../../fake-runtime.js";
import { says, SOURCE } from "../interposer/sessions.js";
import { fakeStage } from "./stage-runs.js";
import type { StageOptions } from "./stage-runs.js";

const UNDER: StageOptions = {
  providers: [{}, { alias: "eu" }],
  integrations: [{}, { alias: "eu" }],
  answers: { one: says({}) },
};

function view(address: string, alias: string | null, source = SOURCE): ResourceView {
  return {
    address,
    mode: "managed",
    type: "mock_thing",
    name: "one",
    index: null,
    module: null,
    provider: { source, alias },
    action: "no-op",
    before: null,
    after: null,
    after_unknown: {},
    sensitive: [],
    metadata: {},
  };
}

async function withGuests(options: StageOptions = UNDER) {
  const stage = fakeStage(options);
  for (const alias of [null, "eu"]) {
    const block = stage.run.project.providers.find(SOURCE, ["tagger"], {}).find((one) => one.alias === alias);
    if (block !== undefined) await stage.run.joined.join(block, new Map([["tagger", { source: "./tagger" }]]));
  }
  return stage;
}

describe("a hook of a whole stage", () => {
  it("is fired for the project, and for each provider configuration that has guests", async () => {
    const { run, runtime } = await withGuests();
    expect(await stageHook(run, "plan-stage-start")).toBe(true);
    expect(runtime.audiences).toEqual([
      { project: true, provider: null },
      { project: false, provider: "mock" },
      { project: false, provider: "mock.eu" },
    ]);
    expect(runtime.events.map(({ params }) => params)).toEqual(Array(3).fill({ run: run.run }));
  });

  it("shows those under a provider what belongs to it, and the project all", async () => {
    const { run, runtime } = await withGuests();
    const views = [view("a.a", null), view("a.b", "eu"), view("a.c", "us"), view("a.d", null, "example.com/a/b")];
    await stageHook(run, "plan-stage-complete", () => Promise.resolve(views));
    const seen = runtime.events.map(({ params }) =>
      ("resources" in params ? (params.resources ?? []) : []).map(({ address }) => address),
    );
    expect(seen).toEqual([["a.a", "a.b", "a.c", "a.d"], ["a.a"], ["a.b"]]);
  });

  it("does not make the whole view when nobody wants to see it", async () => {
    const { run, runtime } = fakeStage({ wants: () => false });
    let made = 0;
    const views = () => {
      made += 1;
      return Promise.resolve([]);
    };
    expect(await stageHook(run, "plan-stage-complete", views)).toBe(true);
    expect([made, runtime.events]).toEqual([0, []]);
  });

  it("is fired only for those that want it", async () => {
    const wants: StageOptions["wants"] = (_hook, _type, audience) => audience?.provider === "mock.eu";
    const { run, runtime } = await withGuests({ ...UNDER, wants });
    await stageHook(run, "apply-stage-start");
    expect(runtime.audiences).toEqual([{ project: false, provider: "mock.eu" }]);
  });

  it.each([
    ["success", true, []],
    ["warn", true, ["warning"]],
    ["fail", false, ["error"]],
    ["error", false, ["error"]],
  ] as const)("that somebody answers with %s: it goes on %s", async (status, good, severities) => {
    const { run, terminal } = fakeStage({ answers: { one: says({ status }) } });
    expect(await stageHook(run, "apply-stage-start")).toBe(good);
    expect(terminal.shown.map(({ severity }) => severity)).toEqual(severities);
  });

  it("is asked of all, though the first fails", async () => {
    const { run, runtime, terminal } = await withGuests({ ...UNDER, answers: { one: says({ status: "fail" }) } });
    expect(await stageHook(run, "apply-stage-start")).toBe(false);
    expect([runtime.events.length, terminal.shown.length]).toEqual([3, 3]);
  });
});

describe("results that core cannot show", () => {
  it("are shown with their addresses", () => {
    const { run, terminal } = fakeStage();
    showResults(run, [
      resultOf({ status: "fail", message: "a", address: "t.a" }),
      resultOf({ message: "b" }),
      resultOf({ status: "warn", message: "c" }),
    ]);
    expect(terminal.shown).toMatchObject([
      { severity: "error", summary: "one: a", address: "t.a" },
      { severity: "warning", summary: "one: c", address: null },
    ]);
  });

  it("are not worth showing when the user stopped the run", async () => {
    const { run, terminal } = fakeStage({ interrupt: AbortSignal.abort(), answers: { one: says({ status: "fail" }) } });
    expect(
      thrownCode(() => {
        showResults(run, [resultOf({ status: "fail" })]);
      }),
    ).toBe("LIVE_INTERRUPTED");
    expect(await rejectedCode(stageHook(run, "plan-stage-start"))).toBe("LIVE_INTERRUPTED");
    expect(terminal.shown).toEqual([]);
  });

  it("let a stage go on when none failed or broke", () => {
    expect(isGood([])).toBe(true);
    expect(isGood([resultOf({ status: "warn" }), resultOf()])).toBe(true);
    expect(isGood([resultOf(), resultOf({ status: "fail" })])).toBe(false);
    expect(isGood([resultOf({ status: "error" })])).toBe(false);
  });
});
