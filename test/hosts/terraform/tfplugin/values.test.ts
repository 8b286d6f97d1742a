import { Packr } from "msgpackr";
import { describe, expect, it } from "vitest";
import { parseType } from "../../../../src/hosts/terraform/tfplugin/cty-type.js";
import { readJson } from "../../../../src/hosts/terraform/tfplugin/json-value.js";
import {
  isNullValue,
  readDynamicValue,
  readPlanValue,
  toPlanValue,
} from "../../../../src/hosts/terraform/tfplugin/plan-value.js";
import { concat, lengthField } from "../../../../src/hosts/terraform/tfplugin/protobuf.js";
import { ProviderSchema } from "../../../../src/hosts/terraform/tfplugin/provider-schema.js";
import { readMsgpack, Unknown } from "../../../../src/hosts/terraform/tfplugin/value.js";
import { jsonValue, msgpackValue, recorded, VERSIONS } from "./fixtures.js";

const packr = new Packr({ useRecords: false, variableMapSize: true });
const pack = (value: unknown): Uint8Array => packr.pack(value);
const read = (value: unknown, type: string): unknown => readMsgpack(pack(value), parseType(type));
const UNKNOWN = Uint8Array.of(0xd4, 0, 0);

/**
 * Core loses the mark of a secret in a block of nesting MAP that has an attribute of any type: the block is an object
 * then, and the mark is looked up as that of a map (`SensitiveAsBool`). We keep it: a secret is to be hidden.
 */
function withMarksThatCoreLoses(sensitive: unknown, value: unknown): unknown {
  if (typeof sensitive !== "object" || sensitive === null || !("object" in sensitive)) return sensitive;
  const elements = (value as { readonly object?: object | null }).object;
  if (elements === null || elements === undefined) return sensitive;
  const marks = sensitive.object as Record<string, object>;
  return {
    ...sensitive,
    object: Object.fromEntries(Object.keys(elements).map((key) => [key, { ...marks[key], secret: true }])),
  };
}

describe.each(VERSIONS)("values as core makes them, protocol %i", (version) => {
  const block = new ProviderSchema(recorded.message(version, "schema"), version).resource("x_thing");
  const cases = recorded.values(version);

  it.each(cases.map((found) => [found.Name, found] as const))("%s: all forms of the plan JSON", (_, found) => {
    const read = readPlanValue(msgpackValue(Buffer.from(found.Msgpack, "base64")), block);
    expect(read.value).toEqual(found.Value);
    expect(read.unknown).toEqual(found.Unknown);
    expect(read.sensitive).toEqual(withMarksThatCoreLoses(found.Sensitive, found.Value));
  });

  it.each(cases.flatMap((found) => (found.Json === undefined ? [] : [[found.Name, found, found.Json] as const])))(
    "%s: the same from JSON",
    (_, found, json) => {
      const read = readPlanValue(jsonValue(Buffer.from(json, "base64").toString()), block);
      expect(read.value).toEqual(found.Value);
      expect(read.unknown).toEqual({});
    },
  );

  it("keeps keys of Object.prototype ordinary own keys", () => {
    const known = cases.find(({ Name }) => Name === "known");
    const { value } = readPlanValue(msgpackValue(Buffer.from(known?.Msgpack ?? "", "base64")), block);
    const { tags } = value as { tags: object };
    expect(Object.keys(tags).sort()).toEqual(["__proto__", "a.b", "constructor"]);
    expect(Object.getPrototypeOf(tags)).toBe(Object.prototype);
  });

  it("takes an absent value as null", () => {
    expect(readPlanValue(null, block)).toEqual({ value: null, unknown: {}, sensitive: false });
    expect(readPlanValue(new Uint8Array(0), block).value).toBeNull();
  });
});

describe("a DynamicValue", () => {
  const type = parseType('"string"');

  it("is msgpack where it has both, as core reads it", () => {
    expect(readDynamicValue(concat(jsonValue('"json"'), msgpackValue(pack("msgpack"))), type)).toBe("msgpack");
    expect(readDynamicValue(concat(jsonValue('"json"'), lengthField(1, new Uint8Array(0))), type)).toBe("json");
  });

  it("that came in parts is merged", () => {
    expect(readDynamicValue(concat(msgpackValue(pack("a")), msgpackValue(pack("b"))), type)).toBe("b");
  });

  it.each([
    ["absent", null, true],
    ["empty", new Uint8Array(0), true],
    ["msgpack nil", msgpackValue(Uint8Array.of(0xc0)), true],
    ["JSON null", jsonValue(" null\n"), true],
    ["an object", msgpackValue(pack({})), false],
    ["a JSON object", jsonValue("{}"), false],
    ["unknown", msgpackValue(UNKNOWN), false],
  ])("that is %s says whether there is an object", (_, bytes, isNull) => {
    expect(isNullValue(bytes)).toBe(isNull);
  });
});

