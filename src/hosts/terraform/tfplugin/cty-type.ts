import { overBounds } from "../../../protocol/json.js";
import { MAX_DEPTH, MAX_MESSAGE_BYTES, MAX_VALUES } from "./limits.js";
import { TfpluginError } from "./tfplugin-error.js";

/** A type of core's value system, as its JSON form names it (go-cty, `cty/json.go`). */
export type CtyType =
  | { readonly kind: "string" | "number" | "bool" | "dynamic" }
  | { readonly kind: "list" | "set" | "map"; readonly element: CtyType }
  | { readonly kind: "tuple"; readonly elements: readonly CtyType[] }
  | { readonly kind: "object"; readonly attributes: ReadonlyMap<string, CtyType> };

/** The type whose values carry their own type with them. */
export const DYNAMIC: CtyType = { kind: "dynamic" };

const PRIMITIVES: ReadonlyMap<unknown, CtyType> = new Map([
  ["string", { kind: "string" }],
  ["number", { kind: "number" }],
  ["bool", { kind: "bool" }],
  ["dynamic", DYNAMIC],
]);

/** Types of one level, as most attributes have them, are read once. */
const KNOWN = new Map<string, CtyType>(
  [...PRIMITIVES].flatMap(([name, type]): [string, CtyType][] => [
    [`"${String(name)}"`, type],
    [`["list","${String(name)}"]`, { kind: "list", element: type }],
    [`["set","${String(name)}"]`, { kind: "set", element: type }],
    [`["map","${String(name)}"]`, { kind: "map", element: type }],
  ]),
);

function invalid(): TfpluginError {
  return new TfpluginError("TFPLUGIN_SCHEMA", "a type is not of the form that core writes");
}

function isObject(value: unknown): value is object {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** The number of levels is bounded by the caller. */
function interpret(json: unknown): CtyType {
  const primitive = PRIMITIVES.get(json);
  if (primitive !== undefined) return primitive;
  if (!Array.isArray(json)) throw invalid();
  const [kind, of, optional] = json as unknown[];
  const isObjectWithOptionals = kind === "object" && json.length === 3 && Array.isArray(optional);
  if (json.length !== 2 && !isObjectWithOptionals) throw invalid();
  if (kind === "list" || kind === "set" || kind === "map") return { kind, element: interpret(of) };
  if (kind === "tuple" && Array.isArray(of)) return { kind, elements: of.map(interpret) };
  if (kind === "object" && isObject(of)) {
    return { kind, attributes: new Map(Object.entries(of).map(([name, type]) => [name, interpret(type)])) };
  }
  throw invalid();
}

/**
 * Reads a type from its JSON form, e.g. `["list","string"]`. Throws `TfpluginError` TFPLUGIN_SCHEMA, TFPLUGIN_TOO_DEEP
 * or TFPLUGIN_TOO_LARGE.
 */
export function parseType(json: Uint8Array | string): CtyType {
  const text = typeof json === "string" ? json : Buffer.from(json.buffer, json.byteOffset, json.length).toString();
  const known = KNOWN.get(text);
  if (known !== undefined) return known;
  const over = text.length > MAX_MESSAGE_BYTES ? "values" : overBounds(text, 2 * MAX_DEPTH, MAX_VALUES);
  if (over === "depth") throw new TfpluginError("TFPLUGIN_TOO_DEEP", `a type nests deeper than ${MAX_DEPTH} levels`);
  if (over === "values") throw new TfpluginError("TFPLUGIN_TOO_LARGE", "a type has too many parts");
  let parsed: unknown;
  try {
    parsed = JSON.parse(text);
  } catch (cause) {
    throw new TfpluginError("TFPLUGIN_SCHEMA", "a type is not JSON", { cause });
  }
  return interpret(parsed);
}

/** Whether a value of this type carries types with it anywhere. */
export function hasDynamic(type: CtyType): boolean {
  switch (type.kind) {
    case "dynamic":
      return true;
    case "list":
    case "set":
    case "map":
      return hasDynamic(type.element);
    case "tuple":
      return type.elements.some(hasDynamic);
    case "object":
      return [...type.attributes.values()].some(hasDynamic);
    case "string":
    case "number":
    case "bool":
      return false;
  }
}
