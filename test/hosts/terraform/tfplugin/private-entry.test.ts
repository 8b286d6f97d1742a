import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  DEFAULT_PRIVATE_LIMITS,
  readPrivate,
  withoutPrivate,
  withPrivate,
} from "../../../../src/hosts/terraform/tfplugin/private-entry.js";

const ENTRY = { id: "abc.1", note: "größer \u{1F600}" };
/** Forms of private bytes seen from real providers. */
const FORMS = [
  ["empty", ""],
  ["null", "null"],
  ["an empty object", "{}"],
  ["an object of the old SDK", '{"schema_version":"1","e2bfb730-ecaa-11e6-8f88-34363bc7c4c0":{"create":60000000000}}'],
  ["an object of the plug-in framework", '{".framework":"e30=","k":"InYi"}'],
  ["an object with spaces and lines", ' {\n  "a" : [ 1, {"b":"}\\"]"} ] ,"c":null\n}\n'],
  ["an empty object with spaces", " { } "],
  ["an object with a key twice", '{"a":1,"a":2}'],
  ["an object with keys of Object.prototype", '{"__proto__":{"x":1},"constructor":0}'],
] as const;

const bytes = (text: string): Buffer => Buffer.from(text);

function stored(original: Uint8Array, entry: unknown = ENTRY): Uint8Array {
  const written = withPrivate(original, entry);
  return written.kind === "stored" ? written.bytes : expect.fail(`it is ${written.kind}`);
}

describe.each(FORMS)("private bytes that are %s", (_, text) => {
  const original = bytes(text);

  it("hold an entry", () => {
    expect(readPrivate(original)).toEqual({ kind: "none" });
    expect(readPrivate(stored(original))).toEqual({ kind: "entry", entry: ENTRY });
  });

  it("are given back byte for byte", () => {
    expect(Buffer.from(withoutPrivate(stored(original)))).toEqual(original);
    expect(Buffer.from(withoutPrivate(original))).toEqual(original);
  });

  it("hold another entry in its place, and are still given back", () => {
    const twice = stored(stored(original), { id: "other" });
    expect(readPrivate(twice)).toEqual({ kind: "entry", entry: { id: "other" } });
    expect(Buffer.from(withoutPrivate(twice))).toEqual(original);
  });

  it("stay an object whose other keys nobody touched", () => {
    const before: unknown = text === "" ? {} : (JSON.parse(text) ?? {});
    const { airlock, ...rest } = JSON.parse(Buffer.from(stored(original)).toString()) as Record<string, unknown>;
    expect(Object.entries(rest)).toEqual(Object.entries(before as object));
    // The plug-in framework reads each of its keys as base64 of JSON.
    const inner = Buffer.from(String(airlock), "base64");
    expect(inner.toString("base64")).toBe(airlock);
    expect(() => void JSON.parse(inner.toString())).not.toThrow();
  });
});

describe("private bytes that can hold nothing", () => {
  it.each([
    ["text", bytes("destroy planned")],
    ["a JSON list", bytes("[]")],
    ["a JSON string", bytes('"x"')],
    ["a number", bytes("1")],
    ["null with a space", bytes("null ")],
    ["JSON cut short", bytes('{"a":')],
    ["a byte order mark before an object", bytes("\ufeff{}")],
    ["what is not UTF-8", Buffer.from([0x7b, 0x22, 0xff, 0x22, 0x3a, 0x31, 0x7d])],
    ["an object that nests too deep", bytes('{"a":'.repeat(500) + "1" + "}".repeat(500))],
  ])("stay as they are: %s", (_, original) => {
    expect(withPrivate(original, ENTRY)).toEqual({ kind: "nowhere" });
    expect(readPrivate(original)).toEqual({ kind: "none" });
    expect(withoutPrivate(original)).toBe(original);
  });
});

