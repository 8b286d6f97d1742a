import type { JsonValue } from "../../../declare/literal.js";

/** Longer lists are compared by their length alone. */
const MAX_COMPARED_ITEMS = 64;
const NUMBER = /^[-+]?(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][-+]?\d+)?$/;

/**
 * One text for all scalars that core may make of one literal: it converts between strings, numbers and bools as the
 * schema wants (go-cty `convert/conversion_primitive.go`), and normalizes strings. Undefined for what is no scalar, null
 * included. Some scalars that differ have one text, too.
 */
export function scalarKey(value: unknown): string | undefined {
  if (typeof value === "boolean") return value ? "1" : "0";
  if (typeof value === "number" || typeof value === "bigint") return String(Number(value));
  if (typeof value !== "string") return undefined;
  if (value === "true" || value === "false") return scalarKey(value === "true");
  if (NUMBER.test(value)) return String(Number(value));
  return (value.includes("\r") ? value.replaceAll("\r\n", "\n") : value).normalize("NFC");
}

/**
 * Whether an attribute that was written as this literal cannot have come out as `value`. In doubt it can: undefined,
 * and anything that is no JSON, stands for a value that is not known. Lists may have become sets, objects may have lost
 * entries or have gained empty ones, and what JSON syntax calls an object may be a block.
 */
export function contradicts(literal: JsonValue, value: unknown): boolean {
  if (literal === null) return !isEmpty(value);
  if (value === null) return true;
  const key = scalarKey(literal);
  if (key !== undefined) {
    const other = scalarKey(value);
    return other !== undefined && other !== key;
  }
  if (isList(literal)) return Array.isArray(value) && listContradicts(literal, value);
  return typeof literal === "object" && isObject(value) && objectContradicts(literal, value);
}

function listContradicts(literal: readonly JsonValue[], values: readonly unknown[]): boolean {
  if (values.length > literal.length) return true;
  if (literal.length > MAX_COMPARED_ITEMS) return values.length === 0;
  const isNowhere = (item: JsonValue) => values.every((value) => contradicts(item, value));
  return literal.some(isNowhere) || values.some((value) => literal.every((item) => contradicts(item, value)));
}

function objectContradicts(
  literal: Readonly<Record<string, JsonValue>>,
  value: Readonly<Record<string, unknown>>,
): boolean {
  const differs = ([key, item]: [string, JsonValue]) => Object.hasOwn(value, key) && contradicts(item, value[key]);
  if (Object.entries(literal).some(differs)) return true;
  return Object.entries(value).some(([key, item]) => !Object.hasOwn(literal, key) && !isEmpty(item));
}

/** What core may have put where nothing is written; what is not known may be empty, too. */
function isEmpty(value: unknown): boolean {
  if (value === null || value === undefined) return true;
  if (Array.isArray(value)) return value.length === 0;
  return typeof value === "object" ? !isObject(value) || Object.keys(value).length === 0 : typeof value === "symbol";
}

function isList(literal: JsonValue): literal is readonly JsonValue[] {
  return Array.isArray(literal);
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  if (typeof value !== "object" || value === null) return false;
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === Object.prototype || prototype === null;
}
