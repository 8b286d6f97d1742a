import * as v from "valibot";
import { describe, expect, it } from "vitest";
import { planPhases } from "../../../src/hosts/plan-file/plan-events.js";
import { viewPlan } from "../../../src/hosts/plan-file/plan-view.js";
import { PARAMS_SCHEMAS, isResourceEvent } from "../../../src/protocol/events.js";
import type { AirlockEvent } from "../../../src/protocol/events.js";
import { RUN, change, eventsOf, onlyParams, planEvents, planFileOf, planOf } from "./plans.js";
import { SecretSet } from "../../../src/hosts/sensitive/secret-set.js";

const names = (events: readonly AirlockEvent[]) =>
  events.map((event) => (isResourceEvent(event) ? `${event.hook} ${String(event.params.address)}` : event.hook));

const PARTS = {
  resource_drift: [change("aws_vm.a", ["update"], { x: 0 }, { x: 1 })],
  resource_changes: [
    change("aws_vm.a", ["update"], { x: 1 }, { x: 2 }),
    change("data.aws_zone.late", ["read"], null, { zone: "z" }, { change: { after_unknown: { id: true } } }),
    change("data.aws_zone.void", ["read"], null, null),
    change('module.m["k"].aws_vm.b[0]', ["create"], null, { x: 3 }, { module_address: 'module.m["k"]', index: 0 }),
  ],
  prior_state: {
    values: {
      root_module: {
        resources: [
          { address: "data.aws_zone.now", mode: "data", type: "aws_zone", name: "now", values: { id: "i" } },
          { address: "data.aws_zone.late", mode: "data", type: "aws_zone", name: "late", values: { id: "old" } },
          { address: "aws_vm.a", mode: "managed", type: "aws_vm", name: "a", values: { x: 1 } },
        ],
        child_modules: [
          {
            address: "module.m",
            resources: [
              { address: "module.m.data.aws_zone.now", mode: "data", type: "aws_zone", name: "now", values: {} },
            ],
          },
        ],
      },
    },
  },
};

