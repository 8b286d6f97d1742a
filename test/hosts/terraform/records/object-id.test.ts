import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { NO_METADATA, withEntry } from "../../../../src/hosts/terraform/metadata/entry.js";
import { idIn, ObjectIds } from "../../../../src/hosts/terraform/records/object-id.js";
import { readPrivate, withoutPrivate, withPrivate } from "../../../../src/hosts/terraform/tfplugin/private-entry.js";

const NOTHING = new Uint8Array(0);
const bytes = (text: string): Buffer => Buffer.from(text);

/** Private bytes with this id; null where there is no place for one. */
function withId(original: Uint8Array, id: string): Uint8Array | null {
  const written = withEntry(original, { id, address: null, metadata: NO_METADATA });
  return written.kind === "stored" ? written.bytes : null;
}

/** Private bytes with any entry of ours. */
function holding(entry: unknown, original: Uint8Array = NOTHING): Uint8Array {
  const written = withPrivate(original, entry);
  return written.kind === "stored" ? written.bytes : expect.fail(`it is ${written.kind}`);
}

describe("ids of a run", () => {
  it("are all different, and those of another run too", () => {
    const runs = Array.from({ length: 20 }, () => new ObjectIds());
    const ids = runs.flatMap((run) => Array.from({ length: 500 }, () => run.next()));
    expect(new Set(ids).size).toBe(10_000);
  });

  it("can be read from where they are put", () => {
    const id = new ObjectIds().next();
    const stored = withId(NOTHING, id) ?? expect.fail("there is a place for it");
    expect(idIn(stored)).toBe(id);
  });
});

describe("an id in private bytes", () => {
  it.each(["", "null", "{}", '{"k":"InYi"}', ' { "a" : 1 } '])("takes nothing away from %j", (original) => {
    const stored = withId(bytes(original), "an.id") ?? expect.fail("there is a place for it");
    expect(idIn(stored)).toBe("an.id");
    expect(Buffer.from(withoutPrivate(stored)).toString()).toBe(original);
  });

  it.each(["destroy planned", "[1]", '"text"', "17", "\u0000\u0001", "{", "null "])(
    "has no place in %j, which is no object",
    (original) => {
      expect(withId(bytes(original), "an.id")).toBeNull();
      expect(idIn(bytes(original))).toBeNull();
    },
  );

  it.each(['{"airlock":"somebody else\'s"}', '{"airlock":{}}', '{"airlock":1,"airlock":2}'])(
    "does not take the place of what is not ours: %s",
    (original) => {
      expect(withId(bytes(original), "an.id")).toBeNull();
      expect(idIn(bytes(original))).toBeNull();
    },
  );

  it("changes, and the provider's bytes stay", () => {
    const stored = withId(holding({ id: "old" }, bytes('{"k":2}')), "new") ?? expect.fail("there is a place for it");
    expect(readPrivate(stored)).toEqual({ kind: "entry", entry: { id: "new" } });
    expect(Buffer.from(withoutPrivate(stored)).toString()).toBe('{"k":2}');
  });

  it.each([null, 1, "text", [1, 2]])("does not take the place of an entry that is no object: %j", (entry) => {
    expect(withId(holding(entry), "an.id")).toBeNull();
  });

  it.each([{}, { id: "" }, { id: 1 }, { id: null }, { id: "x".repeat(65) }, null, [], "id"])(
    "is none when the entry was changed into %j",
    (entry) => {
      expect(idIn(holding(entry))).toBeNull();
    },
  );

  it("may be 64 characters long", () => {
    expect(idIn(holding({ id: "x".repeat(64) }))).toBe("x".repeat(64));
  });

  it("is found beside keys of a newer form", () => {
    expect(idIn(holding({ id: "an.id", later: true }))).toBe("an.id");
  });

  it("never costs a provider its bytes", () => {
    fc.assert(
      fc.property(fc.oneof(fc.json(), fc.string(), fc.constantFrom("", "null")), (original) => {
        const stored = withId(bytes(original), "an.id");
        const left = stored === null ? bytes(original) : withoutPrivate(stored);
        expect(Buffer.from(left).toString()).toBe(original);
      }),
    );
  });
});
