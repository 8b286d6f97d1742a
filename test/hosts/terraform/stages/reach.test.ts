import { describe, expect, it } from "vitest";
import { neededOf, reachOf } from "../../../../src/hosts/terraform/stages/reach.js";
import { SOURCE } from "../interposer/sessions.js";
import { fakeStage, resourceBlock } from "./stage-runs.js";
import type { StageOptions } from "./stage-runs.js";

const OTHER = "registry.opentofu.org/hashicorp/other";
const NONE: Pick<StageOptions, "wants"> = { wants: () => false };

function reach(options: StageOptions, held: readonly (readonly [string, string])[] = []): readonly string[] {
  const { run } = fakeStage(options);
  run.held = held;
  return reachOf(run, [SOURCE, OTHER]);
}

describe("the providers that are stood in front of", () => {
  it("are none where nobody listens to anything", () => {
    expect(reach({ ...NONE, configuration: { resources: [resourceBlock()] } })).toEqual([]);
  });

  it("are those whose types somebody listens to, in the configuration", () => {
    const resources = [
      resourceBlock(),
      resourceBlock({ type: "other_thing", provider: { ...resourceBlock().provider, source: OTHER } }),
    ];
    const wants: StageOptions["wants"] = (hook, type) =>
      hook === "post-plan-resource" && (type === undefined || type === "mock_thing");
    expect(reach({ wants, configuration: { resources } })).toEqual([SOURCE]);
  });

  it("are those whose types the state has, though the configuration has none any more", () => {
    const wants: StageOptions["wants"] = (hook, type) =>
      hook === "pre-apply-resource" && (type === undefined || type === "other_thing");
    expect(
      reach({ wants }, [
        [OTHER, "other_thing"],
        [SOURCE, "mock_thing"],
      ]),
    ).toEqual([OTHER]);
  });

  it("are those whose data somebody listens to", () => {
    const wants: StageOptions["wants"] = (hook) => hook === "pre-read-data";
    expect(reach({ wants, configuration: { resources: [resourceBlock({ mode: "data" })] } })).toEqual([SOURCE]);
  });

  it("are those with integrations under them, whatever these listen to", () => {
    expect(reach({ ...NONE, providers: [{}], integrations: [{}] })).toEqual([SOURCE]);
  });

  it("are all where somebody stands at the gate of configurations", () => {
    expect(reach({ wants: (hook) => hook === "pre-configure-provider" })).toEqual([SOURCE, OTHER]);
  });

  it("are all where the configuration could not be read whole and somebody listens to resources", () => {
    const configuration = { incomplete: true };
    const type: StageOptions["wants"] = (hook, name) => hook === "pre-plan-resource" && name === undefined;
    expect(reach({ wants: type, configuration })).toEqual([SOURCE, OTHER]);
    expect(reach({ ...NONE, configuration })).toEqual([]);
  });

  it("are not those of stage hooks alone", () => {
    const wants: StageOptions["wants"] = (hook) => hook.includes("-stage-");
    expect(reach({ wants, configuration: { resources: [resourceBlock()] } })).toEqual([]);
  });

  it("are found by their whole address, however the configuration writes it", () => {
    const provider = { ...resourceBlock().provider, source: "hashicorp/mock" };
    const wants: StageOptions["wants"] = (hook) => hook === "post-plan-resource";
    expect(reach({ wants, configuration: { resources: [resourceBlock({ provider })] } })).toEqual([SOURCE]);
  });

  it("are only among those that core will use", () => {
    const { run } = fakeStage({ configuration: { resources: [resourceBlock()] } });
    expect(reachOf(run, [OTHER])).toEqual([OTHER]);
    expect(reachOf(run, [])).toEqual([]);
  });
});

describe("the providers that core will ask", () => {
  it("are those that the configuration requires or the state has objects of", () => {
    const { run } = fakeStage({ ...NONE, configuration: { requiredProviders: new Set([SOURCE]) } });
    expect(neededOf(run, [SOURCE, OTHER])).toEqual([SOURCE]);
    run.held = [[OTHER, "other_thing"]];
    expect(neededOf(run, [SOURCE, OTHER])).toEqual([SOURCE, OTHER]);
  });

  it("are no others, though they are locked", () => {
    const { run } = fakeStage({ ...NONE, configuration: { requiredProviders: new Set() } });
    expect(neededOf(run, [SOURCE, OTHER])).toEqual([]);
  });
});
