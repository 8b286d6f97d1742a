import { describe, expect, it } from "vitest";
import { MAX_JSON_DEPTH } from "../../../../src/protocol/limits.js";
import { isResourceEvent } from "../../../../src/protocol/events.js";
import { parsePlan } from "../../../../src/hosts/plan-file/parse-plan.js";
import { viewPlan } from "../../../../src/hosts/plan-file/plan-view.js";
import { audienceOf, IN_CORE, judgeRest } from "../../../../src/hosts/terraform/stages/judge-rest.js";
import type { PlannedChange } from "../../../../src/hosts/terraform/records/plan-archive.js";
import type { StageRun } from "../../../../src/hosts/terraform/stages/run.js";
import { resourceEvent } from "../../../support/projects.js";
import { change, planJson } from "../../plan-file/plans.js";
import { marked, says, SOURCE } from "../interposer/sessions.js";
import { planOf } from "../records/books.js";
import { fakeStage } from "./stage-runs.js";
import type { StageOptions } from "./stage-runs.js";
import { SecretSet } from "../../../../src/hosts/sensitive/secret-set.js";

const CORE_PROVIDER = `provider["${IN_CORE}"]`;
const MOCK_PROVIDER = `provider["${SOURCE}"]`;

interface Planned {
  readonly archive?: readonly Partial<PlannedChange>[] | null;
  readonly json: readonly object[];
}

/** Says that the object of the id `seen` was judged by its call. */
async function judged(run: StageRun): Promise<void> {
  await run.judge.ask(resourceEvent("mock_thing.one"), audienceOf(run, SOURCE, null), "seen");
}

/** What a test does with its run before. */
type Prepare = (stage: ReturnType<typeof fakeStage>) => Promise<void>;

/** What was asked behind a plan: `hook address` of each event. */
async function rest({ archive = [], json }: Planned, options: StageOptions = {}, prepare?: Prepare) {
  const stage = fakeStage({ answers: { one: says({}) }, ...options });
  await prepare?.(stage);
  stage.runtime.events.splice(0);
  let views = 0;
  const view = () => {
    views += 1;
    return Promise.resolve(
      viewPlan(parsePlan(Buffer.from(planJson({ resource_changes: json })), "plan", MAX_JSON_DEPTH), new SecretSet()),
    );
  };
  const results = await judgeRest(stage.run, archive === null ? null : planOf(...archive), view);
  const asked = stage.runtime.events.map(
    (event) => `${event.hook} ${isResourceEvent(event) ? event.params.address : ""}`,
  );
  return { ...stage, results, asked, views };
}

const inCore = (address: string, actions: string[] = ["create"]) =>
  change(address, actions, actions[0] === "create" ? null : { a: 1 }, actions[0] === "delete" ? null : { a: 2 }, {
    provider_name: IN_CORE,
    mode: "managed",
    type: "terraform_data",
    name: address.split(".").at(-1),
  });
const BOTH = (address: string) => [`pre-plan-resource ${address}`, `post-plan-resource ${address}`];

