import { describe, expect, it } from "vitest";
import { readMsgpack } from "../../../../src/hosts/terraform/tfplugin/value.js";
import { toPlanValue } from "../../../../src/hosts/terraform/tfplugin/plan-value.js";
import { thrownCode } from "../../../support/codes.js";
import { msgpack, PROVIDER } from "./archives.js";
import { blockOf, book, planOf, SOURCE } from "./books.js";

const BLOCK = blockOf({ id: '"string"', name: '"string"', size: '"number"' });
/** `{ id: unknown, name, size }` as core writes it. */
const planned = (name: string, size: number): Uint8Array =>
  Buffer.concat([
    Uint8Array.of(0x83, 0xa2, 0x69, 0x64, 0xd4, 0, 0),
    msgpack("name"),
    msgpack(name),
    msgpack("size"),
    msgpack(size),
  ]);
const made = (value: Uint8Array) => toPlanValue(readMsgpack(value, BLOCK.type));

describe("an object that core makes as it was planned", () => {
  const known = book();
  known.addPlan(
    planOf(
      { address: "mock_thing.one", values: [planned("a", 1)] },
      { address: "mock_thing.two", values: [planned("b", 1)], provider: `${PROVIDER}.eu` },
      { address: "mock_thing.three[0]", values: [planned("c", 1)] },
      { address: "mock_thing.three[1]", values: [planned("c", 1)] },
      { address: "mock_other.one", values: [planned("a", 2)] },
      { address: "mock_thing.far", values: [planned("a", 1)], provider: 'provider["example.com/a/mock"]' },
    ),
  );
  const of = (type: string, name: string, size: number, source = SOURCE) =>
    known.ofPlanned(source, type, made(planned(name, size)), BLOCK);

  it("is where the plan has the same value", () => {
    expect(of("mock_thing", "a", 1)).toEqual({ address: "mock_thing.one", candidates: [], alias: null });
    expect(of("mock_other", "a", 2)).toMatchObject({ address: "mock_other.one" });
  });

  it("is found under every provider configuration of its provider", () => {
    expect(of("mock_thing", "b", 1)).toEqual({ address: "mock_thing.two", candidates: [], alias: "eu" });
  });

  it("is not taken for one of another provider, or of another type", () => {
    expect(of("mock_thing", "a", 1, "example.com/a/mock").address).toBe("mock_thing.far");
    expect(of("mock_other", "a", 1)).toMatchObject({ address: null, candidates: [] });
    expect(of("thing", "a", 1)).toMatchObject({ address: null, candidates: [] });
  });

  it("is in doubt between instances that were planned alike", () => {
    expect(of("mock_thing", "c", 1)).toEqual({ address: null, candidates: ["mock_thing.three"], alias: null });
  });

  it("is nowhere when nothing was planned so", () => {
    expect(of("mock_thing", "z", 1)).toEqual({ address: null, candidates: [], alias: undefined });
  });
});

describe("what is no object to be made", () => {
  it.each([
    ["a deposed object", { deposed: "01" }],
    ["what does not change", { isNoOp: true }],
    ["what is deleted", { isDelete: true }],
    ["data", { address: "data.mock_thing.one" }],
    ["data in a module", { address: 'module.m["a.b"].data.mock_thing.one' }],
    ["a change without a value", { values: [] }],
    ["a change of a provider that cannot be read", { provider: "provider.mock" }],
  ])("%s is not found", (_, parts) => {
    const known = book();
    known.addPlan(planOf({ values: [planned("a", 1)], ...parts }));
    expect(known.ofPlanned(SOURCE, "mock_thing", made(planned("a", 1)), BLOCK).address).toBeNull();
  });

  it("of a change the value after it counts", () => {
    const known = book();
    known.addPlan(planOf({ values: [planned("old", 1), planned("new", 1)] }));
    expect(known.ofPlanned(SOURCE, "mock_thing", made(planned("new", 1)), BLOCK).address).toBe("mock_thing.one");
    expect(known.ofPlanned(SOURCE, "mock_thing", made(planned("old", 1)), BLOCK).address).toBeNull();
  });

  it("a planned value that is not of its type is an error, not a wrong place", () => {
    const known = book();
    known.addPlan(planOf({ values: [msgpack({ other: 1 })] }));
    const find = () => known.ofPlanned(SOURCE, "mock_thing", made(planned("a", 1)), BLOCK);
    expect(thrownCode(find)).toBe("TFPLUGIN_VALUE");
  });
});
