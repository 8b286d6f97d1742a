import { Packr } from "msgpackr";
import { describe, expect, it } from "vitest";
import { concat, integerField, lengthField, Message } from "../../../../src/hosts/terraform/tfplugin/protobuf.js";
import { cutIntegrations, restoreIntegrations } from "../../../../src/hosts/terraform/tfplugin/provider-config.js";
import type { ProviderConfigMethod } from "../../../../src/hosts/terraform/tfplugin/provider-config.js";
import { thrownCode } from "../../../support/codes.js";
import { jsonValue, msgpackValue, recorded } from "./fixtures.js";
import { base64, decode } from "./oracle.js";

const packr = new Packr({ useRecords: false, variableMapSize: true });
const pack = (value: unknown): Uint8Array => packr.pack(value);
const METHODS: readonly (readonly [ProviderConfigMethod, number, string])[] = [
  ["configure", 2, "ConfigureRequest"],
  ["validateProvider", 1, "ValidateProviderRequest"],
];
const configure = (value: Uint8Array): Uint8Array =>
  concat(lengthField(1, "1.12.6"), lengthField(2, value), integerField(9, 1));

const OTHERS_NOT_SET = {
  ...{ version: null, timeout: null, initialize_timeout: null, memory: null, message_size: null },
  ...{ on_error: null, hooks: null, resources: null, after: null, grants: null },
};
const NOTHING_SET = { ...OTHERS_NOT_SET, source: null, config: null };

describe.each(METHODS)("integrations in a %s request", (method, field, message) => {
  const requestOf = (config: Uint8Array): Uint8Array => lengthField(field, config);

  it("are cut out as if the provider's schema had never had them", () => {
    const { msgpack, without } = recorded.config("one");
    const { integrations, request } = cutIntegrations(method, requestOf(msgpackValue(msgpack)));
    expect(decode(message, request)).toEqual({ config: { msgpack: base64(without) } });
    expect(integrations).toEqual({
      value: {
        tagger: {
          ...NOTHING_SET,
          source: "./tagger",
          hooks: ["post-plan-resource"],
          config: { required_tags: ["owner"], max: 3 },
        },
      },
      unknown: {},
    });
  });

  it("are cut out of JSON, too", () => {
    const { json, jsonWithout } = recorded.config("one");
    const { integrations, request, cut } = cutIntegrations(method, requestOf(jsonValue(String(json))));
    expect(decode(message, request)).toEqual({ config: { json: base64(jsonWithout ?? "") } });
    expect(integrations?.value).toMatchObject({ tagger: { source: "./tagger", config: { max: 3 } } });
    expect(cut).toBeNull();
  });

  it("may be none, but the key is there and is cut out", () => {
    const { msgpack, without } = recorded.config("none");
    const { integrations, request } = cutIntegrations(method, requestOf(msgpackValue(msgpack)));
    expect(integrations).toEqual({ value: {}, unknown: {} });
    expect(decode(message, request)).toEqual({ config: { msgpack: base64(without) } });
  });

  it("say where a value is not known yet", () => {
    const { msgpack } = recorded.config("unknown");
    const { integrations } = cutIntegrations(method, requestOf(msgpackValue(msgpack)));
    expect(integrations).toEqual({
      value: { a: OTHERS_NOT_SET, b: { ...NOTHING_SET, config: { k: "v" } } },
      unknown: { a: { source: true, config: true }, b: { config: { tag: true } } },
    });
  });

  it("may be unknown altogether", () => {
    const { msgpack, without } = recorded.config("all-unknown");
    const { integrations, request } = cutIntegrations(method, requestOf(msgpackValue(msgpack)));
    expect(integrations).toEqual({ value: null, unknown: true });
    expect(decode(message, request)).toEqual({ config: { msgpack: base64(without) } });
  });

  it.each([
    ["no configuration", new Uint8Array(0)],
    ["an empty one", lengthField(field, new Uint8Array(0))],
    ["null", lengthField(field, msgpackValue(pack(null)))],
    ["JSON null", lengthField(field, jsonValue("null"))],
    ["an unknown one", lengthField(field, msgpackValue(Uint8Array.of(0xd4, 0, 0)))],
    ["one without the key", lengthField(field, msgpackValue(pack({ region: "eu" })))],
    ["JSON without the key", lengthField(field, jsonValue('{"region":"eu"}'))],
  ])("are not there in %s, which goes on as it came", (_, request) => {
    expect(cutIntegrations(method, request)).toEqual({ integrations: null, request, cut: null });
  });
});

describe("what surrounds the configuration", () => {
  it("stays: version and fields that are not known", () => {
    const { msgpack, without } = recorded.config("one");
    const { request } = cutIntegrations("configure", configure(msgpackValue(msgpack)));
    expect(decode("ConfigureRequest", request)).toEqual({
      terraform_version: "1.12.6",
      config: { msgpack: base64(without) },
    });
    expect(new Message(request).number(9)).toBe(1);
  });
});