describe("what others did to it", () => {
  const base = Buffer.from(JSON.stringify({ v: 1, was: "empty", entry: ENTRY })).toString("base64");

  it.each([
    ["first", `{"airlock":"${base}","z":1}`, '{"z":1}'],
    ["in the middle", `{"a":1,"airlock":"${base}","z":1}`, '{"a":1,"z":1}'],
    ["last", `{"a":1 , "airlock" : "${base}" }`, '{"a":1  }'],
    ["with escapes", `{"a":1,"\\u0061irlock":"${base.replace("e", "\\u0065")}"}`, '{"a":1}'],
  ])("a provider that wrote the object anew keeps the entry: %s", (_, text, rest) => {
    expect(readPrivate(bytes(text))).toEqual({ kind: "entry", entry: ENTRY });
    expect(Buffer.from(withoutPrivate(bytes(text))).toString()).toBe(rest);
    expect(readPrivate(stored(bytes(text), { id: "new" }))).toEqual({ kind: "entry", entry: { id: "new" } });
  });

  it("a provider's keys that came later stay, though there was nothing before", () => {
    const later = bytes(`{"airlock":"${base}","later":true}`);
    expect(Buffer.from(withoutPrivate(stored(later))).toString()).toBe('{"later":true}');
  });

  const envelope = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString("base64");
  it.each([
    ["a number", "1"],
    ["an object", '{"v":1,"was":"empty","entry":1}'],
    ["text that is no base64", '"not base64!"'],
    ["base64 of no JSON", `"${Buffer.from("xx").toString("base64")}"`],
    ["base64 of invalid UTF-8", `"${Buffer.from([0xff, 0xfe]).toString("base64")}"`],
    ["base64 cut short", `"${envelope({ v: 1, was: "empty", entry: "entry" }).slice(0, -5)}"`],
    ["another version", `"${envelope({ v: 2, was: "empty", entry: 1 })}"`],
    ["an unknown origin", `"${envelope({ v: 1, was: "list", entry: 1 })}"`],
    ["an origin of Object.prototype", `"${envelope({ v: 1, was: "constructor", entry: 1 })}"`],
    ["no entry", `"${envelope({ v: 1, was: "empty" })}"`],
    ["more than an entry", `"${envelope({ v: 1, was: "empty", entry: 1, more: 1 })}"`],
    ["a JSON list", `"${envelope([1])}"`],
    [
      "too deep",
      `"${Buffer.from(`{"v":1,"was":"empty","entry":${"[".repeat(200)}${"]".repeat(200)}}`).toString("base64")}"`,
    ],
    ["ours, but twice", `"${base}","airlock":"${base}"`],
  ])("what we did not write under our key stays, and is said to be foreign: %s", (_, value) => {
    const original = bytes(`{"a":1,"airlock":${value}}`);
    expect(readPrivate(original)).toEqual({ kind: "foreign" });
    expect(withPrivate(original, ENTRY)).toEqual({ kind: "foreign" });
    expect(withoutPrivate(original)).toBe(original);
  });

  it("our key deeper inside is the provider's own", () => {
    const original = bytes(`{"a":{"airlock":"${base}"}}`);
    expect(readPrivate(original)).toEqual({ kind: "none" });
    expect(Buffer.from(withoutPrivate(stored(original)))).toEqual(original);
  });
});

describe("limits", () => {
  const limits = { totalBytes: 400, entryBytes: 100 };
  const overhead = JSON.stringify({ v: 1, was: "object", entry: "" }).length;
  const entry = (length: number): string => "x".repeat(length);

  it("hold the entry", () => {
    const most = entry(limits.entryBytes - overhead);
    expect(withPrivate(bytes("{}"), most, limits).kind).toBe("stored");
    expect(withPrivate(bytes("{}"), `${most}x`, limits)).toEqual({ kind: "too-large" });
  });

  it("hold what it comes to", () => {
    const object = (length: number): Buffer => bytes(`{"a":"${"x".repeat(length)}"}`);
    const added = stored(object(1), "e").length - object(1).length;
    const most = object(limits.totalBytes - added - object(0).length);
    expect(withPrivate(most, "e", limits).kind).toBe("stored");
    expect(withPrivate(Buffer.concat([most, bytes(" ")]), "e", limits)).toEqual({ kind: "too-large" });
  });

  it("leave private bytes alone that were over them to begin with", () => {
    const large = bytes(`{"a":"${"x".repeat(limits.totalBytes)}"}`);
    expect(withPrivate(large, ENTRY, limits)).toEqual({ kind: "nowhere" });
    expect(readPrivate(stored(large), limits)).toEqual({ kind: "none" });
    expect(withoutPrivate(large, limits)).toBe(large);
  });

  it("have a default that a provider's own megabyte fits", () => {
    expect(DEFAULT_PRIVATE_LIMITS.totalBytes).toBe(4 * 1024 * 1024);
    expect(withPrivate(bytes(`{"a":"${"x".repeat(1024 * 1024)}"}`), ENTRY).kind).toBe("stored");
  });
});

describe("whatever a provider wrote", () => {
  // Text of JSON with spaces between its tokens, as none of our providers writes it but any may.
  const spaced = fc
    .tuple(fc.dictionary(fc.string({ unit: "grapheme" }), fc.jsonValue()), fc.constantFrom(undefined, 1, "\t"))
    .map(([object, indent]) => JSON.stringify(object, null, indent));

  it("comes back byte for byte", () => {
    fc.assert(
      fc.property(spaced, fc.jsonValue(), (text, entry) => {
        fc.pre(readPrivate(bytes(text)).kind === "none");
        const written = stored(bytes(text), entry);
        expect(readPrivate(written)).toEqual({ kind: "entry", entry: JSON.parse(JSON.stringify(entry)) as unknown });
        expect(Buffer.from(withoutPrivate(written)).toString()).toBe(text);
      }),
      { numRuns: 500 },
    );
  });

  it("never makes it throw", () => {
    const anything = fc.oneof(
      fc.uint8Array({ maxLength: 60 }),
      fc.string().map((text) => bytes(`{"airlock":${text}}`)),
      fc.string().map((text) => bytes(`{"airlock":"${text}"}`)),
    );
    fc.assert(
      fc.property(anything, (original) => {
        const written = withPrivate(original, ENTRY);
        if (written.kind === "stored" && readPrivate(original).kind === "none") {
          expect(Buffer.from(withoutPrivate(written.bytes))).toEqual(Buffer.from(original));
        } else if (written.kind !== "stored") {
          expect(Buffer.from(withoutPrivate(original))).toEqual(Buffer.from(original));
        }
      }),
      { numRuns: 1_000 },
    );
  });
});
