import { describe, expect, it } from "vitest";
import { parseType } from "../../../../src/hosts/terraform/tfplugin/cty-type.js";
import { MAX_DEPTH } from "../../../../src/hosts/terraform/tfplugin/limits.js";
import { concat, integerField, lengthField } from "../../../../src/hosts/terraform/tfplugin/protobuf.js";
import { ProviderSchema } from "../../../../src/hosts/terraform/tfplugin/provider-schema.js";
import { readSchema } from "../../../../src/hosts/terraform/tfplugin/schema.js";
import type { Attribute } from "../../../../src/hosts/terraform/tfplugin/schema.js";
import { thrownCode } from "../../../support/codes.js";
import { realSchema, recorded, VERSIONS } from "./fixtures.js";

const block = (content: Uint8Array): Uint8Array => lengthField(2, content);
const attribute = (name: string, ...more: Uint8Array[]): Uint8Array =>
  lengthField(2, concat(lengthField(1, name), ...more));
const nestedBlock = (name: string, nesting: number, content: Uint8Array): Uint8Array =>
  lengthField(3, concat(lengthField(1, name), lengthField(2, content), integerField(3, nesting)));
const STRING = lengthField(2, '"string"');
const EMPTY = new Uint8Array(0);

function flags({ required, optional, computed, sensitive }: Attribute): string {
  return Object.entries({ required, optional, computed, sensitive })
    .filter(([, set]) => set)
    .map(([name]) => name)
    .join(" ");
}

describe.each(VERSIONS)("the schema of a provider, protocol %i", (version) => {
  const schema = new ProviderSchema(recorded.message(version, "schema"), version);

  it("names its types", () => {
    expect(schema.resourceTypes).toEqual(["x_thing"]);
    expect(schema.dataSourceTypes).toEqual(["x_data"]);
    expect([schema.hasResource("x_thing"), schema.hasResource("x_data")]).toEqual([true, false]);
    expect([schema.hasDataSource("x_thing"), schema.hasDataSource("x_data")]).toEqual([false, true]);
  });

  it("has the form of the provider block", () => {
    expect([...schema.config.attributes.keys()]).toEqual(["region"]);
  });

  it("says of each attribute what it is", () => {
    const { attributes } = schema.resource("x_thing");
    const marks = Object.fromEntries([...attributes].map(([name, found]) => [name, flags(found)]));
    expect(marks).toMatchObject({ id: "computed", name: "required", password: "optional sensitive", size: "optional" });
    expect(attributes.get("tags")?.type).toEqual(parseType('["map","string"]'));
    expect(attributes.get("pair")?.type).toEqual(parseType('["tuple",["string","number"]]'));
    expect(attributes.get("meta")?.type).toEqual(parseType('["object",{"a":"string","b":["list","bool"]}]'));
  });

  it("has its nested blocks, each with its nesting", () => {
    const nestings = [...schema.resource("x_thing").blocks].map(([name, { nesting }]) => [name, nesting]);
    expect(Object.fromEntries(nestings)).toEqual({
      ...{ one: "single", group: "group", list: "list", set: "set", map: "map" },
      ...{ tuple: "list", object: "map", deep: "list" },
    });
  });

  it("derives the types of nested blocks as core does: what is dynamic carries its type", () => {
    const { type } = schema.resource("x_thing");
    if (type.kind !== "object") return expect.fail("a block's type is an object");
    const part = '["object",{"name":"string","secret":"string"}]';
    expect(type.attributes.get("one")).toEqual(parseType(part));
    expect(type.attributes.get("list")).toEqual(parseType(`["list",${part}]`));
    expect(type.attributes.get("map")).toEqual(parseType(`["map",${part}]`));
    expect(type.attributes.get("tuple")).toEqual(parseType('"dynamic"'));
    expect(type.attributes.get("object")).toEqual(parseType('"dynamic"'));
  });

  it("reads a type once", () => {
    expect(schema.resource("x_thing")).toBe(schema.resource("x_thing"));
  });

  it("throws TFPLUGIN_UNKNOWN_TYPE for a type that it does not name", () => {
    expect(thrownCode(() => schema.resource("x_data"))).toBe("TFPLUGIN_UNKNOWN_TYPE");
    expect(thrownCode(() => schema.dataSource("__proto__"))).toBe("TFPLUGIN_UNKNOWN_TYPE");
  });
});

describe("attributes with attributes of their own", () => {
  const bytes = recorded.message(6, "schema");

  it("are read in protocol 6", () => {
    const { attributes } = new ProviderSchema(bytes, 6).resource("x_thing");
    expect(attributes.get("nested_one")?.nested?.nesting).toBe("single");
    expect(attributes.get("nested_list")?.nested?.attributes.get("secret")?.sensitive).toBe(true);
    expect(attributes.get("nested_set")?.type.kind).toBe("set");
    expect(attributes.get("nested_map")?.type).toEqual(
      parseType('["map",["object",{"inner":["object",{"name":"string","secret":"string"}],"name":"string"}]]'),
    );
  });

  it("do not exist in protocol 5, where field 10 is write_only", () => {
    const five = readSchema(block(attribute("a", STRING, integerField(10, 1))), 5).attributes.get("a");
    expect([five?.writeOnly, five?.nested]).toEqual([true, null]);
    const six = readSchema(block(attribute("a", STRING, integerField(11, 1))), 6).attributes.get("a");
    expect([six?.writeOnly, six?.nested]).toEqual([true, null]);
    expect(readSchema(block(attribute("a", STRING, integerField(11, 1))), 5).attributes.get("a")?.writeOnly).toBe(
      false,
    );
  });
});

