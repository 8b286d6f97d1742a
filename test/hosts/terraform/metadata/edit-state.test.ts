import { describe, expect, it } from "vitest";
import { editState } from "../../../../src/hosts/terraform/metadata/edit-state.js";
import type { Change } from "../../../../src/hosts/terraform/metadata/edit-state.js";
import { NO_METADATA, withEntry } from "../../../../src/hosts/terraform/metadata/entry.js";
import { byObject, readMetadata } from "../../../../src/hosts/terraform/metadata/read-metadata.js";
import { idIn } from "../../../../src/hosts/terraform/records/object-id.js";
import { readState } from "../../../../src/hosts/terraform/records/state-file.js";
import { thrownCode } from "../../../support/codes.js";
import { resource, stateBytes } from "../records/states.js";
import { FOREIGN, holding, holdingWrongEntry, IN_CORE, kept, stateOf, stored } from "./stored-states.js";

const COST = { cost: { monthly: 12 } };

function edit(bytes: Buffer, change: Change, discard?: "nothing" | "damaged") {
  return editState(bytes, readState(bytes), change, discard === undefined ? {} : { discard });
}

/** Stores `COST` for one address. */
function at(address: string): Change {
  return (object) => (object.address === address ? stored(COST) : null);
}

function textOf(edited: { readonly text: Buffer | null }): string {
  return edited.text?.toString() ?? expect.fail("nothing was changed");
}

describe("a state that is changed", () => {
  it("holds the metadata at its object and nowhere else", () => {
    const bytes = stateOf({ a: kept(), b: kept('{"own":1}') });
    const { rows } = readMetadata(readState(Buffer.from(textOf(edit(bytes, at("mock_thing.b"))))), null);
    expect([...byObject(rows)]).toEqual([["mock_thing.b", stored(COST)]]);
  });

  it("is else byte for byte what it was, but for its serial", () => {
    const attributes = '{"id":"i-1","n":12345678901234567890.123456789,"e":1e400, "u":"\\u00e9"}';
    const text = stateOf({ a: kept(holding(COST)) })
      .toString()
      .replace(/\{\s*"id": "i-1"\s*\}/, attributes);
    expect(text).toContain(attributes);
    const changed = textOf(edit(Buffer.from(text), () => stored({ cost: { monthly: 13 } })));
    const [before, after] = [text, changed].map((one) => one.replace(/"private": "[^"]*"/, '"private": ""'));
    expect(after).toBe(before?.replace('"serial": 3', '"serial": 4'));
  });

  it.each(["", "null", "{}", '{"own":"InYi"}', ' { "a" : 1 } '])("takes nothing from private bytes %j", (original) => {
    const bytes = stateOf({ a: kept(original) });
    const changed = Buffer.from(textOf(edit(bytes, at("mock_thing.a"))));
    const back = readState(Buffer.from(textOf(edit(changed, () => NO_METADATA))));
    expect(back.map((object) => Buffer.from(object.private).toString())).toEqual([original]);
  });

  it("keeps the id that another run put there", () => {
    const written = withEntry(Buffer.from(""), { id: "an.id", address: "mock_thing.old", metadata: new Map() });
    if (written.kind !== "stored") return expect.fail(written.kind);
    const bytes = stateOf({ a: kept(Buffer.from(written.bytes)) });
    const [object] = readState(Buffer.from(textOf(edit(bytes, at("mock_thing.a")))));
    expect(idIn(object?.private ?? expect.fail())).toBe("an.id");
    return undefined;
  });

  it("has a serial that goes beyond what a double can count", () => {
    const bytes = stateBytes([resource()], { serial: 0 })
      .toString()
      .replace('"serial": 0', '"serial": 9007199254740993');
    expect(textOf(edit(Buffer.from(bytes), at("mock_thing.one")))).toContain('"serial": 9007199254740994');
  });

  it("finds its objects among instances, modules, data sources and unknown modes", () => {
    const many = resource({
      module: "module.m",
      instances: [0, 1, 2].map((key) => kept("{}", { index_key: key })),
    });
    const data = resource({ mode: "data", instances: [kept("{}")] });
    const unknown = resource({ mode: "ephemeral", instances: [kept("{}")] });
    const bytes = stateBytes([unknown, data, many]);
    const { rows } = readMetadata(readState(Buffer.from(textOf(edit(bytes, at("module.m.mock_thing.one[1]"))))), null);
    expect(rows.map(({ address }) => address)).toEqual(["module.m.mock_thing.one[1]"]);
  });

  it("is none where nothing is to be changed, and where there is no state", () => {
    expect(edit(stateOf({ a: kept() }), () => null)).toEqual({ text: null, elsewhere: [] });
    expect(edit(Buffer.alloc(0), () => stored(COST))).toEqual({ text: null, elsewhere: [] });
  });
});

describe("what a state cannot hold", () => {
  it.each([
    ["private bytes that are no JSON object", stateOf({ a: kept("plain text") })],
    ["a resource inside core", stateBytes([IN_CORE])],
    ["a data source", stateBytes([resource({ mode: "data" })])],
  ])("is given back: %s", (_what, bytes) => {
    const { text, elsewhere } = edit(bytes, () => stored(COST));
    expect(text).toBeNull();
    expect(elsewhere.map(([, metadata]) => metadata)).toEqual([stored(COST)]);
  });

  it.each([
    ["what nobody of ours wrote", FOREIGN],
    ["an entry of another form", holdingWrongEntry()],
  ])("is never written over: %s", (_what, bytes) => {
    const state = stateOf({ good: kept(), bad: kept(bytes) });
    expect(thrownCode(() => edit(state, () => stored(COST)))).toBe("METADATA_FOREIGN");
    expect(edit(state, at("mock_thing.good")).text).not.toBeNull();
  });

  it.each([
    ["what nobody of ours wrote", FOREIGN, '{"own":1}'],
    ["an entry of another form", holdingWrongEntry(), "{}"],
    ["our key twice", Buffer.from('{"airlock":"a","own":1,"airlock":"b"}'), '{"own":1}'],
  ])("goes when it is to be discarded: %s", (_what, bytes, left) => {
    const [object] = readState(Buffer.from(textOf(edit(stateOf({ a: kept(bytes) }), () => NO_METADATA, "damaged"))));
    expect(Buffer.from(object?.private ?? []).toString()).toBe(left);
  });

  it("is more than fits into one entry", () => {
    const large = Object.fromEntries(Array.from({ length: 20 }, (_, at) => [`i${at}`, { text: "x".repeat(15_000) }]));
    expect(thrownCode(() => edit(stateOf({ a: kept() }), () => stored(large)))).toBe("METADATA_TOO_LARGE");
  });

  it.each(['"serial": "3"', '"serial": -3', '"other": 3', '"serial": 3.5'])("is any change with %s", (serial) => {
    const bytes = Buffer.from(stateOf({ a: kept() }).toString().replace('"serial": 3', serial));
    expect(thrownCode(() => edit(bytes, () => stored(COST)))).toBe("METADATA_STATE");
  });
});

describe("the state in a plan", () => {
  it("stays the state that it is: its serial is kept", () => {
    const bytes = stateOf({ a: kept() });
    const { text } = editState(bytes, readState(bytes), () => stored(COST), { serial: "kept" });
    expect(text?.toString()).toContain('"serial": 3');
  });
});
