import fc from "fast-check";
import { Packr } from "msgpackr";
import { describe, expect, it } from "vitest";
import { parseType } from "../../../../src/hosts/terraform/tfplugin/cty-type.js";
import type { CtyType } from "../../../../src/hosts/terraform/tfplugin/cty-type.js";
import { readJson } from "../../../../src/hosts/terraform/tfplugin/json-value.js";
import { MAX_DEPTH, MAX_VALUES } from "../../../../src/hosts/terraform/tfplugin/limits.js";
import { MsgpackCursor } from "../../../../src/hosts/terraform/tfplugin/msgpack-cursor.js";
import { readPlanValue, toPlanValue } from "../../../../src/hosts/terraform/tfplugin/plan-value.js";
import { ProviderSchema } from "../../../../src/hosts/terraform/tfplugin/provider-schema.js";
import { readMsgpack } from "../../../../src/hosts/terraform/tfplugin/value.js";
import { thrownCode } from "../../../support/codes.js";
import { msgpackValue, recorded } from "./fixtures.js";

const packr = new Packr({ useRecords: false, variableMapSize: true });
const pack = (value: unknown): Uint8Array => packr.pack(value);
const codeOf = (bytes: Uint8Array | readonly number[], type: string): string =>
  thrownCode(() => readMsgpack(Uint8Array.from(bytes), parseType(type)));

describe("msgpack that is not of its type is TFPLUGIN_VALUE", () => {
  it.each([
    ["a number for a string", pack(1), '"string"'],
    ["a string for a bool", pack("true"), '"bool"'],
    ["a map for a list", pack({}), '["list","string"]'],
    ["a list for a map", pack([]), '["map","string"]'],
    ["no number for a number", pack("12px"), '"number"'],
    ["hexadecimal for a number", pack("0x10"), '"number"'],
    ["infinity", pack(Infinity), '"number"'],
    ["not a number", pack(NaN), '"number"'],
    ["a number beyond a double", pack("1e400"), '"number"'],
    ["an attribute that the type has not", pack({ a: "x", b: "y" }), '["object",{"a":"string"}]'],
    ["an attribute too few", pack({ a: "x" }), '["object",{"a":"string","b":"string"}]'],
    ["an element too many", pack(["a", "b"]), '["tuple",["string"]]'],
    ["an element too few", pack([]), '["tuple",["string"]]'],
    ["one key twice", [0x82, 0xa1, 0x61, 0x01, 0xa1, 0x61, 0x02], '["map","number"]'],
    ["a number as a key", [0x81, 0x01, 0x01], '["map","number"]'],
    ["nil as a key", [0x81, 0xc0, 0x01], '["map","number"]'],
    ["a dynamic value without its type", pack("x"), '"dynamic"'],
    ["a dynamic value of three parts", pack(["a", "b", "c"]), '"dynamic"'],
    ["more bytes than the value", [0xc3, 0xc3], '"bool"'],
    ["nothing", [], '"bool"'],
    ["a token that does not exist", [0xc1], '"string"'],
    ["text cut short", [0xa5, 0x61], '"string"'],
    ["a number cut short", [0xcf, 0, 0], '"number"'],
    ["a length cut short", [0xdb, 0, 0], '"string"'],
    ["an extension cut short", [0xc7, 0x05, 0x00, 0x00], '"string"'],
    ["a length that the bytes cannot hold", [0xdd, 0xff, 0xff, 0xff, 0xff], '["list","string"]'],
    ["a number of pairs that the bytes cannot hold", [0xdf, 0x7f, 0xff, 0xff, 0xff, 0xc0], '["map","string"]'],
  ])("%s", (_, bytes, type) => {
    expect(codeOf(bytes, type)).toBe("TFPLUGIN_VALUE");
  });

  it("is TFPLUGIN_SCHEMA when the type beside a value is none", () => {
    expect(codeOf(pack(['"text"', "x"]), '"dynamic"')).toBe("TFPLUGIN_SCHEMA");
  });
});

describe("JSON that is not of its type is TFPLUGIN_VALUE", () => {
  it.each([
    ["no JSON", "{", '"string"'],
    ["an object for a string", "{}", '"string"'],
    ["a word for a bool", '"yes"', '"bool"'],
    ["a bool for a number", "true", '"number"'],
    ["a number beyond a double", "1e400", '"number"'],
    ["a list for a map", "[]", '["map","string"]'],
    ["an object for a list", "{}", '["list","string"]'],
    ["an attribute that the type has not", '{"__proto__":"x"}', '["object",{"a":"string"}]'],
    ["an element too many", '["a","b"]', '["tuple",["string"]]'],
    ["a dynamic value without its type", '{"value":1}', '"dynamic"'],
    ["a dynamic value with more", '{"value":1,"type":"number","x":1}', '"dynamic"'],
  ])("%s", (_, json, type) => {
    expect(thrownCode(() => readJson(Buffer.from(json), parseType(type)))).toBe("TFPLUGIN_VALUE");
  });

  it.each([
    ["a number for text", "12", '"string"', "12"],
    ["a bool for text", "true", '"string"', "true"],
    ["text for a bool", '"false"', '"bool"', false],
    ["text for a number", '"12"', '"number"', 12],
    ["an object without an attribute", "{}", '["object",{"a":"string"}]', new Map([["a", null]])],
    ["a dynamic value", '{"value":["x"],"type":["list","string"]}', '"dynamic"', ["x"]],
    ["a key `__proto__` in a map", '{"__proto__":"x"}', '["map","string"]', new Map([["__proto__", "x"]])],
  ])("but go-cty takes %s", (_, json, type, expected) => {
    expect(readJson(Buffer.from(json), parseType(type))).toEqual(expected);
  });
});

