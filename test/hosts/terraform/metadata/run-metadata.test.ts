import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { withEntry } from "../../../../src/hosts/terraform/metadata/entry.js";
import type { Stored, StoredMetadata } from "../../../../src/hosts/terraform/metadata/entry.js";
import { Attached, RunMetadata } from "../../../../src/hosts/terraform/metadata/run-metadata.js";
import { Sidecar, SIDECAR_FILE } from "../../../../src/hosts/terraform/metadata/sidecar.js";
import type { StateObject } from "../../../../src/hosts/terraform/records/state-file.js";
import { rejectedCode } from "../../../support/codes.js";
import { temporaryFolder } from "../../../support/projects.js";
import { resultOf } from "../../fake-runtime.js";
import { stateObject } from "../records/books.js";

const NOTHING = new Uint8Array(0);
const TEXT = Buffer.from("plain text");
const cost = (value: number): StoredMetadata =>
  new Map<string, Stored>([["one", { version: 0, data: { cost: value } }]]);
const same = (address: string): string => address;

function holding(metadata: StoredMetadata, address = "a.b"): Uint8Array {
  const written = withEntry(NOTHING, { id: "an.id", address, metadata });
  return written.kind === "stored" ? written.bytes : expect.fail("there is a place for it");
}

const object = (address: string, bytes: Uint8Array = NOTHING): StateObject => stateObject({ address, private: bytes });

async function opened(beside: Readonly<Record<string, StoredMetadata>> = {}) {
  const root = temporaryFolder();
  const first = Sidecar.empty(root, "default");
  for (const [address, stored] of Object.entries(beside)) first.set(address, stored);
  await first.save();
  const metadata = new RunMetadata(await Sidecar.read(root, "default"));
  const left = async (): Promise<Record<string, unknown>> => {
    const sidecar = await Sidecar.read(root, "default");
    return Object.fromEntries(sidecar.addresses.map((address) => [address, sidecar.of(address).get("one")?.data]));
  };
  return { root, metadata, left };
}

describe("what is stored for an object", () => {
  it("is what its private bytes say, else what stands beside the state", async () => {
    const { metadata } = await opened({ "a.b": cost(1), "a.text": cost(2) });
    expect(metadata.open(holding(cost(3)), "a.b").metadata).toEqual({ one: { cost: 3 } });
    expect(metadata.open(TEXT, "a.text").metadata).toEqual({ one: { cost: 2 } });
    expect(metadata.open(NOTHING, "a.b").metadata).toEqual({ one: { cost: 1 } });
    expect(metadata.open(NOTHING, "a.none").metadata).toEqual({});
    expect(metadata.open(NOTHING, null).metadata).toEqual({});
  });

  it("is what was said last in this run, else what was planned", async () => {
    const { metadata } = await opened();
    metadata.expect(new Map([["a.b", cost(5)]]));
    expect(metadata.open(holding(cost(3)), "a.b").metadata).toEqual({ one: { cost: 5 } });
    metadata.keep("a.b", cost(6));
    expect(metadata.open(holding(cost(3)), "a.b").metadata).toEqual({ one: { cost: 6 } });
  });

  it("is what was planned for all that look the same, where that is the same", async () => {
    const { metadata } = await opened();
    metadata.expect(
      new Map([
        ["a.b[0]", cost(1)],
        ["a.b[1]", cost(1)],
        ["a.c[0]", cost(1)],
        ["a.c[1]", cost(2)],
      ]),
    );
    expect(metadata.open(NOTHING, null, ["a.b"]).metadata).toEqual({ one: { cost: 1 } });
    expect(metadata.open(NOTHING, null, ["a.c"]).metadata).toEqual({});
    expect(metadata.open(NOTHING, null, []).metadata).toEqual({});
  });

  it("cannot be changed where something else stands under our key", async () => {
    const { metadata } = await opened();
    const { info, metadata: seen } = metadata.open(Buffer.from('{"airlock":"theirs"}'), "a.b");
    expect(seen).toEqual({});
    expect(info.refusal).toMatchObject({ code: "METADATA_FOREIGN", address: "a.b" });
  });
});

