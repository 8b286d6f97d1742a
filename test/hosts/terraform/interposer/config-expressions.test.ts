import { describe, expect, it } from "vitest";
import { configExpressions } from "../../../../src/hosts/terraform/interposer/config-expressions.js";
import type { PlanValue } from "../../../../src/hosts/terraform/tfplugin/plan-value.js";
import { concat, integerField, lengthField } from "../../../../src/hosts/terraform/tfplugin/protobuf.js";
import { readSchema } from "../../../../src/hosts/terraform/tfplugin/schema.js";

function attribute(name: string, type: string): Uint8Array {
  return lengthField(2, concat(lengthField(1, name), lengthField(2, type)));
}

function nested(name: string, nesting: number, ...content: readonly Uint8Array[]): Uint8Array {
  return lengthField(3, concat(lengthField(1, name), lengthField(2, concat(...content)), integerField(3, nesting)));
}

/** `disk` blocks in a list, one `network` block, and a block within each disk. */
const BLOCK = readSchema(
  lengthField(
    2,
    concat(
      attribute("name", '"string"'),
      attribute("tags", '["map","string"]'),
      nested("disk", 2, attribute("size", '"number"'), nested("label", 3, attribute("text", '"string"'))),
      nested("network", 1, attribute("cidr", '"string"')),
    ),
  ),
  6,
);

function expressions(value: unknown, unknown: unknown = {}): unknown {
  const config: PlanValue = { value, unknown, sensitive: {} };
  const found = configExpressions({ mode: "managed", type: "mock_thing", block: BLOCK }, "one", config);
  expect(found).toMatchObject({ mode: "managed", type: "mock_thing", name: "one" });
  return (found as { expressions: unknown }).expressions;
}

describe("a configuration in the plan JSON's form", () => {
  it("has a constant for all that is set", () => {
    expect(expressions({ name: "a", tags: { b: "c" }, disk: [], network: null })).toEqual({
      name: { constant_value: "a" },
      tags: { constant_value: { b: "c" } },
    });
  });

  it("has values that say nothing by themselves: false, zero, empty", () => {
    expect(expressions({ name: "", tags: {}, disk: [{ size: 0, label: [] }], network: null })).toEqual({
      name: { constant_value: "" },
      tags: { constant_value: {} },
      disk: [{ size: { constant_value: 0 } }],
    });
  });

  it("leaves out what is not set, and has nothing in what is known only later", () => {
    expect(expressions({ tags: null, disk: [], network: null }, { name: true })).toEqual({ name: {} });
  });

  it("has blocks as objects, and lists and sets of them as arrays", () => {
    const value = {
      name: null,
      tags: null,
      disk: [
        { size: 1, label: [{ text: "x" }, { text: "y" }] },
        { size: 2, label: [] },
      ],
      network: { cidr: "10.0.0.0/8" },
    };
    expect(expressions(value)).toEqual({
      disk: [
        { size: { constant_value: 1 }, label: [{ text: { constant_value: "x" } }, { text: { constant_value: "y" } }] },
        { size: { constant_value: 2 } },
      ],
      network: { cidr: { constant_value: "10.0.0.0/8" } },
    });
  });

  it("tells what is not known within blocks", () => {
    const value = { disk: [{ label: [] }, { size: 2, label: [{}] }], network: {} };
    const unknown = { disk: [{ size: true }, { label: [{ text: true }] }], network: { cidr: true } };
    expect(expressions(value, unknown)).toEqual({
      disk: [{ size: {} }, { size: { constant_value: 2 }, label: [{ text: {} }] }],
      network: { cidr: {} },
    });
  });

  it("has nothing of what the schema does not name", () => {
    expect(expressions({ name: "a", other: "b" })).toEqual({ name: { constant_value: "a" } });
    expect(expressions(null)).toEqual({});
  });
});