describe("the head of a configuration's map", () => {
  const DYNAMIC_EMPTY = Buffer.concat([Uint8Array.of(0x92, 0xad), Buffer.from('["object",{}]'), Uint8Array.of(0x80)]);
  const pair = Buffer.concat([pack("integration"), DYNAMIC_EMPTY]);
  const entry = (index: number): Buffer => Buffer.concat([pack(`k${index}`), Uint8Array.of(0xc0)]);
  const head = (count: number): Buffer => {
    if (count <= 15) return Buffer.from([0x80 | count]);
    const bytes = Buffer.alloc(count <= 65_535 ? 3 : 5);
    bytes[0] = count <= 65_535 ? 0xde : 0xdf;
    if (count <= 65_535) bytes.writeUInt16BE(count, 1);
    else bytes.writeUInt32BE(count, 1);
    return bytes;
  };
  const others = (count: number): Buffer[] => Array.from({ length: count }, (_, index) => entry(index));

  it.each([0, 1, 14, 15, 16, 17, 65_534, 65_535, 65_536])("counts one less, beside %i others", (count) => {
    const all = others(count);
    const at = Math.floor(count / 2);
    const whole = Buffer.concat([head(count + 1), ...all.slice(0, at), pair, ...all.slice(at)]);
    const expected = Buffer.concat([head(count), ...all]);
    const cut = cutIntegrations("configure", configure(msgpackValue(whole)));
    const config = new Message(new Message(cut.request).message(2) ?? new Uint8Array(0)).bytes(1);
    expect(Buffer.from(config).equals(expected)).toBe(true);

    const prepared = restoreIntegrations(lengthField(1, msgpackValue(expected)), cut);
    const restored = new Message(new Message(prepared).message(1) ?? new Uint8Array(0)).bytes(1);
    expect(Buffer.from(restored).equals(Buffer.concat([head(count + 1), ...all, pair]))).toBe(true);
  });
});

describe("a configuration that is none", () => {
  it.each([
    ["a list", msgpackValue(pack([]))],
    [
      "the key twice",
      msgpackValue(
        Buffer.concat([Uint8Array.of(0x82), pack("integration"), pack(null), pack("integration"), pack(null)]),
      ),
    ],
    ["more than the map", msgpackValue(Uint8Array.of(0x80, 0xc0))],
    ["a map cut short", msgpackValue(Uint8Array.of(0x82, 0xa1, 0x61, 0xc0))],
    ["integrations without their type", msgpackValue(pack({ integration: { a: {} } }))],
    ["no JSON", jsonValue("{")],
    ["a JSON list", jsonValue("[]")],
    ["the key twice in JSON", jsonValue('{"integration":null,"integration":null}')],
  ])("is TFPLUGIN_VALUE: %s", (_, value) => {
    expect(thrownCode(() => cutIntegrations("configure", configure(value)))).toBe("TFPLUGIN_VALUE");
  });
});

describe("the answer to validateProvider of protocol 5", () => {
  const { msgpack, without } = recorded.config("one");
  const taken = cutIntegrations("validateProvider", lengthField(1, msgpackValue(msgpack)));
  const diagnostics = lengthField(2, concat(integerField(1, 2), lengthField(2, "careful")));
  const restored = (prepared: Uint8Array, from = taken): unknown =>
    decode("ValidateProviderResponse", restoreIntegrations(concat(lengthField(1, prepared), diagnostics), from));
  const WARNING = { diagnostics: [{ severity: 2, summary: "careful" }] };

  it("gets the key back that core's schema asks for", () => {
    const { prepared_config: prepared, ...rest } = restored(msgpackValue(without)) as Record<
      string,
      { msgpack: string }
    >;
    expect(rest).toEqual(WARNING);
    const again = cutIntegrations("configure", configure(msgpackValue(Buffer.from(prepared?.msgpack ?? "", "base64"))));
    expect(again.integrations).toEqual(taken.integrations);
    expect(decode("ConfigureRequest", again.request)["config"]).toEqual({ msgpack: base64(without) });
  });

  it.each([
    ["null", msgpackValue(pack(null))],
    ["unknown", msgpackValue(Uint8Array.of(0xd4, 0, 0))],
    ["JSON", jsonValue("{}")],
    ["empty", new Uint8Array(0)],
  ])("has no prepared configuration where the provider's is %s: core makes no use of it", (_, prepared) => {
    expect(restored(prepared)).toEqual(WARNING);
  });

  it("has none where the key was cut out of JSON", () => {
    const fromJson = cutIntegrations("validateProvider", lengthField(1, jsonValue('{"integration":null}')));
    expect(restored(msgpackValue(without), fromJson)).toEqual(WARNING);
  });

  it("stays as it is where nothing was cut out, and where nothing was prepared", () => {
    const untouched = cutIntegrations("validateProvider", lengthField(1, msgpackValue(without)));
    expect(restored(msgpackValue(without), untouched)).toEqual({
      prepared_config: { msgpack: base64(without) },
      ...WARNING,
    });
    expect(restoreIntegrations(diagnostics, taken)).toBe(diagnostics);
  });

  it("is TFPLUGIN_VALUE where what was prepared is no map", () => {
    expect(thrownCode(() => restored(msgpackValue(pack("x"))))).toBe("TFPLUGIN_VALUE");
  });
});
