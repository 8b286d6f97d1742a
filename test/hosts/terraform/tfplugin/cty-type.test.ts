import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { hasDynamic, parseType } from "../../../../src/hosts/terraform/tfplugin/cty-type.js";
import type { CtyType } from "../../../../src/hosts/terraform/tfplugin/cty-type.js";
import { MAX_VALUES } from "../../../../src/hosts/terraform/tfplugin/limits.js";
import { thrownCode } from "../../../support/codes.js";

/** A type and its JSON form (go-cty, `cty/json.go`). */
interface Case {
  readonly type: CtyType;
  readonly json: unknown;
}

const { type: anyType } = fc.letrec<{ type: Case }>((tie) => ({
  type: fc.oneof(
    { depthSize: "small", withCrossShrink: true },
    fc
      .constantFrom("string" as const, "number" as const, "bool" as const, "dynamic" as const)
      .map((kind) => ({ type: { kind }, json: kind })),
    fc.tuple(fc.constantFrom("list" as const, "set" as const, "map" as const), tie("type")).map(([kind, element]) => ({
      type: { kind, element: element.type },
      json: [kind, element.json],
    })),
    fc.array(tie("type"), { maxLength: 3 }).map((elements) => ({
      type: { kind: "tuple" as const, elements: elements.map(({ type }) => type) },
      json: ["tuple", elements.map(({ json }) => json)],
    })),
    fc
      .uniqueArray(fc.tuple(fc.string(), tie("type")), { maxLength: 3, selector: ([name]) => name })
      .map((attributes) => ({
        type: { kind: "object" as const, attributes: new Map(attributes.map(([name, { type }]) => [name, type])) },
        json: ["object", Object.fromEntries(attributes.map(([name, { json }]) => [name, json]))],
      })),
  ),
}));

describe("a type", () => {
  it("is read from the JSON that core writes", () => {
    fc.assert(
      fc.property(anyType, ({ type, json }) => {
        expect(parseType(JSON.stringify(json))).toEqual(type);
        expect(parseType(Buffer.from(JSON.stringify(json)))).toEqual(type);
      }),
    );
  });

  it("has values that carry types where `dynamic` stands anywhere in it", () => {
    fc.assert(
      fc.property(anyType, ({ type, json }) => {
        const kinds: unknown[] = [];
        const collect = (part: unknown): void => {
          if (typeof part === "string") kinds.push(part);
          else if (Array.isArray(part) && part[0] === "object") Object.values(part[1] as object).forEach(collect);
          else if (Array.isArray(part) && part[0] === "tuple") (part[1] as unknown[]).forEach(collect);
          else if (Array.isArray(part)) collect(part[1]);
        };
        collect(json);
        expect(hasDynamic(type)).toBe(kinds.includes("dynamic"));
      }),
    );
  });

  it("may have spaces in its JSON", () => {
    expect(parseType(' [ "list" , "string" ] ')).toEqual(parseType('["list","string"]'));
  });

  it.each([
    ["nothing", ""],
    ["JSON cut short", '["list",'],
    ["null", "null"],
    ["a number", "1"],
    ["an empty list", "[]"],
    ["a JSON object", '{"list":"string"}'],
    ["a type in a list", '["string"]'],
    ["a name of Object.prototype", '"toString"'],
    ["two types in a list", '["list","string","string"]'],
    ["an object whose optional attributes are no list", '["object",{},"a"]'],
    ["an object of four parts", '["object",{},[],[]]'],
    ["an object of null", '["object",null]'],
    ["a tuple of an object", '["tuple",{}]'],
    ["a bad type deep inside", '["list",["map",["set","text"]]]'],
    ["a capsule, which no message can carry", '["capsule","x"]'],
  ])("is TFPLUGIN_SCHEMA when it is %s", (_, json) => {
    expect(thrownCode(() => parseType(json))).toBe("TFPLUGIN_SCHEMA");
  });

  it("has a bounded number of parts", () => {
    const tuple = (count: number): string => `["tuple",[${new Array<string>(count).fill('"bool"').join(",")}]]`;
    expect(parseType(tuple(10_000)).kind).toBe("tuple");
    expect(thrownCode(() => parseType(tuple(MAX_VALUES + 1)))).toBe("TFPLUGIN_TOO_LARGE");
  });
});