describe("what integrations attach", () => {
  it("is replaced and cleared by themselves alone", () => {
    const attached = new Attached(new Map([...cost(1), ["two", { version: 3, data: { x: 1 } }]]));
    attached.take([resultOf({ integration: "three", metadata: undefined })]);
    expect(attached.isChanged).toBe(false);
    attached.take([
      resultOf({ integration: "one", metadata: { cost: 2 }, metadataVersion: 4 }),
      resultOf({ integration: "three", metadata: null }),
    ]);
    expect(attached.metadata).toEqual({ one: { cost: 2 }, two: { x: 1 } });
    expect(attached.info.versions).toEqual(
      new Map([
        ["one", 4],
        ["two", 3],
      ]),
    );
    attached.take([resultOf({ integration: "one", metadata: null })]);
    expect(attached.metadata).toEqual({ two: { x: 1 } });
  });
});

describe("the end of a run", () => {
  it("leaves beside the state what the state does not hold, and nothing else", async () => {
    const { metadata, left } = await opened({ "a.gone": cost(1), "a.held": cost(2), "a.text": cost(3) });
    metadata.keep("a.new", cost(4));
    metadata.keep("a.never", cost(5));
    metadata.expect(new Map([["a.planned", cost(6)]]));
    await metadata.finish(
      [object("a.held", holding(cost(2))), object("a.text", TEXT), object("a.new", TEXT), object("a.planned")],
      same,
    );
    expect(await left()).toEqual({ "a.text": { cost: 3 }, "a.new": { cost: 4 }, "a.planned": { cost: 6 } });
  });

  it("follows what was moved", async () => {
    const { metadata, left } = await opened({ "a.old": cost(1) });
    await metadata.finish([object("a.new", TEXT)], (address) => address.replace("old", "new"));
    expect(await left()).toEqual({ "a.new": { cost: 1 } });
  });

  it("leaves no file where there is nothing", async () => {
    const { root, metadata } = await opened({ "a.gone": cost(1) });
    expect(metadata.isIdle).toBe(false);
    await metadata.finish([], same);
    expect(existsSync(join(root, SIDECAR_FILE))).toBe(false);
    expect(new RunMetadata(await Sidecar.read(root, "default")).isIdle).toBe(true);
  });

  it("does not touch other workspaces, nor what another run wrote meanwhile", async () => {
    const { root, metadata, left } = await opened({ "a.text": cost(1) });
    const other = Sidecar.empty(root, "other");
    other.set("a.text", cost(9));
    await other.save();
    metadata.keep("a.text", cost(2));
    await metadata.finish([object("a.text", TEXT)], same);
    expect(await left()).toEqual({ "a.text": { cost: 2 } });
    expect((await Sidecar.read(root, "other")).of("a.text").get("one")?.data).toEqual({ cost: 9 });
  });
});

describe("the sidecar", () => {
  it.each([
    "",
    "[]",
    "{",
    '{"format":2,"workspaces":{}}',
    '{"format":1,"workspaces":{"default":{"a.b":{"one":{"data":1}}}}}',
  ])("that holds %j is not read, and stays as it is", async (text) => {
    const { root, metadata } = await opened({ "a.b": cost(1) });
    const path = join(root, SIDECAR_FILE);
    writeFileSync(path, text);
    expect(await rejectedCode(Sidecar.read(root, "default"))).toBe("METADATA_SIDECAR");
    metadata.keep("a.b", cost(2));
    expect(await rejectedCode(metadata.finish([object("a.b", TEXT)], same))).toBe("METADATA_SIDECAR");
    expect(readFileSync(path, "utf8")).toBe(text);
  });
});
