import { overBounds } from "../../../protocol/json.js";
import { DYNAMIC, parseType } from "./cty-type.js";
import type { CtyType } from "./cty-type.js";
import { checkDepth, MAX_DEPTH, MAX_VALUES } from "./limits.js";
import { TfpluginError } from "./tfplugin-error.js";
import { invalidValue, numberOf, setOf, textOf } from "./value.js";
import type { Value } from "./value.js";

function isObject(json: unknown): json is object {
  return typeof json === "object" && json !== null && !Array.isArray(json);
}

function entriesOf(json: unknown): [string, unknown][] {
  if (!isObject(json)) throw invalidValue();
  return Object.entries(json);
}

function elementsOf(json: unknown): unknown[] {
  if (!Array.isArray(json)) throw invalidValue();
  return json as unknown[];
}

function primitive(json: unknown, kind: "string" | "number" | "bool"): Value {
  switch (kind) {
    // Each takes the text of the other kinds, as go-cty does.
    case "string":
      if (typeof json === "string") return textOf(json);
      if (typeof json === "number" || typeof json === "boolean") return String(json);
      throw invalidValue();
    case "number":
      if (typeof json !== "number" && typeof json !== "string") throw invalidValue();
      return numberOf(String(json));
    case "bool":
      if (json === true || json === "true") return true;
      if (json === false || json === "false") return false;
      throw invalidValue();
  }
}

function dynamic(json: unknown, depth: number): Value {
  const parts = new Map(entriesOf(json));
  if (parts.size !== 2 || !parts.has("type") || !parts.has("value")) throw invalidValue();
  return interpret(parts.get("value"), parseType(JSON.stringify(parts.get("type"))), depth + 1);
}

function object(json: unknown, types: ReadonlyMap<string, CtyType>, depth: number): Value {
  const given = new Map(entriesOf(json));
  if ([...given.keys()].some((name) => !types.has(name))) throw invalidValue();
  // An attribute that is left out is null, as in go-cty.
  return new Map([...types].map(([name, type]) => [name, interpret(given.get(name) ?? null, type, depth + 1)]));
}

function interpret(json: unknown, type: CtyType, depth: number): Value {
  checkDepth(depth);
  if (json === null) return null;
  switch (type.kind) {
    case "string":
    case "number":
    case "bool":
      return primitive(json, type.kind);
    case "dynamic":
      return dynamic(json, depth);
    case "list":
      return elementsOf(json).map((part) => interpret(part, type.element, depth + 1));
    case "set":
      return setOf(
        elementsOf(json).map((part) => interpret(part, type.element, depth + 1)),
        type.element,
      );
    case "tuple": {
      const elements = elementsOf(json);
      if (elements.length !== type.elements.length) throw invalidValue();
      return elements.map((part, index) => interpret(part, type.elements[index] ?? DYNAMIC, depth + 1));
    }
    case "map":
      return new Map(entriesOf(json).map(([key, part]) => [textOf(key), interpret(part, type.element, depth + 1)]));
    case "object":
      return object(json, type.attributes, depth);
  }
}

/**
 * Parses JSON that came from core or a provider; the caller has bounded its size. Throws `TfpluginError`
 * TFPLUGIN_VALUE, TFPLUGIN_TOO_DEEP or TFPLUGIN_TOO_LARGE.
 */
export function parseBoundedJson(text: string): unknown {
  const over = overBounds(text, 2 * MAX_DEPTH, MAX_VALUES);
  if (over === "depth") throw new TfpluginError("TFPLUGIN_TOO_DEEP", "a JSON value nests too deep");
  if (over === "values")
    throw new TfpluginError("TFPLUGIN_TOO_LARGE", `an object holds more than ${MAX_VALUES} values`);
  try {
    return JSON.parse(text) as unknown;
  } catch {
    // V8's message is not passed on: it quotes the text, and values hold secrets.
    throw new TfpluginError("TFPLUGIN_VALUE", "a value is not JSON");
  }
}

/** Reads a JSON value of a type (go-cty, `cty/json/unmarshal.go`); JSON cannot hold unknown values. Throws as `readMsgpack`. */
export function readJson(bytes: Uint8Array, type: CtyType): Value {
  const text = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString();
  return interpret(parseBoundedJson(text), type, 1);
}
