import { describe, expect, it } from "vitest";
import * as v from "valibot";
import { resourceEvent } from "../../../../src/hosts/terraform/interposer/subject.js";
import type { Subject } from "../../../../src/hosts/terraform/interposer/subject.js";
import type { PlanValue } from "../../../../src/hosts/terraform/tfplugin/plan-value.js";
import { isResourceEvent, ResourceParamsSchema } from "../../../../src/protocol/events.js";
import type { ResourceParams } from "../../../../src/protocol/events.js";
import type { ResourceHook } from "../../../../src/protocol/hooks.js";
import { resultOf } from "../../fake-runtime.js";
import { blockOf } from "../records/books.js";
import { openSession, SOURCE } from "./sessions.js";
import { TOKEN } from "../../../support/tokens.js";

const BLOCK = blockOf({ name: '"string"', secret: '"string"', tags: '["map","string"]' }, ["secret"]);

function value(parts: object, sensitive: unknown = { secret: true }, unknown: unknown = {}): PlanValue {
  return { value: { name: null, secret: null, tags: null, ...parts }, unknown, sensitive };
}

function subject(parts: Partial<Subject> = {}): Subject {
  return {
    mode: "managed",
    type: "mock_thing",
    source: SOURCE,
    located: { address: "mock_thing.one", candidates: [], alias: null },
    alias: undefined,
    action: "update",
    before: null,
    after: null,
    config: null,
    block: BLOCK,
    marked: { before: [], after: [] },
    attached: null,
    ...parts,
  };
}

function paramsOf(
  parts: Partial<Subject>,
  hook: ResourceHook = "post-plan-resource",
  opened = openSession(),
): ResourceParams {
  const event = resourceEvent(opened.run, hook, subject(parts));
  if (!isResourceEvent(event)) return expect.fail("it is of no resource");
  expect(event.hook).toBe(hook);
  return v.parse(ResourceParamsSchema, event.params);
}

describe("an event of a resource", () => {
  it("is of the form that integrations are promised", () => {
    const located = { address: 'module.m["a.b"].mock_thing.one[3]', candidates: [], alias: "eu" };
    expect(paramsOf({ located, before: value({ name: "a" }), after: value({ name: "b" }) })).toEqual({
      run: { id: "run-1", command: "plan", workspace: "default" },
      address: 'module.m["a.b"].mock_thing.one[3]',
      mode: "managed",
      type: "mock_thing",
      name: "one",
      index: 3,
      module: 'module.m["a.b"]',
      provider: { source: SOURCE, alias: "eu" },
      action: "update",
      before: { name: "a", secret: null, tags: null },
      after: { name: "b", secret: null, tags: null },
      after_unknown: {},
      sensitive: [],
      config: null,
      metadata: {},
    });
  });

  it.each<[string, Partial<Subject>, string | null]>([
    ["that of its object", { located: { address: "a.b", candidates: [], alias: "eu" }, alias: "us" }, "eu"],
    ["that of its session", { located: { address: null, candidates: [], alias: undefined }, alias: "us" }, "us"],
    ["the default one", { located: { address: "a.b", candidates: [], alias: null }, alias: undefined }, null],
    ["not known", { located: { address: null, candidates: [], alias: undefined }, alias: undefined }, null],
  ])("has an alias that is %s", (_, parts, alias) => {
    expect(paramsOf(parts).provider.alias).toBe(alias);
  });

  it("whose address is in doubt has what all that can be meant share", () => {
    const of = (...candidates: string[]) => {
      const { address, address_candidates, name, index, module } = paramsOf({
        located: { address: null, candidates, alias: undefined },
      });
      expect([address, index]).toEqual([null, null]);
      expect(address_candidates).toEqual(candidates);
      return { name, module };
    };
    expect(of("module.m.t.a", "module.m.t.b")).toEqual({ name: "", module: "module.m" });
    expect(of("module.m.t.a", "module.n.t.a")).toEqual({ name: "a", module: null });
    expect(of("t.a")).toEqual({ name: "a", module: null });
    expect(of()).toEqual({ name: "", module: null });
    expect(of("not an address", "t.a")).toEqual({ name: "", module: null });
  });

  it("with an address has no candidates", () => {
    expect(paramsOf({})).not.toHaveProperty("address_candidates");
  });

  it.each<[ResourceHook, object | null]>([
    ["pre-plan-resource", null],
    ["pre-refresh-resource", null],
    ["pre-read-data", null],
    ["validate-resource", null],
    ["post-plan-resource", {}],
    ["pre-apply-resource", {}],
    ["post-apply-resource", {}],
    ["post-refresh-resource", {}],
    ["post-read-data", {}],
  ])("of %s says what is unknown of nothing after it: %j", (hook, unknown) => {
    expect(paramsOf({ after: null }, hook).after_unknown).toEqual(unknown);
  });

  it("brings what was attached to its address in this run", () => {
    const opened = openSession();
    opened.judge.keep([resultOf({ integration: "tagger", address: "mock_thing.one", metadata: { cost: 1 } })]);
    expect(paramsOf({}, "post-plan-resource", opened).metadata).toEqual({ tagger: { cost: 1 } });
    const located = { address: null, candidates: ["mock_thing.one"], alias: null };
    expect(paramsOf({ located }, "post-plan-resource", opened).metadata).toEqual({});
  });
});

