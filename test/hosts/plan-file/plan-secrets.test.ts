import { describe, expect, it } from "vitest";
import { change, eventsOf, onlyParams } from "./plans.js";
import { TOKEN } from "../../support/tokens.js";

const SECRET = "hunter2-very-secret";
const COPIES = {
  plain: SECRET,
  inside: `token=${SECRET};`,
  base64: Buffer.from(SECRET).toString("base64"),
  user_data: Buffer.from(`#!/bin/sh\nexport T=${SECRET}\n`).toString("base64"),
  map: { [SECRET]: "x" },
};

/** A resource that holds unmarked copies, and any other part of a plan that says what is secret. */
function events(parts: object) {
  const copying = change(
    "aws_vm.copy",
    ["update"],
    { ...COPIES },
    { ...COPIES, fine: "fine" },
    {
      change: { after_unknown: { map: { [SECRET]: true } } },
    },
  );
  const {
    resource_changes = [],
    configuration = {},
    ...rest
  } = parts as { resource_changes?: object[]; configuration?: object };
  const block = { address: "aws_vm.copy", expressions: { plain: { constant_value: SECRET } } };
  const { root_module = {}, ...otherConfiguration } = configuration as { root_module?: object };
  return eventsOf({
    resource_changes: [copying, ...resource_changes],
    configuration: { ...otherConfiguration, root_module: { resources: [block], ...root_module } },
    ...rest,
  });
}

const MARKED = { change: { before_sensitive: { p: true }, after_sensitive: { p: true } } };
const stateWith = (sensitive_values: object, values: object) => ({
  root_module: { child_modules: [{ resources: [{ address: "a.b", type: "a", name: "b", values, sensitive_values }] }] },
});

describe("a secret of a plan", () => {
  it.each([
    ["a value before", { resource_changes: [change("aws_db.x", ["delete"], { p: SECRET }, null, MARKED)] }],
    ["a value after", { resource_changes: [change("aws_db.x", ["create"], null, { p: SECRET }, MARKED)] }],
    ["drift", { resource_drift: [change("aws_db.x", ["update"], { p: SECRET }, { p: "" }, MARKED)] }],
    ["an output's change", { output_changes: { o: { before: SECRET, before_sensitive: true } } }],
    ["a planned output", { planned_values: { outputs: { o: { sensitive: true, value: { deep: [SECRET] } } } } }],
    ["a planned value in a module", { planned_values: stateWith({ p: true }, { p: SECRET }) }],
    ["a prior value in a module", { prior_state: { values: stateWith({ p: true }, { p: SECRET }) } }],
    [
      "a variable",
      {
        variables: { t: { value: SECRET } },
        configuration: { root_module: { variables: { t: { sensitive: true } } } },
      },
    ],
    [
      "a variable's default",
      { configuration: { root_module: { variables: { t: { sensitive: true, default: SECRET } } } } },
    ],
    [
      "an output's constant",
      {
        configuration: { root_module: { outputs: { o: { sensitive: true, expression: { constant_value: SECRET } } } } },
      },
    ],
    [
      "the argument of a module",
      {
        configuration: {
          root_module: {
            module_calls: {
              m: { expressions: { t: { constant_value: SECRET } }, module: { variables: { t: { sensitive: true } } } },
            },
          },
        },
      },
    ],
  ])("marked as %s is in no event, nor is any copy of it", (_where, parts) => {
    const all = JSON.stringify(events(parts));
    for (const copy of [SECRET, COPIES.base64, COPIES.user_data]) {
      expect(all).not.toContain(copy);
    }
    expect(all).toContain('"fine":"fine"');
  });

  it("is where nothing marks it", () => {
    expect(JSON.stringify(events({ variables: { t: { value: SECRET } } }))).toContain(SECRET);
  });

  it("leaves the paths of all that was replaced", () => {
    const parts = { output_changes: { o: { after: SECRET, after_sensitive: true } } };
    const { sensitive, after, after_unknown, config } = onlyParams(events(parts), "post-plan-resource");
    const keys = ["plain", "inside", "base64", "user_data"];
    expect(sensitive).toEqual([...keys.map((key) => [key]), ["map", TOKEN]]);
    const key = String(sensitive.flat().at(-1));
    expect(after).toEqual({
      ...Object.fromEntries(keys.map((name) => [name, TOKEN])),
      map: { [key]: "x" },
      fine: "fine",
    });
    expect(after_unknown).toEqual({ map: { [key]: true } });
    expect(config).toMatchObject({ expressions: { plain: { constant_value: TOKEN } } });
  });

  it("is replaced in data that was read, and in the whole view", () => {
    const data = {
      address: "data.a.b",
      mode: "data",
      type: "a",
      name: "b",
      values: { p: SECRET, q: SECRET },
      sensitive_values: { p: true },
    };
    const all = eventsOf({ prior_state: { values: { root_module: { resources: [data] } } } });
    expect(onlyParams(all, "post-read-data").after).toEqual({ p: TOKEN, q: TOKEN });
    expect(JSON.stringify(all)).not.toContain(SECRET);
  });

  it("is replaced by its path before a change only where it stood before", () => {
    const parts = {
      resource_changes: [
        change(
          "aws_db.x",
          ["update"],
          { p: "old-secret-1", q: 1 },
          { p: "new-secret-1", q: 1, r: "r" },
          {
            change: { before_sensitive: { p: true }, after_sensitive: { p: true, r: true } },
          },
        ),
      ],
    };
    const all = eventsOf(parts);
    expect(onlyParams(all, "pre-plan-resource").sensitive).toEqual([["p"]]);
    expect(onlyParams(all, "post-plan-resource").sensitive).toEqual([["p"], ["r"]]);
  });
});