describe("the depth of a value", () => {
  /** A list in a list …, as a dynamic value: each level brings its own type. */
  const nested = (levels: number): unknown => (levels === 1 ? null : ['["list","dynamic"]', [nested(levels - 2)]]);
  const type = (levels: number): CtyType =>
    levels === 1 ? { kind: "bool" } : { kind: "list", element: type(levels - 1) };
  const lists = (levels: number): Uint8Array => Buffer.concat([Buffer.alloc(levels - 1, 0x91), Uint8Array.of(0xc3)]);

  it(`may be ${MAX_DEPTH}`, () => {
    expect(Array.isArray(readMsgpack(lists(MAX_DEPTH), type(MAX_DEPTH)))).toBe(true);
    expect(thrownCode(() => readMsgpack(lists(MAX_DEPTH + 1), type(MAX_DEPTH + 1)))).toBe("TFPLUGIN_TOO_DEEP");
  });

  it("is bounded where each level brings its type", () => {
    expect(toPlanValue(readMsgpack(pack(nested(41)), { kind: "dynamic" })).value).toBeDefined();
    expect(thrownCode(() => readMsgpack(pack(nested(301)), { kind: "dynamic" }))).toBe("TFPLUGIN_TOO_DEEP");
  });

  it("is bounded in JSON", () => {
    const json = (levels: number): Buffer => Buffer.from("[".repeat(levels - 1) + "true" + "]".repeat(levels - 1));
    expect(Array.isArray(readJson(json(MAX_DEPTH), type(MAX_DEPTH)))).toBe(true);
    expect(thrownCode(() => readJson(json(MAX_DEPTH + 1), type(MAX_DEPTH + 1)))).toBe("TFPLUGIN_TOO_DEEP");
    expect(thrownCode(() => readJson(json(100_000), type(MAX_DEPTH)))).toBe("TFPLUGIN_TOO_DEEP");
  });
});

describe("the number of values", () => {
  const list = parseType('["list","bool"]');
  const msgpack = (count: number): Uint8Array => {
    const bytes = Buffer.alloc(5 + count, 0xc0);
    bytes[0] = 0xdd;
    bytes.writeUInt32BE(count, 1);
    return bytes;
  };

  it(`may be ${MAX_VALUES}`, () => {
    expect(readMsgpack(msgpack(MAX_VALUES), list)).toHaveLength(MAX_VALUES);
    expect(thrownCode(() => readMsgpack(msgpack(MAX_VALUES + 1), list))).toBe("TFPLUGIN_TOO_LARGE");
  });

  it("is bounded in JSON", () => {
    const json = (count: number): Buffer => Buffer.from(`[${new Array<number>(count).fill(0).join(",")}]`);
    expect(thrownCode(() => readJson(json(MAX_VALUES + 1), parseType('["list","number"]')))).toBe("TFPLUGIN_TOO_LARGE");
  });
});

describe("whatever the bytes are", () => {
  const block = new ProviderSchema(recorded.message(6, "schema"), 6).resource("x_thing");
  const good = recorded.values(6).map(({ Msgpack }) => Buffer.from(Msgpack, "base64"));
  /** Recorded values with some bytes changed, and cut. */
  const damaged = fc
    .tuple(
      fc.constantFrom(...good),
      fc.array(fc.tuple(fc.nat(2_000), fc.nat(255)), { minLength: 1, maxLength: 4 }),
      fc.nat(2_000),
    )
    .map(([bytes, changes, cut]) => {
      const copy = Buffer.from(bytes);
      for (const [at, byte] of changes) copy[at % copy.length] = byte;
      return copy.subarray(0, cut > copy.length ? copy.length : cut);
    });

  it("nothing but a TfpluginError is thrown", () => {
    fc.assert(
      fc.property(fc.oneof(fc.uint8Array({ maxLength: 50 }), damaged), (bytes) => {
        try {
          readPlanValue(msgpackValue(bytes), block);
        } catch (error) {
          expect(error).toMatchObject({ name: "TfpluginError" });
        }
      }),
      { numRuns: 2_000 },
    );
  });

  it("a value of msgpackr is skipped to its very end", () => {
    fc.assert(
      fc.property(fc.jsonValue(), fc.uint8Array({ maxLength: 5 }), (value, behind) => {
        const bytes = pack(value);
        const cursor = new MsgpackCursor(Buffer.concat([bytes, behind]));
        cursor.skip();
        expect(cursor.at).toBe(bytes.length);
      }),
    );
  });

  it("depth alone costs no stack when a value is skipped", () => {
    const deep = Buffer.concat([Buffer.alloc(1_000_000, 0x91), Uint8Array.of(0xc0)]);
    const cursor = new MsgpackCursor(deep);
    cursor.skip();
    expect(cursor.at).toBe(deep.length);
  });
});