describe("secrets in an event", () => {
  it("are taken out where the schema calls them so, in every part", () => {
    const secret = value({ secret: "hunter2-hunter2" });
    const params = paramsOf({ before: secret, after: secret, config: secret });
    expect([params.before, params.after]).toEqual([
      { name: null, secret: TOKEN, tags: null },
      { name: null, secret: TOKEN, tags: null },
    ]);
    expect(params.config).toMatchObject({ expressions: { secret: { constant_value: TOKEN } } });
    expect(params.sensitive).toEqual([["secret"]]);
  });

  it("are taken out where core's records say so", () => {
    const both = value({ name: "n-before", tags: { owner: "me", team: "us" } });
    const params = paramsOf({
      before: both,
      after: both,
      config: both,
      marked: { before: [["name"]], after: [["tags", "owner"]] },
    });
    expect(params.before).toMatchObject({ name: TOKEN });
    expect(params.after).toMatchObject({ tags: { owner: TOKEN, team: "us" } });
    expect(params.sensitive).toEqual(expect.arrayContaining([["name"], ["tags", "owner"]]));
  });

  it("are taken out where they are copied to", () => {
    const opened = openSession();
    opened.run.secrets.add("hunter2-hunter2");
    const params = paramsOf(
      {
        after: value(
          { name: "x-hunter2-hunter2", tags: { "hunter2-hunter2": "a" } },
          {},
          { tags: { "hunter2-hunter2": true } },
        ),
      },
      "post-plan-resource",
      opened,
    );
    expect(JSON.stringify(params)).not.toContain("hunter2");
    expect(params.sensitive).toEqual(expect.arrayContaining([["name"]]));
  });

  it("of one event are known in the next", () => {
    const opened = openSession();
    paramsOf({ before: value({ secret: "hunter2-hunter2" }) }, "post-plan-resource", opened);
    const later = paramsOf({ after: value({ name: "hunter2-hunter2" }, {}) }, "post-plan-resource", opened);
    expect(later.after).toMatchObject({ name: TOKEN });
  });

  it("that are not set stay null, which is no secret", () => {
    const params = paramsOf({ after: value({}) });
    expect(params.after).toEqual({ name: null, secret: null, tags: null });
    expect(params.sensitive).toEqual([]);
  });

  it("of the whole object take all of it", () => {
    const params = paramsOf({ after: value({ name: "a" }), marked: { before: [], after: [[]] } });
    expect([params.after, params.sensitive]).toEqual([TOKEN, [[]]]);
  });
});
