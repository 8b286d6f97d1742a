import { describe, expect, it } from "vitest";
import { withEntry } from "../../../../src/hosts/terraform/metadata/entry.js";
import { planStage } from "../../../../src/hosts/terraform/stages/plan-stage.js";
import { change, planJson } from "../../plan-file/plans.js";
import { says, SOURCE } from "../interposer/sessions.js";
import { ACTIONS, type ArchiveParts } from "../records/archives.js";
import { instance, resource, stateBytes } from "../records/states.js";
import { fakeStage } from "./stage-runs.js";

/** Private bytes in which an integration `cost` has stored this. */
function privateWith(usd: number): Uint8Array {
  const metadata = new Map([["cost", { version: 0, data: { usd } }]]);
  const written = withEntry(new Uint8Array(0), { id: "an.id", address: "mock_thing.one", metadata });
  if (written.kind !== "stored") throw new Error(written.kind);
  return written.bytes;
}

function stateWith(usd: number, ...more: readonly object[]): string {
  const held = (bytes: number): string => Buffer.from(privateWith(bytes)).toString("base64");
  return stateBytes([resource({ instances: [instance({ private: held(usd) }), ...more] })]).toString();
}

/** A managed resource of the prior state in the plan's JSON. */
const ASIDE = {
  prior_state: {
    values: {
      root_module: {
        resources: [
          {
            address: "mock_thing.one",
            mode: "managed",
            type: "mock_thing",
            name: "one",
            provider_name: SOURCE,
            values: {},
          },
        ],
      },
    },
  },
};
const UPDATED = { resource_changes: [change("mock_thing.one", ["update"], {}, {}, { provider_name: SOURCE })] };

/** What plan-stage-complete is told to be stored, by resource. */
async function storedIn(plan: ArchiveParts, json: object): Promise<unknown> {
  const stage = fakeStage({
    answers: { one: says({}) },
    wants: (hook) => hook === "plan-stage-complete",
    core: () => ({ plan }),
    questions: () => planJson(json),
  });
  await planStage(stage.run, { args: stage.run.place.args, file: stage.run.folder.file("plan") });
  const [complete] = stage.runtime.events.slice(-1);
  return complete?.params;
}

describe("what plan-stage-complete is told of stored metadata", () => {
  it("is what the state has of a resource that the plan leaves aside", async () => {
    expect(await storedIn({ state: stateWith(5) }, ASIDE)).toMatchObject({
      resources: [{ address: "mock_thing.one", action: "no-op", metadata: { cost: { usd: 5 } } }],
    });
  });

  it("is what was planned of a resource that changes, whatever the state has", async () => {
    const changes = [{ action: ACTIONS.update, private: privateWith(7) }];
    expect(await storedIn({ changes, state: stateWith(5) }, UPDATED)).toMatchObject({
      resources: [{ address: "mock_thing.one", action: "update", metadata: { cost: { usd: 7 } } }],
    });
  });

  it("is never that of a deposed object, which has the same address", async () => {
    const deposed = { deposed: "4f2a", private: privateWith(9), action: ACTIONS.delete };
    const changes = [{ action: ACTIONS.update, private: privateWith(7) }, deposed];
    expect(await storedIn({ changes }, UPDATED)).toMatchObject({ resources: [{ metadata: { cost: { usd: 7 } } }] });

    const state = stateWith(5, instance({ deposed: "4f2a", private: Buffer.from(privateWith(9)).toString("base64") }));
    expect(await storedIn({ state }, ASIDE)).toMatchObject({ resources: [{ metadata: { cost: { usd: 5 } } }] });
  });

  it("is nothing where neither has anything", async () => {
    expect(await storedIn({}, ASIDE)).toMatchObject({ resources: [{ metadata: {} }] });
  });
});
