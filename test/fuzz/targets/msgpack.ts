import { deepStrictEqual } from "node:assert/strict";
import fc from "fast-check";
import { Packr, Unpackr } from "msgpackr";
import { MsgpackCursor } from "../../../src/hosts/terraform/tfplugin/msgpack-cursor.js";
import { readPlanValue } from "../../../src/hosts/terraform/tfplugin/plan-value.js";
import { lengthField, Message } from "../../../src/hosts/terraform/tfplugin/protobuf.js";
import { cutIntegrations, restoreIntegrations } from "../../../src/hosts/terraform/tfplugin/provider-config.js";
import { ProviderSchema } from "../../../src/hosts/terraform/tfplugin/provider-schema.js";
import { TFPLUGIN_ERROR_CODES, TfpluginError } from "../../../src/hosts/terraform/tfplugin/tfplugin-error.js";
import { jsonValue, msgpackValue, recorded, VERSIONS } from "../../hosts/terraform/tfplugin/fixtures.js";
import { orNamed } from "../expected-error.js";
import { mutated } from "../mutated.js";
import { fuzzTarget } from "../target.js";

const NAMED = { type: TfpluginError, codes: TFPLUGIN_ERROR_CODES };
const CONFIG_FIELD = 2;
const PREPARED_FIELD = 1;
const KEY = "integration";
const packr = new Packr({ useRecords: false, variableMapSize: true });
const unpackr = new Unpackr({ useRecords: false, mapsAsObjects: false, int64AsType: "bigint" });

const value = fc.letrec((tie) => ({
  any: fc.oneof(
    { maxDepth: 3 },
    fc.string({ unit: "grapheme", maxLength: 40 }),
    fc.double({ noNaN: true }),
    fc.maxSafeInteger(),
    fc.boolean(),
    fc.constant(null),
    fc.array(tie("any"), { maxLength: 20 }),
    fc.array(fc.tuple(fc.string(), tie("any")), { maxLength: 20 }).map((pairs) => new Map(pairs)),
  ),
})).any;
const TYPE = Buffer.from('["map",["object",{"source":"string"}]]');
const integration = fc
  .option(fc.dictionary(fc.string(), fc.string(), { maxKeys: 3 }))
  .map((blocks): [string, unknown] => [KEY, [TYPE, blocks && toMap(blocks)]]);

function toMap(blocks: Readonly<Record<string, string>>): Map<string, unknown> {
  return new Map(Object.entries(blocks).map(([name, source]) => [name, new Map([["source", source]])]));
}

/** A provider's configuration by its pairs, with `integration` at any place or not at all. */
const config = fc
  .tuple(fc.array(fc.tuple(fc.string({ maxLength: 8 }), value), { maxLength: 20 }), fc.option(integration), fc.nat())
  .map(([pairs, ours, at]) => {
    const others: [string, unknown][] = [...new Map(pairs.filter(([key]) => key !== KEY))];
    return ours === null ? others : others.toSpliced(at % (others.length + 1), 0, ours);
  })
  .map((pairs) => packr.pack(new Map<string, unknown>(pairs)));
const RECORDED = ["all-unknown", "none", "one", "unknown"].map((name) => recorded.config(name).msgpack);

/** All of the bytes as one map; null when a full decoder does not take them for one. */
function mapIn(bytes: Uint8Array): Map<unknown, unknown> | null {
  try {
    const read: unknown = unpackr.unpack(bytes);
    return read instanceof Map ? read : null;
  } catch {
    return null;
  }
}

function configIn(message: Uint8Array, field: number): Uint8Array {
  return new Message(new Message(message).message(field) ?? new Uint8Array(0)).bytes(1);
}

/** A decoded value in which bytes are text, so that two can be compared. */
function plain(read: unknown): unknown {
  if (read instanceof Uint8Array) return `bytes ${Buffer.from(read).toString("hex")}`;
  if (Array.isArray(read)) return read.map(plain);
  if (read instanceof Map) return [...read].map(plain);
  return typeof read === "object" && read !== null ? Object.entries(read).map(plain) : read;
}

