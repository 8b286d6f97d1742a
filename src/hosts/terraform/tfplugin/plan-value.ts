import { readJson } from "./json-value.js";
import { Message } from "./protobuf.js";
import type { Attribute, Block, NestedAttributes, NestedBlock } from "./schema.js";
import { readMsgpack, Unknown } from "./value.js";
import type { Value } from "./value.js";
import type { CtyType } from "./cty-type.js";

const DYNAMIC_VALUE = { msgpack: 1, json: 2 } as const;

/** A value in the plan JSON's own forms. */
export interface PlanValue {
  /** As `before` and `after`: unknown parts left out of objects, null in lists. */
  readonly value: unknown;
  /** As `after_unknown`: `true` where unknown, known parts left out of objects, false in lists. `{}` when all is known. */
  readonly unknown: unknown;
  /**
   * As `before_sensitive` and `after_sensitive`, from the schema's marks alone: what the configuration marks is not in
   * it. What may only be written is marked, too: core itself keeps it nowhere.
   */
  readonly sensitive: unknown;
}

/** Reads a `DynamicValue` message of a type; null when it is absent, or holds nothing. Throws as `readMsgpack`. */
export function readDynamicValue(dynamicValue: Uint8Array | null, type: CtyType): Value {
  if (dynamicValue === null) return null;
  const message = new Message(dynamicValue);
  const msgpack = message.bytes(DYNAMIC_VALUE.msgpack);
  // The order in which core looks (`decodeDynamicValue` in its grpc_provider.go).
  if (msgpack.length > 0) return readMsgpack(msgpack, type);
  const json = message.bytes(DYNAMIC_VALUE.json);
  return json.length > 0 ? readJson(json, type) : null;
}

function isSequence(value: Value): value is readonly Value[] {
  return Array.isArray(value);
}

function isMapping(value: Value): value is ReadonlyMap<string, Value> {
  return value instanceof Map;
}

/** Objects by `fromEntries`, which defines own properties: a key `__proto__` stays an ordinary key. */
function objectOf(entries: readonly (readonly [string, unknown])[]): unknown {
  return Object.fromEntries(entries);
}

/** What stands in `before` and `after` (`omitUnknowns` in core's jsonplan). */
function knownPart(value: Value): unknown {
  if (value instanceof Unknown) return null;
  if (isSequence(value)) return value.map(knownPart);
  if (!isMapping(value)) return value;
  const known = [...value].filter(([, part]) => !(part instanceof Unknown));
  return objectOf(known.map(([key, part]) => [key, knownPart(part)]));
}

function isWhollyKnown(value: Value): boolean {
  if (value instanceof Unknown) return false;
  if (isSequence(value)) return value.every(isWhollyKnown);
  return !isMapping(value) || [...value.values()].every(isWhollyKnown);
}

/** What stands in `after_unknown` (`unknownAsBool` in core's jsonplan). */
function unknownPart(value: Value): unknown {
  if (value instanceof Unknown) return true;
  if (isSequence(value)) return value.map(unknownPart);
  if (!isMapping(value)) return false;
  return withoutFalse([...value].map(([key, part]) => [key, unknownPart(part)]));
}

function withoutFalse(entries: readonly (readonly [string, unknown])[]): unknown {
  return objectOf(entries.filter(([, mark]) => mark !== false));
}

/** What stands in `*_sensitive` for a value without any mark (`SensitiveAsBool` in core's jsonstate). */
function unmarked(value: Value): unknown {
  if (value instanceof Unknown) {
    if (value.shape === "single") return false;
    return value.shape === "sequence" ? [] : {};
  }
  if (isSequence(value)) return value.map(unmarked);
  if (!isMapping(value)) return false;
  return withoutFalse([...value].map(([key, part]) => [key, unmarked(part)]));
}

/** Marks of each element where several stand, of the value itself where one does. */
function eachMarked(value: Value, nesting: NestedBlock["nesting"], mark: (element: Value) => unknown): unknown {
  if (nesting === "single" || nesting === "group") return mark(value);
  if (isSequence(value)) return value.map(mark);
  if (!isMapping(value)) return unmarked(value);
  return withoutFalse([...value].map(([key, part]) => [key, mark(part)]));
}

function attributeMarks(value: Value, attribute: Attribute): unknown {
  if (attribute.sensitive || attribute.writeOnly) return true;
  return attribute.nested === null ? unmarked(value) : nestedMarks(value, attribute.nested);
}

function nestedMarks(value: Value, nested: NestedAttributes): unknown {
  return eachMarked(value, nested.nesting, (element) => {
    return isMapping(element) ? partMarks(element, nested.attributes, new Map()) : unmarked(element);
  });
}

function blockMarks(value: Value, block: Block): unknown {
  return isMapping(value) ? partMarks(value, block.attributes, block.blocks) : unmarked(value);
}

function partMarks(
  value: ReadonlyMap<string, Value>,
  attributes: ReadonlyMap<string, Attribute>,
  blocks: ReadonlyMap<string, NestedBlock>,
): unknown {
  return withoutFalse(
    [...value].map(([name, part]) => {
      const attribute = attributes.get(name);
      if (attribute !== undefined) return [name, attributeMarks(part, attribute)];
      const nested = blocks.get(name);
      if (nested === undefined) return [name, unmarked(part)];
      return [name, eachMarked(part, nested.nesting, (element) => blockMarks(element, nested.block))];
    }),
  );
}

/** A value in the forms of the plan JSON, without a schema's marks. */
export function toPlanValue(value: Value): Omit<PlanValue, "sensitive"> {
  return { value: knownPart(value), unknown: isWhollyKnown(value) ? {} : unknownPart(value) };
}

/**
 * A `DynamicValue` in the forms of the plan JSON. Numbers are doubles, as a plan's JSON gives them. Throws
 * `TfpluginError` TFPLUGIN_MESSAGE, TFPLUGIN_VALUE, TFPLUGIN_SCHEMA, TFPLUGIN_TOO_DEEP or TFPLUGIN_TOO_LARGE.
 */
export function readPlanValue(dynamicValue: Uint8Array | null, block: Block): PlanValue {
  const value = readDynamicValue(dynamicValue, block.type);
  return { ...toPlanValue(value), sensitive: blockMarks(value, block) };
}

/** The attributes of an object as a state has them, in the forms of the plan JSON. Throws as `readPlanValue`. */
export function readStateValue(attributes: unknown, block: Block): PlanValue {
  const value = readJson(Buffer.from(JSON.stringify(attributes)), block.type);
  return { ...toPlanValue(value), sensitive: blockMarks(value, block) };
}

/** Whether a `DynamicValue` holds null (or nothing), which stands for "there is no object". Throws TFPLUGIN_MESSAGE. */
export function isNullValue(dynamicValue: Uint8Array | null): boolean {
  if (dynamicValue === null) return true;
  const message = new Message(dynamicValue);
  const msgpack = message.bytes(DYNAMIC_VALUE.msgpack);
  if (msgpack.length > 0) return msgpack[0] === 0xc0;
  const json = message.bytes(DYNAMIC_VALUE.json);
  return json.length === 0 || Buffer.from(json).toString("latin1").trim() === "null";
}