describe("schemas of real providers", () => {
  it("reads a provider of the plug-in framework", () => {
    const schema = new ProviderSchema(realSchema("time 0.14.2"), 5);
    expect(schema.resourceTypes.sort()).toEqual(["time_offset", "time_rotating", "time_sleep", "time_static"]);
    for (const type of schema.resourceTypes) expect(schema.resource(type).attributes.has("id")).toBe(true);
    expect(schema.resource("time_static").attributes.get("triggers")?.type).toEqual(parseType('["map","string"]'));
  });

  it("reads a provider of the old SDK", () => {
    const schema = new ProviderSchema(realSchema("local 1.4.0"), 5);
    expect(schema.resourceTypes).toEqual(["local_file"]);
    expect(schema.dataSourceTypes).toEqual(["local_file"]);
    expect(schema.resource("local_file").attributes.get("sensitive_content")?.sensitive).toBe(true);
  });
});

describe("a large answer", () => {
  const TYPES = 1_500;
  const broken = Uint8Array.of(0x0a, 0x05);
  const entry = (name: string, schema: Uint8Array): Uint8Array =>
    lengthField(2, concat(lengthField(1, name), lengthField(2, schema)));
  const description = lengthField(4, "x".repeat(7_000));
  const types = Array.from({ length: TYPES }, (_, index) =>
    entry(`x_${index}`, index === 7 ? broken : block(concat(attribute("id", STRING), description))),
  );
  const schema = new ProviderSchema(concat(...types), 6);

  it("is read only as far as its names, so that one bad type spoils no other", () => {
    expect(schema.resourceTypes).toHaveLength(TYPES);
    expect([...schema.resource("x_1499").attributes.keys()]).toEqual(["id"]);
    expect(thrownCode(() => schema.resource("x_7"))).toBe("TFPLUGIN_MESSAGE");
  });
});

describe("a schema that says what none can say", () => {
  it.each([
    ["a type that is not JSON", attribute("a", lengthField(2, "{"))],
    ["no type", attribute("a")],
    ["an unknown type", attribute("a", lengthField(2, '"text"'))],
    ["an unknown kind of collection", attribute("a", lengthField(2, '["bag","string"]'))],
    ["a list of nothing", attribute("a", lengthField(2, '["list"]'))],
    ["an object of a list", attribute("a", lengthField(2, '["object",["string"]]'))],
    ["a tuple of one type", attribute("a", lengthField(2, '["tuple","string"]'))],
    ["a key of Object.prototype as a type", attribute("a", lengthField(2, '"constructor"'))],
    ["a block without nesting", nestedBlock("a", 0, EMPTY)],
    ["a block of unknown nesting", nestedBlock("a", 6, EMPTY)],
    ["a nested attribute that is a group", attribute("a", lengthField(10, integerField(3, 5)))],
  ])("is TFPLUGIN_SCHEMA: %s", (_, content) => {
    expect(thrownCode(() => readSchema(block(content), 6))).toBe("TFPLUGIN_SCHEMA");
  });

  it("may leave everything out", () => {
    expect(readSchema(EMPTY, 5)).toMatchObject({ attributes: new Map(), blocks: new Map() });
  });

  it("may have optional attributes in a type of an object", () => {
    expect(parseType('["object",{"a":"string"},["a"]]')).toEqual(parseType('["object",{"a":"string"}]'));
  });

  it("keeps `__proto__` an ordinary name", () => {
    const type = parseType('["object",{"__proto__":"string"}]');
    expect(type.kind === "object" && [...type.attributes.keys()]).toEqual(["__proto__"]);
  });
});

describe("the depth of a schema", () => {
  const nest = (levels: number, content: Uint8Array = EMPTY): Uint8Array =>
    levels === 1 ? content : nest(levels - 1, nestedBlock("a", 1, content));
  const nestAttributes = (levels: number): Uint8Array => {
    let content: Uint8Array = attribute("a", STRING);
    for (let level = 1; level < levels; level += 1) {
      // An `Object` has its attributes in field 1, a block has them in field 2.
      const inner = Buffer.from(content);
      inner[0] = 0x0a;
      content = attribute("a", lengthField(10, concat(inner, integerField(3, 1))));
    }
    return content;
  };

  it(`may be ${MAX_DEPTH} blocks`, () => {
    expect(readSchema(block(nest(MAX_DEPTH)), 5).blocks.size).toBe(1);
    expect(thrownCode(() => readSchema(block(nest(MAX_DEPTH + 1)), 5))).toBe("TFPLUGIN_TOO_DEEP");
  });

  it(`may be ${MAX_DEPTH} attributes`, () => {
    expect(readSchema(block(nestAttributes(MAX_DEPTH)), 6).attributes.size).toBe(1);
    expect(thrownCode(() => readSchema(block(nestAttributes(MAX_DEPTH + 1)), 6))).toBe("TFPLUGIN_TOO_DEEP");
  });

  it("is bounded in a type, too", () => {
    const list = (levels: number): string => '["list",'.repeat(levels) + '"string"' + "]".repeat(levels);
    expect(parseType(list(MAX_DEPTH)).kind).toBe("list");
    expect(thrownCode(() => parseType(list(10_000)))).toBe("TFPLUGIN_TOO_DEEP");
  });
});
