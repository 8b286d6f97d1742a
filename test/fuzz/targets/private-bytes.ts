import { deepStrictEqual } from "node:assert/strict";
import fc from "fast-check";
import { readPrivate, withoutPrivate, withPrivate } from "../../../src/hosts/terraform/tfplugin/private-entry.js";
import { mutated } from "../mutated.js";
import { fuzzTarget } from "../target.js";

const KEY = "airlock";
const stored = withPrivate(Buffer.from('{"schema_version":"1"}'), { id: "a" });
const RECORDED = [
  Buffer.alloc(0),
  Buffer.from("null"),
  Buffer.from("destroy planned"),
  Buffer.from('{"e2bfb730-ecaa-11e6-8f88-34363bc7c4c0":{"create":600000000000},"schema_version":"1"}'),
  Buffer.from(' { ".frameworkKey" : "eyJ2IjoxfQ==" , "n": 12345678901234567890.10 }\n'),
  ...(stored.kind === "stored" ? [Buffer.from(stored.bytes)] : []),
];

function parsed(bytes: Uint8Array): unknown {
  try {
    return JSON.parse(Buffer.from(bytes).toString());
  } catch {
    return undefined;
  }
}

const isObject = (value: unknown): value is object =>
  typeof value === "object" && value !== null && !Array.isArray(value);

export const privateBytes = fuzzTarget({
  name: "private-bytes",
  rule: "what is stored in private bytes is read again, leaves the provider's own keys, and goes byte for byte",
  testRuns: 300,
  inputs: fc.record({ bytes: mutated(RECORDED), entry: fc.jsonValue({ maxDepth: 3 }) }),
  kept: [],
  holds: ({ bytes, entry }) => {
    const original = withoutPrivate(bytes);
    const written = withPrivate(bytes, entry);
    if (written.kind !== "stored") return;
    deepStrictEqual(readPrivate(written.bytes), { kind: "entry", entry: JSON.parse(JSON.stringify(entry)) as unknown });
    deepStrictEqual(Buffer.from(withoutPrivate(written.bytes)), Buffer.from(original));
    const before = parsed(original);
    const after = parsed(written.bytes);
    if (!isObject(after)) throw new Error("it is no object any more");
    const others = Object.entries(after).filter(([key]) => key !== KEY);
    deepStrictEqual(others, isObject(before) ? Object.entries(before).filter(([key]) => key !== KEY) : []);
  },
});