describe("what core planned without asking a provider", () => {
  it("is judged from the plan: resources inside core", async () => {
    const { asked, runtime } = await rest({
      archive: [{ address: "terraform_data.one", provider: CORE_PROVIDER }],
      json: [inCore("terraform_data.one")],
    });
    expect(asked).toEqual(BOTH("terraform_data.one"));
    expect(runtime.events.map(({ params }) => params)).toMatchObject([
      { action: "create", before: null, after: null },
      { action: "create", before: null, after: { a: 2 }, provider: { source: IN_CORE, alias: null } },
    ]);
  });

  it("is judged: deletions by providers that are not asked about them", async () => {
    const { asked } = await rest({
      archive: [{ address: "mock_thing.gone", provider: MOCK_PROVIDER, isDelete: true }],
      json: [change("mock_thing.gone", ["delete"], { a: 1 }, null, { provider_name: SOURCE })],
    });
    expect(asked).toEqual(BOTH("mock_thing.gone"));
  });

  it("is judged also of deposed objects, and not taken for the current one", async () => {
    const { asked } = await rest(
      {
        archive: [
          { address: "mock_thing.one", provider: MOCK_PROVIDER, private: marked("seen") },
          { address: "mock_thing.one", provider: MOCK_PROVIDER, deposed: "0a", isDelete: true },
        ],
        json: [
          change("mock_thing.one", ["update"], { a: 1 }, { a: 2 }, { provider_name: SOURCE }),
          change("mock_thing.one", ["delete"], { a: 0 }, null, { provider_name: SOURCE, deposed: "0a" }),
        ],
      },
      {},
      ({ run }) => judged(run),
    );
    expect(asked).toEqual(BOTH("mock_thing.one"));
  });

  it("is not judged again where its call was", async () => {
    const { asked, views } = await rest(
      {
        archive: [{ address: "mock_thing.one", provider: MOCK_PROVIDER, private: marked("seen") }],
        json: [change("mock_thing.one", ["create"], null, { a: 1 }, { provider_name: SOURCE })],
      },
      {},
      ({ run }) => judged(run),
    );
    expect([asked, views]).toEqual([[], 0]);
  });

  it("is judged when its id is of an object that was not judged", async () => {
    const { asked } = await rest({
      archive: [{ address: "mock_thing.one", provider: MOCK_PROVIDER, private: marked("never seen") }],
      json: [change("mock_thing.one", ["delete"], { a: 1 }, null, { provider_name: SOURCE })],
    });
    expect(asked).toHaveLength(2);
  });

  it("is not judged again where only its value tells that it was", async () => {
    const { asked } = await rest(
      {
        archive: ["a", "b"].map((name) => ({ address: `mock_thing.${name}`, provider: MOCK_PROVIDER })),
        json: ["a", "b"].map((name) =>
          change(`mock_thing.${name}`, ["create"], null, { a: 1 }, { provider_name: SOURCE }),
        ),
      },
      {},
      ({ run }) => {
        run.judge.noteUnmarked("mock_thing", { a: 1 });
        return Promise.resolve();
      },
    );
    expect(asked).toEqual(BOTH("mock_thing.b"));
  });

  it("is no data, and nothing whose provider cannot be told", async () => {
    const { asked, views } = await rest({
      archive: [
        { address: "data.mock_thing.one", provider: MOCK_PROVIDER },
        { address: "mock_thing.one", provider: "provider.mock" },
        { address: "no address", provider: MOCK_PROVIDER },
      ],
      json: [],
    });
    expect([asked, views]).toEqual([[], 0]);
  });

  it("is not looked at when nobody listens", async () => {
    const planned = {
      archive: [{ address: "terraform_data.one", provider: CORE_PROVIDER }],
      json: [inCore("terraform_data.one")],
    };
    expect(await rest(planned, { wants: () => false })).toMatchObject({ asked: [], views: 0 });
    const wants: StageOptions["wants"] = (hook, type) => hook === "post-plan-resource" && type !== "terraform_data";
    expect(await rest(planned, { wants })).toMatchObject({ asked: [], views: 0 });
  });

  it("of an encrypted plan is judged rather twice than not at all", async () => {
    const { asked } = await rest({
      archive: null,
      json: [
        inCore("terraform_data.one"),
        change("mock_thing.gone", ["delete"], { a: 1 }, null, { provider_name: SOURCE }),
        change("mock_thing.new", ["create"], null, { a: 1 }, { provider_name: SOURCE }),
      ],
    });
    expect(asked).toEqual([...BOTH("terraform_data.one"), ...BOTH("mock_thing.gone")]);
  });
});

describe("what integrations say of it", () => {
  const planned = {
    archive: [{ address: "terraform_data.one", provider: CORE_PROVIDER }],
    json: [inCore("terraform_data.one")],
  };

  it.each(["fail", "error"] as const)("stops at the first moment when it is %s", async (status) => {
    const { asked, results } = await rest(planned, { answers: { one: says({ status }) } });
    expect(asked).toEqual(["pre-plan-resource terraform_data.one"]);
    expect(results).toMatchObject([{ status, address: "terraform_data.one" }]);
  });

  it("is heard of both moments otherwise", async () => {
    const { results } = await rest(planned, { answers: { one: says({ status: "warn" }) } });
    expect(results.map(({ hook }) => hook)).toEqual(["pre-plan-resource", "post-plan-resource"]);
  });

  it("comes from the guests of its provider configuration, too", async () => {
    const { runtime } = await rest(
      {
        archive: [{ address: "mock_thing.gone", provider: MOCK_PROVIDER }],
        json: [change("mock_thing.gone", ["delete"], { a: 1 }, null, { provider_name: SOURCE })],
      },
      { providers: [{}], integrations: [{}] },
      async ({ run }) => {
        const [block] = run.project.providers.find(SOURCE, ["tagger"], {});
        if (block !== undefined) await run.joined.join(block, new Map([["tagger", { source: "./tagger" }]]));
      },
    );
    expect(runtime.audiences).toEqual(Array(2).fill({ project: true, provider: "mock" }));
  });
});