/** Pairs as they follow each other. */
const pairsOf = (pairs: Iterable<unknown> | null): unknown[] => [...(pairs ?? [])].map(plain);

export const msgpackSplice = fuzzTarget({
  name: "msgpack-splice",
  rule: "a configuration without its integration blocks decodes to all else, and what is put back to what was there",
  testRuns: 300,
  inputs: fc.oneof(config, mutated(RECORDED), mutated(config)),
  kept: [],
  holds: (bytes) => {
    const request = lengthField(CONFIG_FIELD, msgpackValue(bytes));
    const cut = orNamed(NAMED, () => cutIntegrations("configure", request));
    if (cut === null) return;
    const whole = mapIn(bytes);
    const rest = configIn(cut.request, CONFIG_FIELD);
    if (cut.integrations === null) deepStrictEqual(Buffer.from(rest), Buffer.from(bytes));
    if (whole === null) return;
    const others = [...whole].filter(([key]) => key !== KEY);
    if (cut.integrations !== null) deepStrictEqual(pairsOf(mapIn(rest)), pairsOf(others));
    const answer = lengthField(PREPARED_FIELD, msgpackValue(rest));
    const back = mapIn(configIn(restoreIntegrations(answer, cut), PREPARED_FIELD));
    const ours = cut.integrations === null ? [] : [[KEY, whole.get(KEY)]];
    deepStrictEqual(pairsOf(back), pairsOf([...others, ...ours]));
  },
});

export const msgpackRestore = fuzzTarget({
  name: "msgpack-restore",
  rule: "whatever configuration a provider answers with, ours is put back into it as it was, or it is left out",
  testRuns: 200,
  inputs: mutated(fc.oneof(config, fc.constantFrom(...RECORDED))),
  kept: [],
  holds: (prepared) => {
    const request = lengthField(CONFIG_FIELD, msgpackValue(recorded.config("one").msgpack));
    const cut = cutIntegrations("configure", request);
    const before = mapIn(prepared);
    const answer = orNamed(NAMED, () => restoreIntegrations(lengthField(PREPARED_FIELD, msgpackValue(prepared)), cut));
    if (answer === null || before === null || before.has(KEY)) return;
    const after = mapIn(configIn(answer, PREPARED_FIELD));
    deepStrictEqual(pairsOf(after).slice(0, -1), pairsOf(before));
    deepStrictEqual(plain(after?.get(KEY)), plain(mapIn(recorded.config("one").msgpack)?.get(KEY)));
  },
});

export const msgpackSkip = fuzzTarget({
  name: "msgpack-skip",
  rule: "a value that is skipped ends where a full decoder ends",
  testRuns: 300,
  inputs: fc.oneof(value, fc.constant(null)).map((one) => packr.pack(one)),
  kept: [],
  holds: (bytes) => {
    const cursor = new MsgpackCursor(Buffer.concat([bytes, Buffer.of(0xc0)]));
    cursor.skip();
    deepStrictEqual(cursor.at, bytes.length);
  },
});

const blocks = VERSIONS.map((version) =>
  new ProviderSchema(recorded.message(version, "schema"), version).resource("x_thing"),
);
const VALUES = VERSIONS.flatMap((version) => recorded.values(version));

export const values = fuzzTarget({
  name: "values",
  rule: "any value between core and provider is read by its schema or is a TfpluginError",
  testRuns: 200,
  inputs: fc.record({
    block: fc.nat(blocks.length - 1),
    bytes: mutated(VALUES.map(({ Msgpack }) => Buffer.from(Msgpack, "base64"))),
    json: mutated(VALUES.flatMap(({ Json }) => (Json === undefined ? [] : [Buffer.from(Json, "base64")]))),
  }),
  kept: [],
  holds: ({ block: index, bytes, json }) => {
    const block = blocks[index];
    if (block === undefined) throw new Error("no such block");
    for (const given of [msgpackValue(bytes), jsonValue(json.toString())]) {
      const read = orNamed(NAMED, () => readPlanValue(given, block));
      if (read !== null) JSON.stringify(read);
    }
  },
});
