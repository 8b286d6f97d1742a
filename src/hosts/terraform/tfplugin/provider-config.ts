import { DYNAMIC } from "./cty-type.js";
import { JsonMembers } from "./json-members.js";
import { parseBoundedJson, readJson } from "./json-value.js";
import { MsgpackCursor } from "./msgpack-cursor.js";
import { toPlanValue } from "./plan-value.js";
import { concat, lengthField, Message } from "./protobuf.js";
import { INTEGRATION_BLOCK } from "./provider-schema.js";
import { TfpluginError } from "./tfplugin-error.js";
import { readMsgpack } from "./value.js";
import type { Value } from "./value.js";

const DYNAMIC_VALUE = { msgpack: 1, json: 2 } as const;
/** The field of the configuration in each request, and of the prepared one in the answer of version 5. */
const CONFIG_FIELD = { configure: 2, validateProvider: 1 } as const;
const PREPARED_CONFIG_FIELD = 1;

/** The calls that bring a provider's whole configuration. */
export type ProviderConfigMethod = keyof typeof CONFIG_FIELD;

/** A provider's `integration` blocks, taken out of its configuration. */
export interface CutIntegrations {
  /**
   * The blocks by name, each with all its settings, null where not set, in the plan JSON's form; null when the
   * configuration has no such key. `unknown` says where a value is known only after apply, in the form of
   * `after_unknown`; `true` for all of it.
   */
  readonly integrations: { readonly value: unknown; readonly unknown: unknown } | null;
  /** What the real provider gets. */
  readonly request: Uint8Array;
  /** Key and value as core sent them, for `restoreIntegrations`; null when nothing was cut out. */
  readonly cut: Uint8Array | null;
}

function invalid(): TfpluginError {
  return new TfpluginError("TFPLUGIN_VALUE", "a provider's configuration is not of the form that its schema asks for");
}

/** A map's head for a number of pairs, as core writes it: the shortest that fits. */
function mapHead(pairs: number): Uint8Array {
  if (pairs <= 0x0f) return Uint8Array.of(0x80 | pairs);
  const head = Buffer.alloc(pairs <= 0xffff ? 3 : 5);
  if (pairs <= 0xffff) {
    head[0] = 0xde;
    head.writeUInt16BE(pairs, 1);
  } else {
    head[0] = 0xdf;
    head.writeUInt32BE(pairs, 1);
  }
  return head;
}

interface CutValue {
  readonly value: Value;
  readonly rest: Uint8Array;
  readonly cut: Uint8Array | null;
}

function cutFromMsgpack(bytes: Uint8Array): CutValue | null {
  const cursor = new MsgpackCursor(bytes);
  if (cursor.isNil || cursor.isExtension) return null;
  const pairs = cursor.readMap();
  const head = cursor.at;
  let found: { start: number; valueStart: number; end: number } | null = null;
  for (let pair = 0; pair < pairs; pair += 1) {
    const start = cursor.at;
    const key = cursor.readText();
    const valueStart = cursor.at;
    cursor.skip();
    if (key !== INTEGRATION_BLOCK) continue;
    if (found !== null) throw invalid();
    found = { start, valueStart, end: cursor.at };
  }
  if (cursor.at !== bytes.length) throw invalid();
  if (found === null) return null;
  const { start, valueStart, end } = found;
  return {
    value: readMsgpack(bytes.subarray(valueStart, end), DYNAMIC),
    rest: Buffer.concat([mapHead(pairs - 1), bytes.subarray(head, start), bytes.subarray(end)]),
    cut: bytes.subarray(start, end),
  };
}

function cutFromJson(bytes: Uint8Array): CutValue | null {
  const json = parseBoundedJson(Buffer.from(bytes).toString());
  if (json === null) return null;
  if (typeof json !== "object" || Array.isArray(json)) throw invalid();
  const members = new JsonMembers(bytes);
  const valueText = members.valueText(INTEGRATION_BLOCK);
  if (valueText === null) return null;
  if (members.count(INTEGRATION_BLOCK) > 1) throw invalid();
  return { value: readJson(Buffer.from(valueText), DYNAMIC), rest: members.without(INTEGRATION_BLOCK), cut: null };
}

/** Cuts the key out of a `DynamicValue`; null when it is not in it. */
function cutFromDynamicValue(dynamicValue: Uint8Array): CutValue | null {
  const message = new Message(dynamicValue);
  const msgpack = message.bytes(DYNAMIC_VALUE.msgpack);
  if (msgpack.length > 0) {
    const found = cutFromMsgpack(msgpack);
    return found && { ...found, rest: lengthField(DYNAMIC_VALUE.msgpack, found.rest) };
  }
  const json = message.bytes(DYNAMIC_VALUE.json);
  const found = json.length > 0 ? cutFromJson(json) : null;
  return found && { ...found, rest: lengthField(DYNAMIC_VALUE.json, found.rest) };
}

/**
 * Takes the `integration` blocks out of a request that brings a provider's configuration; all else of it stays byte for
 * byte. Because the block has attributes of any type, core sends the blocks as an object that carries its own type
 * (`configschema.Block.DecoderSpec`: `BlockObjectSpec`). Throws `TfpluginError` TFPLUGIN_MESSAGE, TFPLUGIN_VALUE,
 * TFPLUGIN_SCHEMA, TFPLUGIN_TOO_DEEP or TFPLUGIN_TOO_LARGE.
 */
export function cutIntegrations(method: ProviderConfigMethod, request: Uint8Array): CutIntegrations {
  const message = new Message(request);
  const config = message.message(CONFIG_FIELD[method]);
  const found = config === null ? null : cutFromDynamicValue(config);
  if (found === null) return { integrations: null, request, cut: null };
  const field = CONFIG_FIELD[method];
  return {
    integrations: toPlanValue(found.value),
    request: concat(message.without(field), lengthField(field, found.rest)),
    cut: found.cut,
  };
}

/**
 * Puts back what `cutIntegrations` took out of the request into the answer to `validateProvider` of protocol 5, whose
 * prepared configuration core reads with the schema that has our block, and refuses when a key is missing
 * (`decodeDynamicValue(protoResp.PreparedConfig, ty)`). Core makes no other use of it, so one that is no msgpack
 * object is left out. An answer of version 6 has no such field. Throws `TfpluginError` TFPLUGIN_MESSAGE,
 * TFPLUGIN_VALUE or TFPLUGIN_TOO_LARGE.
 */
export function restoreIntegrations(response: Uint8Array, { integrations, cut }: CutIntegrations): Uint8Array {
  if (integrations === null) return response;
  const message = new Message(response);
  const prepared = message.message(PREPARED_CONFIG_FIELD);
  if (prepared === null) return response;
  const rest = message.without(PREPARED_CONFIG_FIELD);
  const msgpack = new Message(prepared).bytes(DYNAMIC_VALUE.msgpack);
  if (msgpack.length === 0 || cut === null) return rest;
  const cursor = new MsgpackCursor(msgpack);
  if (cursor.isNil || cursor.isExtension) return rest;
  const pairs = cursor.readMap();
  const restored = Buffer.concat([mapHead(pairs + 1), msgpack.subarray(cursor.at), cut]);
  return concat(rest, lengthField(PREPARED_CONFIG_FIELD, lengthField(DYNAMIC_VALUE.msgpack, restored)));
}
