import { create, createFileRegistry, fromBinary, toJson } from "@bufbuild/protobuf";
import type { DescMessage, JsonValue, MessageInitShape } from "@bufbuild/protobuf";
import {
  FieldDescriptorProto_Label as Label,
  FieldDescriptorProto_Type as Type,
  FileDescriptorProtoSchema,
} from "@bufbuild/protobuf/wkt";

/*
 * The protocol's messages once more, for a full protobuf library to decode: independent of the code under test. Written
 * from tfplugin5.10.proto and tfplugin6.10.proto, of which the parts used here are the same but where noted.
 */

const SCALARS = { text: Type.STRING, bytes: Type.BYTES, integer: Type.INT64, flag: Type.BOOL, enum: Type.INT32 };

/** `name: [number, kind]`; a kind that is no scalar names a message; `[]` behind it: repeated. */
type Fields = Readonly<Record<string, readonly [number, string]>>;

const MESSAGES: Readonly<Record<string, Fields>> = {
  DynamicValue: { msgpack: [1, "bytes"], json: [2, "bytes"] },
  Step: { attribute_name: [1, "text"], element_key_string: [2, "text"], element_key_int: [3, "integer"] },
  AttributePath: { steps: [1, "Step[]"] },
  Diagnostic: { severity: [1, "enum"], summary: [2, "text"], detail: [3, "text"], attribute: [4, "AttributePath"] },
  Attribute: {
    name: [1, "text"],
    type: [2, "bytes"],
    required: [4, "flag"],
    optional: [5, "flag"],
    computed: [6, "flag"],
    sensitive: [7, "flag"],
  },
  NestedBlock: { type_name: [1, "text"], block: [2, "Block"], nesting: [3, "enum"], min_items: [4, "integer"] },
  Block: { version: [1, "integer"], attributes: [2, "Attribute[]"], block_types: [3, "NestedBlock[]"] },
  Schema: { version: [1, "integer"], block: [2, "Block"] },
  SchemaEntry: { key: [1, "text"], value: [2, "Schema"] },
  Capabilities: { plan_destroy: [1, "flag"], get_provider_schema_optional: [2, "flag"], move: [3, "flag"] },
  SchemaResponse: {
    provider: [1, "Schema"],
    resource_schemas: [2, "SchemaEntry[]"],
    data_source_schemas: [3, "SchemaEntry[]"],
    diagnostics: [4, "Diagnostic[]"],
    provider_meta: [5, "Schema"],
    server_capabilities: [6, "Capabilities"],
  },
  PlanRequest: {
    type_name: [1, "text"],
    prior_state: [2, "DynamicValue"],
    proposed_new_state: [3, "DynamicValue"],
    config: [4, "DynamicValue"],
    prior_private: [5, "bytes"],
    provider_meta: [6, "DynamicValue"],
  },
  PlanResponse: {
    planned_state: [1, "DynamicValue"],
    requires_replace: [2, "AttributePath[]"],
    planned_private: [3, "bytes"],
    diagnostics: [4, "Diagnostic[]"],
    legacy_type_system: [5, "flag"],
  },
  ApplyRequest: {
    type_name: [1, "text"],
    prior_state: [2, "DynamicValue"],
    planned_state: [3, "DynamicValue"],
    config: [4, "DynamicValue"],
    planned_private: [5, "bytes"],
    provider_meta: [6, "DynamicValue"],
  },
  ApplyResponse: {
    new_state: [1, "DynamicValue"],
    private: [2, "bytes"],
    diagnostics: [3, "Diagnostic[]"],
    legacy_type_system: [4, "flag"],
  },
  ReadRequest: {
    type_name: [1, "text"],
    current_state: [2, "DynamicValue"],
    private: [3, "bytes"],
    provider_meta: [4, "DynamicValue"],
  },
  ReadResponse: { new_state: [1, "DynamicValue"], diagnostics: [2, "Diagnostic[]"], private: [3, "bytes"] },
  /** Also of import, upgrade and move: a state or a list of them, then diagnostics. */
  ReadDataResponse: { state: [1, "DynamicValue"], diagnostics: [2, "Diagnostic[]"] },
  ConfigureRequest: { terraform_version: [1, "text"], config: [2, "DynamicValue"] },
  /** Also of validateResource and validateData. */
  ConfigureResponse: { diagnostics: [1, "Diagnostic[]"] },
  ValidateProviderRequest: { config: [1, "DynamicValue"] },
  /** `prepared_config` in version 5 only. */
  ValidateProviderResponse: { prepared_config: [1, "DynamicValue"], diagnostics: [2, "Diagnostic[]"] },
};

/** The message whose fields are the arms of one `oneof`. */
const ONE_OF = "Step";

function fieldOf(message: string, name: string, number: number, kind: string) {
  const isList = kind.endsWith("[]");
  const single = isList ? kind.slice(0, -2) : kind;
  const scalar = Object.entries(SCALARS).find(([known]) => known === single)?.[1];
  return {
    name,
    jsonName: name,
    number,
    label: isList ? Label.REPEATED : Label.OPTIONAL,
    type: scalar ?? Type.MESSAGE,
    ...(message === ONE_OF && { oneofIndex: 0 }),
    ...(scalar === undefined && { typeName: `.oracle.${single}` }),
  };
}

const file: MessageInitShape<typeof FileDescriptorProtoSchema> = {
  name: "oracle.proto",
  package: "oracle",
  syntax: "proto3",
  messageType: Object.entries(MESSAGES).map(([name, fields]) => ({
    name,
    oneofDecl: name === ONE_OF ? [{ name: "selector" }] : [],
    field: Object.entries(fields).map(([field, [number, kind]]) => fieldOf(name, field, number, kind)),
  })),
};

const registry = createFileRegistry(create(FileDescriptorProtoSchema, file), () => undefined);

function descriptor(name: string): DescMessage {
  const found = registry.getMessage(`oracle.${name}`);
  if (found === undefined) throw new Error(`no message ${name}`);
  return found;
}

/** A message as plain data, decoded by a full protobuf library: bytes are base64, int64 text, defaults left out. */
export function decode(name: string, bytes: Uint8Array): Record<string, JsonValue> {
  const json = toJson(descriptor(name), fromBinary(descriptor(name), bytes));
  if (typeof json !== "object" || json === null || Array.isArray(json)) throw new Error("a message is an object");
  return json;
}

export function base64(bytes: Uint8Array | string): string {
  return Buffer.from(bytes).toString("base64");
}
