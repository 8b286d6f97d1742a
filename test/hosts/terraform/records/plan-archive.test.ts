import { zipSync } from "fflate";
import { describe, expect, it } from "vitest";
import { readPlanArchive } from "../../../../src/hosts/terraform/records/plan-archive.js";
import type { PlanArchive, PlannedChange } from "../../../../src/hosts/terraform/records/plan-archive.js";
import { ACTIONS, msgpack, planBytes, planFile, planMessage, PROVIDER } from "./archives.js";
import type { ArchiveParts, ChangeParts } from "./archives.js";

async function read(parts: ArchiveParts): Promise<PlanArchive> {
  return (await readPlanArchive(planFile(planBytes(parts)))) ?? expect.fail("it is encrypted");
}

async function onlyChange(parts: ChangeParts): Promise<PlannedChange> {
  const { changes } = await read({ changes: [parts] });
  return changes.length === 1 && changes[0] !== undefined ? changes[0] : expect.fail(`${changes.length} changes`);
}

const text = (bytes: Uint8Array | undefined): string => Buffer.from(bytes ?? []).toString();

describe("a plan file", () => {
  it("tells what is planned for each object, in its order", async () => {
    const addresses = ["a.one", 'module.m["x"].a.two[0]', "data.a.three"];
    const { changes } = await read({ changes: addresses.map((address) => ({ address })) });
    expect(changes.map(({ address }) => address)).toEqual(addresses);
  });

  it("gives provider, private bytes, values and the key of a deposed object as they stand there", async () => {
    const bytes = Uint8Array.of(0, 255, 1, 0);
    const values = [msgpack({ a: 1 }), msgpack({ a: 2 })];
    const found = await onlyChange({ deposed: "00000001", private: bytes, values });
    expect(found).toMatchObject({ address: "mock_thing.one", deposed: "00000001", provider: PROVIDER });
    expect([...found.private]).toEqual([...bytes]);
    expect(found.values.map((value) => [...value])).toEqual(values.map((value) => [...value]));
  });

  it("of a change without values, private bytes or paths is empty there", async () => {
    const found = await onlyChange({});
    expect(found).toMatchObject({ deposed: "", values: [], beforeSensitive: [], afterSensitive: [] });
    expect(found.private).toHaveLength(0);
  });

  it.each([
    [ACTIONS.noOp, true, false],
    [ACTIONS.create, false, false],
    [ACTIONS.read, false, false],
    [ACTIONS.update, false, false],
    [ACTIONS.delete, false, true],
    [ACTIONS.deleteThenCreate, false, false],
    [ACTIONS.forget, false, false],
  ])("of action %i tells whether it changes nothing, or deletes", async (action, isNoOp, isDelete) => {
    expect(await onlyChange({ action })).toMatchObject({ isNoOp, isDelete });
  });

  it("holds the values of root variables", async () => {
    const { variables } = await read({ variables: { one: msgpack("a"), two: msgpack(["string", 2]) } });
    expect([...variables.keys()]).toEqual(["one", "two"]);
    expect([...(variables.get("two") ?? [])]).toEqual([...msgpack(["string", 2])]);
  });

  it("holds the state that it starts from, or none", async () => {
    expect(text((await read({ state: '{"version":4}' })).state)).toBe('{"version":4}');
    expect(text((await read({})).state)).toBe("");
  });

  it("without any change is a plan too", async () => {
    expect(await read({})).toMatchObject({ changes: [] });
    expect(await readPlanArchive(planFile(zipSync({ tfplan: new Uint8Array(0) })))).toMatchObject({ changes: [] });
  });

  it("is read whether its parts are compressed or stored", async () => {
    const plan = planMessage({ changes: [{ address: "a.b" }] });
    for (const level of [0, 9] as const) {
      const bytes = zipSync({ tfplan: [plan, { level }] });
      expect(await readPlanArchive(planFile(bytes))).toMatchObject({ changes: [{ address: "a.b" }] });
    }
  });

  it("that is encrypted is not looked into", async () => {
    expect(await readPlanArchive(planFile('{"meta":{},"encrypted_data":"AAAA","encryption_version":"v0"}'))).toBeNull();
    expect(await readPlanArchive(planFile("{"))).toBeNull();
  });

  it("that holds fields of a newer core is read all the same", async () => {
    const plan = planMessage({ changes: [{ address: "a.b" }] });
    // Fields 100 (varint), 101 (64 bits), 102 (text), 103 (32 bits).
    const newer = Buffer.concat([
      Uint8Array.of(0xa0, 0x06, 0x07),
      Uint8Array.of(0xa9, 0x06, 1, 2, 3, 4, 5, 6, 7, 8),
      Uint8Array.of(0xb2, 0x06, 2, 0x61, 0x62),
      Uint8Array.of(0xbd, 0x06, 1, 2, 3, 4),
    ]);
    const bytes = zipSync({ tfplan: Buffer.concat([newer, plan, newer]) });
    expect(await readPlanArchive(planFile(bytes))).toMatchObject({ changes: [{ address: "a.b" }] });
  });
});