describe("numbers", () => {
  it.each([
    [0, 0],
    [-1, -1],
    [-128, -128],
    [255, 255],
    [65_536, 65_536],
    [-70_000, -70_000],
    [4_294_967_296, 4_294_967_296],
    [-4_294_967_297, -4_294_967_297],
    [1.5, 1.5],
    [2n ** 63n, 2 ** 63],
    [-(2n ** 60n), -(2 ** 60)],
    ["12345678901234567890.5", 12345678901234567890.5],
    ["1e3", 1000],
    ["-0.25", -0.25],
  ])("%s is the double that JSON.parse gives", (given, expected) => {
    expect(read(given, '"number"')).toBe(expected);
  });

  it("may be floats of 32 bits", () => {
    expect(readMsgpack(Uint8Array.of(0xca, 0x3f, 0xc0, 0, 0), parseType('"number"'))).toBe(1.5);
  });

  it("lose what a double cannot hold, as in the JSON of a plan", () => {
    expect(read(2n ** 53n + 1n, '"number"')).toBe(JSON.parse("9007199254740993"));
    expect(readJson(Buffer.from("9007199254740993"), parseType('"number"'))).toBe(2 ** 53);
  });
});

describe("text", () => {
  it("is normalised as core does", () => {
    expect(read("cafe\u0301", '"string"')).toBe("caf\u00e9");
    expect(read({ "cafe\u0301": 1 }, '["map","number"]')).toEqual(new Map([["caf\u00e9", 1]]));
  });

  it("may come as binary", () => {
    expect(read(Buffer.from("abc"), '"string"')).toBe("abc");
  });

  it("gets U+FFFD for what is not UTF-8, as in the JSON of a plan", () => {
    expect(read(Buffer.from([0x61, 0xff]), '"string"')).toBe("a\ufffd");
  });
});

describe("sets", () => {
  it.each([
    ["strings by their bytes", ["b", "a", "\u{1F600}", "\uFFEE", "a"], "string", ["a", "b", "\uFFEE", "\u{1F600}"]],
    ["numbers by size", [10, 9, -1, 9], "number", [-1, 9, 10]],
    ["false before true", [true, false], "bool", [false, true]],
    ["null at the end", [null, "a"], "string", ["a", null]],
  ])("are in core's order, each element once: %s", (_, given, element, expected) => {
    expect(read(given, `["set","${element}"]`)).toEqual(expected);
    expect(readJson(Buffer.from(JSON.stringify(given)), parseType(`["set","${element}"]`))).toEqual(expected);
  });

  it("have unknown elements behind the known ones, and keep each", () => {
    const bytes = Buffer.concat([
      Uint8Array.of(0x94),
      UNKNOWN,
      Uint8Array.of(0xc0),
      UNKNOWN,
      Uint8Array.of(0xa1, 0x61),
    ]);
    const set = readMsgpack(bytes, parseType('["set","string"]'));
    expect(set).toEqual(["a", Unknown.SINGLE, Unknown.SINGLE, null]);
  });

  it("of objects stay as they came", () => {
    const given = [{ a: "2" }, { a: "1" }];
    const type = parseType('["set",["object",{"a":"string"}]]');
    expect(toPlanValue(readMsgpack(pack(given), type)).value).toEqual(given);
  });
});

describe("unknown values", () => {
  it.each([
    ["of one byte", [0xd4, 0, 0]],
    ["with what is known of them", [0xc7, 0x03, 12, 0x81, 0x01, 0xc2]],
    ["of 16 bits of length", [0xc8, 0, 1, 12, 0x80]],
    ["of an extension that does not exist yet", [0xd5, 77, 0, 0]],
  ])("are all extensions: %s", (_, bytes) => {
    expect(readMsgpack(Uint8Array.from(bytes), parseType('"string"'))).toBe(Unknown.SINGLE);
  });

  it("are null and true where all of a value is unknown", () => {
    expect(toPlanValue(Unknown.MAPPING)).toEqual({ value: null, unknown: true });
  });
});
