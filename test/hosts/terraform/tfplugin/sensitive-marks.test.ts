import { Packr } from "msgpackr";
import { describe, expect, it } from "vitest";
import { readPlanValue } from "../../../../src/hosts/terraform/tfplugin/plan-value.js";
import { concat, integerField, lengthField } from "../../../../src/hosts/terraform/tfplugin/protobuf.js";
import { readSchema } from "../../../../src/hosts/terraform/tfplugin/schema.js";
import { msgpackValue } from "./fixtures.js";

const packr = new Packr({ useRecords: false });
const NESTING = { single: 1, list: 2, set: 3, map: 4, group: 5 };

const attribute = (name: string, type: string, sensitive = false): Uint8Array =>
  concat(lengthField(1, name), lengthField(2, type), integerField(7, Number(sensitive)));
const SECRET = attribute("secret", '"string"', true);
const PLAIN = attribute("plain", '"string"');

/** The marks of a value under `part`, which is a block or an attribute of this nesting. */
function marksOf(kind: "block" | "attribute", nesting: keyof typeof NESTING, part: unknown): unknown {
  const content =
    kind === "block"
      ? lengthField(
          3,
          concat(
            lengthField(1, "part"),
            lengthField(2, concat(lengthField(2, SECRET), lengthField(2, PLAIN))),
            integerField(3, NESTING[nesting]),
          ),
        )
      : lengthField(
          2,
          concat(
            lengthField(1, "part"),
            lengthField(10, concat(lengthField(1, SECRET), lengthField(1, PLAIN), integerField(3, NESTING[nesting]))),
          ),
        );
  const block = readSchema(lengthField(2, content), 6);
  return readPlanValue(msgpackValue(packr.pack({ part })), block).sensitive;
}

const ELEMENT = { secret: "s", plain: "p" };
const MARKS = { secret: true };

describe.each(["block", "attribute"] as const)("secrets in a nested %s", (kind) => {
  it("are marked in the one that there is", () => {
    expect(marksOf(kind, "single", ELEMENT)).toEqual({ part: MARKS });
  });

  it.each(["list", "set"] as const)("are marked in each element of a %s", (nesting) => {
    const elements = nesting === "set" ? [ELEMENT] : [ELEMENT, ELEMENT];
    expect(marksOf(kind, nesting, elements)).toEqual({ part: elements.map(() => MARKS) });
  });

  it("are marked under each key of a map, `__proto__` as well", () => {
    const marks = marksOf(
      kind,
      "map",
      new Map([
        ["a", ELEMENT],
        ["__proto__", ELEMENT],
      ]),
    ) as { part: object };
    expect(Object.entries(marks.part)).toEqual([
      ["a", MARKS],
      ["__proto__", MARKS],
    ]);
  });

  it("are marked where they are null: nobody shall see that either", () => {
    expect(marksOf(kind, "single", { secret: null, plain: null })).toEqual({ part: MARKS });
  });

  it("are not there where nothing is", () => {
    expect(marksOf(kind, "single", null)).toEqual({});
    expect(marksOf(kind, "list", [])).toEqual({ part: [] });
    expect(marksOf(kind, "map", {})).toEqual({ part: {} });
  });
});

describe("a secret that is no single value", () => {
  it("is marked as a whole", () => {
    const block = readSchema(lengthField(2, lengthField(2, attribute("keys", '["map",["list","string"]]', true))), 5);
    const marks = (value: unknown): unknown => readPlanValue(msgpackValue(packr.pack(value)), block).sensitive;
    expect(marks({ keys: { a: ["b"] } })).toEqual({ keys: true });
    expect(marks({ keys: null })).toEqual({ keys: true });
  });
});

describe("a block that is a group", () => {
  it("is marked as the one that it is", () => {
    expect(marksOf("block", "group", ELEMENT)).toEqual({ part: MARKS });
  });
});

it.each([
  [5, 10],
  [6, 11],
] as const)("what may only be written is a secret, on protocol %i", (version, writeOnly) => {
  const token = concat(attribute("token", '"string"'), integerField(writeOnly, 1));
  const block = readSchema(lengthField(2, concat(lengthField(2, token), lengthField(2, PLAIN))), version);
  const value = msgpackValue(packr.pack({ token: "t", plain: "p" }));
  expect(readPlanValue(value, block).sensitive).toEqual({ token: true });
});