describe("the events of a plan", () => {
  it("come in the order of a run", () => {
    expect(names(eventsOf(PARTS))).toEqual([
      "plan-stage-start",
      "post-refresh-resource aws_vm.a",
      "pre-read-data data.aws_zone.late",
      "pre-read-data data.aws_zone.void",
      "pre-read-data data.aws_zone.now",
      "pre-read-data module.m.data.aws_zone.now",
      "post-read-data data.aws_zone.late",
      "post-read-data data.aws_zone.now",
      "post-read-data module.m.data.aws_zone.now",
      "pre-plan-resource aws_vm.a",
      'pre-plan-resource module.m["k"].aws_vm.b[0]',
      "post-plan-resource aws_vm.a",
      'post-plan-resource module.m["k"].aws_vm.b[0]',
      "plan-stage-complete",
    ]);
  });

  it("match the schemas of the protocol", () => {
    for (const event of eventsOf(PARTS)) {
      const group = Object.values(PARAMS_SCHEMAS).find(({ hooks }) => hooks.some((hook) => hook === event.hook));
      expect(group && v.safeParse(group.schema, event.params).issues).toBe(undefined);
    }
  });

  it("are stage start and complete for a plan of nothing", () => {
    expect(eventsOf({}).map(({ hook, params }) => ({ hook, params }))).toEqual([
      { hook: "plan-stage-start", params: { run: RUN } },
      { hook: "plan-stage-complete", params: { run: RUN, resources: [] } },
    ]);
  });

  it("carry the whole of a change after it, and only the past before it", () => {
    const more = {
      index: "k",
      module_address: "module.m",
      change: { after_unknown: { id: true } },
    };
    const configuration = {
      provider_config: { "aws.eu": { alias: "eu" } },
      root_module: {
        module_calls: {
          m: { module: { resources: [{ address: "aws_vm.b", provider_config_key: "aws.eu", expressions: {} }] } },
        },
      },
    };
    const events = eventsOf({
      resource_changes: [change('module.m.aws_vm.b["k"]', ["delete", "create"], { x: 1 }, { x: 2 }, more)],
      configuration,
    });
    const common = {
      run: RUN,
      address: 'module.m.aws_vm.b["k"]',
      mode: "managed",
      type: "aws_vm",
      name: "b",
      index: "k",
      module: "module.m",
      provider: { source: "registry.opentofu.org/hashicorp/aws", alias: "eu" },
      action: "replace",
      config: { address: "aws_vm.b", provider_config_key: "aws.eu", expressions: {} },
      before: { x: 1 },
      sensitive: [],
      metadata: {},
    };
    expect(onlyParams(events, "pre-plan-resource")).toEqual({ ...common, after: null, after_unknown: null });
    expect(onlyParams(events, "post-plan-resource")).toEqual({
      ...common,
      after: { x: 2 },
      after_unknown: { id: true },
    });
  });

  it("end with the whole view: every change and every read", () => {
    const resources = eventsOf(PARTS).flatMap((event) =>
      event.hook === "plan-stage-complete" ? (event.params.resources ?? []) : [],
    );
    expect(resources.map(({ address, action }) => `${address} ${action}`)).toEqual([
      "aws_vm.a update",
      'module.m["k"].aws_vm.b[0] create',
      "data.aws_zone.late read",
      "data.aws_zone.void read",
      "data.aws_zone.now read",
      "module.m.data.aws_zone.now read",
    ]);
    expect(resources[0]).not.toHaveProperty("config");
  });

  it("are built only when they are taken, and with the metadata of that moment", () => {
    const asked: string[] = [];
    const metadataOf = (address: string) => {
      asked.push(address);
      return { cost: { usd: asked.length } };
    };
    const taken = planEvents(planFileOf(PARTS), RUN, { metadataOf });
    taken.next();
    expect(asked).toEqual([]);
    expect(taken.next().value).toMatchObject({ params: { metadata: { cost: { usd: 1 } } } });
    expect(asked).toEqual(["aws_vm.a"]);
  });

  it("are not built when nobody wants them", () => {
    const wants = (hook: string, type?: string) => hook === "post-plan-resource" && type === "aws_vm";
    expect(names(eventsOf(PARTS, { wants }))).toEqual([
      "post-plan-resource aws_vm.a",
      'post-plan-resource module.m["k"].aws_vm.b[0]',
    ]);
    expect(planPhases(planFileOf(PARTS), RUN, { wants }).map(({ hook, size }) => [hook, size])).toEqual([
      ["post-plan-resource", 2],
    ]);
  });
});

describe("odd entries of a plan", () => {
  it("take moved, imported and deposed objects as the changes they are", () => {
    const events = eventsOf({
      resource_changes: [
        change("aws_vm.new", ["no-op"], { x: 1 }, { x: 1 }, { previous_address: "aws_vm.old" }),
        change("aws_vm.in", ["no-op"], { x: 1 }, { x: 1 }, { change: { importing: { id: "i" } } }),
        change("aws_vm.new", ["delete"], { x: 0 }, null, { deposed: "4f2a" }),
      ],
    });
    expect(names(events.filter(({ hook }) => hook === "post-plan-resource"))).toHaveLength(3);
  });

  it("leave out unknown actions and modes, with a notice", () => {
    const view = viewPlan(
      planOf({
        resource_changes: [
          change("aws_vm.a", ["open"], null, {}),
          change("aws_vm.b", ["create"], null, {}, { mode: "ephemeral" }),
          change("aws_vm.c", ["create"], null, {}),
        ],
      }),
      new SecretSet(),
    );
    expect(view.managed.map(({ address }) => address)).toEqual(["aws_vm.c"]);
    expect(view.notices).toHaveLength(2);
  });

  it("give a notice for a plan that ended in an error", () => {
    expect(viewPlan(planOf({ errored: true }), new SecretSet()).notices).toHaveLength(1);
  });

  it("take data that older cores list as deleted for no read", () => {
    const plan = planOf({ resource_changes: [change("data.aws_zone.x", ["delete"], {}, null)] });
    expect(viewPlan(plan, new SecretSet()).data).toEqual([]);
  });

  it("bear changes without marks, unknowns and values", () => {
    const bare = { address: "a.b", type: "a", name: "b", change: { actions: ["create"] } };
    const params = onlyParams(eventsOf({ resource_changes: [bare] }), "post-plan-resource");
    expect(params).toMatchObject({ mode: "managed", before: null, after: null, after_unknown: null, config: null });
  });
});
