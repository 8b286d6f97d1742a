import { describe, expect, it } from "vitest";
import { byObject, keepsPrivate, readMetadata } from "../../../../src/hosts/terraform/metadata/read-metadata.js";
import { Sidecar } from "../../../../src/hosts/terraform/metadata/sidecar.js";
import { readState } from "../../../../src/hosts/terraform/records/state-file.js";
import { temporaryFolder } from "../../../support/projects.js";
import { resource, stateBytes } from "../records/states.js";
import { FOREIGN, holding, holdingWrongEntry, IN_CORE, kept, stateOf, stored } from "./stored-states.js";

async function sidecarWith(address: string, metadata: Readonly<Record<string, object>>): Promise<Sidecar> {
  const sidecar = await Sidecar.read(temporaryFolder(), "default");
  sidecar.set(address, stored(metadata));
  return sidecar;
}

describe("what is read of a state", () => {
  it("stands where the object is now, not where it was when it was written", () => {
    const moved = resource({
      module: 'module.site["blue"]',
      instances: [kept(holding({ cost: { monthly: 1 } }, "", 3), { index_key: 0 })],
    });
    expect(readMetadata(readState(stateBytes([moved])), null)).toEqual({
      rows: [
        {
          address: 'module.site["blue"].mock_thing.one[0]',
          deposed: null,
          integration: "cost",
          version: 3,
          where: "state",
          data: { monthly: 1 },
        },
      ],
      damaged: [],
    });
  });

  it("is nothing where there is nothing of ours", () => {
    const state = stateOf({
      a: kept(),
      b: kept(""),
      c: kept("null"),
      d: kept('{"own":1}'),
      e: kept("destroy planned"),
    });
    expect(readMetadata(readState(state), null)).toEqual({ rows: [], damaged: [] });
  });

  it("tells deposed objects from the current one", () => {
    const both = resource({
      instances: [kept(holding({ cost: { now: true } })), kept(holding({ cost: { now: false } }), { deposed: "ab12" })],
    });
    const { rows } = readMetadata(readState(stateBytes([both])), null);
    expect(rows.map(({ deposed, data }) => [deposed, data])).toEqual([
      [null, { now: true }],
      ["ab12", { now: false }],
    ]);
    expect([...byObject(rows).keys()]).toEqual(["mock_thing.one", "mock_thing.one\nab12"]);
  });

  it.each([
    ["something under our key that nobody of ours wrote", FOREIGN],
    ["an entry that is not of its form", holdingWrongEntry()],
  ])("names the address of %s, and goes on", (_what, bytes) => {
    const { rows, damaged } = readMetadata(
      readState(stateOf({ bad: kept(bytes), good: kept(holding({ a: {} })) })),
      null,
    );
    expect(damaged).toEqual([{ address: "mock_thing.bad", deposed: null }]);
    expect(rows.map(({ address }) => address)).toEqual(["mock_thing.good"]);
  });
});

describe("what the sidecar has", () => {
  it("is listed with what the state has, in order of addresses", async () => {
    const sidecar = await sidecarWith("mock_thing.b", { cost: { monthly: 2 } });
    const { rows } = readMetadata(
      readState(stateOf({ c: kept(holding({ cost: {} })), a: kept(holding({ z: {}, b: {} })) })),
      sidecar,
    );
    expect(rows.map(({ address, integration, where }) => `${address} ${integration} ${where}`)).toEqual([
      "mock_thing.a b state",
      "mock_thing.a z state",
      "mock_thing.b cost sidecar",
      "mock_thing.c cost state",
    ]);
  });

  it("counts less than what the state has of the same integration", async () => {
    const sidecar = await sidecarWith("mock_thing.a", { cost: { from: "sidecar" }, other: { from: "sidecar" } });
    const { rows } = readMetadata(readState(stateOf({ a: kept(holding({ cost: { from: "state" } })) })), sidecar);
    expect(byObject(rows).get("mock_thing.a")).toEqual(
      new Map([...stored({ cost: { from: "state" } }), ...stored({ other: { from: "sidecar" } })]),
    );
  });
});

describe("private bytes", () => {
  it("are kept for resources of providers only", () => {
    const data = resource({ mode: "data", name: "page" });
    const objects = readState(stateOf({ a: kept() }, IN_CORE, data));
    expect(objects.map((object) => keepsPrivate(object))).toEqual([true, false, false]);
  });
});
