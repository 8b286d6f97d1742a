import { readFileSync } from "node:fs";
import * as v from "valibot";
import type { ProtocolVersion } from "../../../../src/hosts/terraform/tfplugin/methods.js";
import type { DiagnosticMethod } from "../../../../src/hosts/terraform/tfplugin/diagnostics.js";
import { lengthField } from "../../../../src/hosts/terraform/tfplugin/protobuf.js";

const VersionSchema = v.object({
  messages: v.record(v.string(), v.string()),
  values: v.array(
    v.object({
      Name: v.string(),
      Msgpack: v.string(),
      Json: v.optional(v.string()),
      Value: v.unknown(),
      Unknown: v.unknown(),
      Sensitive: v.unknown(),
    }),
  ),
});

const ConfigSchema = v.object({
  msgpack: v.string(),
  without: v.string(),
  json: v.optional(v.string()),
  jsonWithout: v.optional(v.string()),
});

function readFixture(name: string): unknown {
  // JSON.parse makes a key `__proto__` an own key.
  return JSON.parse(readFileSync(new URL(`./fixtures/${name}`, import.meta.url), "utf8")) as unknown;
}

const core = v.parse(
  v.object({ "5": VersionSchema, "6": VersionSchema, configs: v.record(v.string(), ConfigSchema) }),
  readFixture("core.json"),
);

/** What stands in core.json; see fixtures/README.md. */
export const recorded = {
  message(version: ProtocolVersion, name: string): Buffer {
    const text = core[version].messages[name];
    if (text === undefined) throw new Error(`no recorded message ${name}`);
    return Buffer.from(text, "base64");
  },
  values(version: ProtocolVersion) {
    return core[version].values;
  },
  config(name: string): { msgpack: Buffer; without: Buffer; json?: Buffer; jsonWithout?: Buffer } {
    const found = core.configs[name];
    if (found === undefined) throw new Error(`no recorded configuration ${name}`);
    return {
      msgpack: Buffer.from(found.msgpack, "base64"),
      without: Buffer.from(found.without, "base64"),
      ...(found.json !== undefined && { json: Buffer.from(found.json, "base64") }),
      ...(found.jsonWithout !== undefined && { jsonWithout: Buffer.from(found.jsonWithout, "base64") }),
    };
  },
};

/** The schema answer of a real provider, by name and version. */
export function realSchema(name: string): Buffer {
  const text = v.parse(v.record(v.string(), v.string()), readFixture("schemas.json"))[name];
  if (text === undefined) throw new Error(`no recorded schema of ${name}`);
  return Buffer.from(text, "base64");
}

export const VERSIONS: readonly ProtocolVersion[] = [5, 6];

/** Every call whose response carries diagnostics. */
export const DIAGNOSTIC_METHODS: readonly DiagnosticMethod[] = [
  "configure",
  "validateProvider",
  "validateResource",
  "validateData",
  "upgrade",
  "read",
  "plan",
  "apply",
  "import",
  "move",
  "readData",
];

/** A `DynamicValue` of msgpack bytes. */
export function msgpackValue(bytes: Uint8Array): Uint8Array {
  return lengthField(1, bytes);
}

/** A `DynamicValue` of JSON. */
export function jsonValue(json: string): Uint8Array {
  return lengthField(2, json);
}
