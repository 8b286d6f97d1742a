import { describe, expect, it } from "vitest";
import {
  differences,
  exported,
  isSame,
  parseExportFile,
  toExportFile,
} from "../../../../src/hosts/terraform/metadata/export-file.js";
import { readMetadata } from "../../../../src/hosts/terraform/metadata/read-metadata.js";
import { readState } from "../../../../src/hosts/terraform/records/state-file.js";
import { thrownCode } from "../../../support/codes.js";
import { resource, stateBytes } from "../records/states.js";
import { holding, kept, stateOf, stored } from "./stored-states.js";

function parse(value: unknown, maxBytes?: number) {
  return parseExportFile(Buffer.from(typeof value === "string" ? value : JSON.stringify(value)), "e.json", maxBytes);
}

/** A file with one entry. */
function fileOf(
  data: unknown,
  parts: { readonly address?: string; readonly name?: string; readonly version?: unknown } = {},
): unknown {
  const { address = "mock_thing.a", name = "cost", version = 0 } = parts;
  return { format: 1, metadata: { [address]: { [name]: { version, data } } } };
}

describe("an export", () => {
  it("comes back as it went, in order", () => {
    const state = stateOf({ b: kept(holding({ z: { n: 1 }, a: { n: 2 } }, "", 7)), a: kept(holding({ cost: {} })) });
    const { rows } = readMetadata(readState(state), null);
    const file = JSON.stringify(toExportFile(exported(rows)));
    expect(JSON.stringify([...parse(file).keys()])).toBe('["mock_thing.a","mock_thing.b"]');
    expect(parse(file).get("mock_thing.b")).toEqual(stored({ a: { n: 2 }, z: { n: 1 } }, 7));
    expect(file.indexOf('"a":{')).toBeLessThan(file.indexOf('"z":{'));
  });

  it("has nothing of deposed objects", () => {
    const deposed = resource({ instances: [kept(holding({ cost: {} }), { deposed: "ab12" })] });
    expect(exported(readMetadata(readState(stateBytes([deposed])), null).rows).size).toBe(0);
  });

  it("is taken with the most that may be stored, and not with more", () => {
    const text = (bytes: number) => ({ x: "é".repeat((bytes - 8) / 2) });
    expect(parse(fileOf(text(64 * 1024))).size).toBe(1);
    expect(thrownCode(() => parse(fileOf(text(64 * 1024 + 2))))).toBe("METADATA_TOO_LARGE");
    const size = JSON.stringify(fileOf({})).length;
    expect(parse(fileOf({}), size).size).toBe(1);
    expect(thrownCode(() => parse(fileOf({}), size - 1))).toBe("METADATA_TOO_LARGE");
    const nested = (levels: number) => JSON.parse(`${'{"a":'.repeat(levels - 1)}{}${"}".repeat(levels - 1)}`) as object;
    expect(parse(fileOf(nested(64))).size).toBe(1);
    expect(thrownCode(() => parse(fileOf(nested(65))))).toBe("METADATA_TOO_LARGE");
    expect(thrownCode(() => parse("[".repeat(100_000)))).toBe("METADATA_TOO_LARGE");
  });

  it.each([
    ["no JSON", "{"],
    ["a list", []],
    ["another format", { format: 2, metadata: {} }],
    ["no metadata", { format: 1 }],
    ["no address", fileOf({}, { address: "nowhere" })],
    ["no name", fileOf({}, { name: "a b" })],
    ["data that is no object", fileOf([1])],
    ["data that is null", fileOf(null)],
    ["a version that is no number", fileOf({}, { version: "1" })],
    ["a key that reaches into prototypes", '{"format":1,"metadata":{"a.b":{"c":{"data":{"__proto__":{}}}}}}'],
    ["a name that does", '{"format":1,"metadata":{"a.b":{"__proto__":{"data":{}}}}}'],
  ])("is refused with %s", (_what, value) => {
    expect(thrownCode(() => parse(value))).toBe("METADATA_ARGUMENTS");
  });
});

describe("two exports", () => {
  const one = new Map([["mock_thing.a", stored({ cost: { a: 1, b: [1, { c: 2 }] }, gone: {} })]]);

  it("are the same whatever the order of keys", () => {
    const other = new Map([["mock_thing.a", stored({ gone: {}, cost: { b: [1, { c: 2 }], a: 1 } })]]);
    expect(differences(one, other)).toEqual([]);
  });

  it("differ by what was added, removed, changed, and by versions", () => {
    const other = new Map([
      ["mock_thing.b", stored({ cost: {} })],
      ["mock_thing.a", new Map([...stored({ cost: { a: 1, b: [{ c: 2 }, 1] } }), ...stored({ gone: {} }, 1)])],
    ]);
    const found = differences(one, other);
    expect(
      found.map(({ address, integration, before, after }) => [address, integration, before?.version, after?.version]),
    ).toEqual([
      ["mock_thing.a", "cost", 0, 0],
      ["mock_thing.a", "gone", 0, 1],
      ["mock_thing.b", "cost", undefined, 0],
    ]);
    expect(differences(other, one).map(({ after }) => after === null)).toEqual([false, false, true]);
  });

  it("tell keys of prototypes apart as any others", () => {
    const with__proto__ = { version: 0, data: JSON.parse('{"__proto__":1}') as Record<string, unknown> };
    expect(isSame(with__proto__, { version: 0, data: {} })).toBe(false);
  });
});
