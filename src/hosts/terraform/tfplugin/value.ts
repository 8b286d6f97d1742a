import { DYNAMIC, parseType } from "./cty-type.js";
import type { CtyType } from "./cty-type.js";
import { checkDepth, MAX_VALUES } from "./limits.js";
import { MsgpackCursor } from "./msgpack-cursor.js";
import { TfpluginError } from "./tfplugin-error.js";

/** A value that is known only after apply. Of its type only what the forms of the plan JSON depend on is kept. */
export class Unknown {
  private constructor(readonly shape: "single" | "sequence" | "mapping") {}

  static readonly SINGLE = new Unknown("single");
  static readonly SEQUENCE = new Unknown("sequence");
  static readonly MAPPING = new Unknown("mapping");

  static of(type: CtyType): Unknown {
    switch (type.kind) {
      case "list":
      case "set":
      case "tuple":
        return Unknown.SEQUENCE;
      case "map":
      case "object":
        return Unknown.MAPPING;
      case "string":
      case "number":
      case "bool":
      case "dynamic":
        return Unknown.SINGLE;
    }
  }
}

/** A decoded value. Objects and maps are `Map`s: no key is special, not even `__proto__`. */
export type Value = null | boolean | number | string | Unknown | readonly Value[] | ReadonlyMap<string, Value>;

export function invalidValue(): TfpluginError {
  return new TfpluginError("TFPLUGIN_VALUE", "a value is not of the type that its schema asks for");
}

/**
 * A number as `JSON.parse` gives it: the nearest double. That is what a plan's JSON gives for the same value, so that
 * an integration sees one form everywhere. Throws TFPLUGIN_VALUE for what is no number or beyond a double's range.
 */
export function numberOf(text: string): number {
  const value = Number(text);
  if (!/^[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?$/.test(text) || !Number.isFinite(value)) throw invalidValue();
  return value;
}

/** Text as core holds it (`cty.StringVal`): normalised, so that a value looks the same before and after core saw it. */
export function textOf(text: string): string {
  return text.normalize("NFC");
}

/** What is known comes first, null comes last. */
function rank(value: Value): number {
  if (value === null) return 2;
  return value instanceof Unknown ? 1 : 0;
}

function compareElements(left: Value, right: Value): number {
  const ranks = rank(left) - rank(right);
  if (ranks !== 0) return ranks;
  if (typeof left === "string" && typeof right === "string")
    return Buffer.compare(Buffer.from(left), Buffer.from(right));
  return Number(left) - Number(right);
}

/**
 * Elements of a set as core gives them: primitives sorted, each once (go-cty, `setRules.Less`). The order of sets of
 * anything else is not defined there; they stay as they came.
 */
export function setOf(elements: readonly Value[], element: CtyType): readonly Value[] {
  if (element.kind !== "string" && element.kind !== "number" && element.kind !== "bool") return elements;
  const sorted = [...elements].sort(compareElements);
  return sorted.filter((value, index) => index === 0 || value instanceof Unknown || value !== sorted[index - 1]);
}

/** Counts the values of one object, so that no message of a few megabytes comes to gigabytes. */
export class Budget {
  #left = MAX_VALUES;

  /** Throws `TfpluginError` TFPLUGIN_TOO_LARGE. */
  take(count: number): void {
    this.#left -= count;
    if (this.#left < 0) throw new TfpluginError("TFPLUGIN_TOO_LARGE", `an object holds more than ${MAX_VALUES} values`);
  }
}

class MsgpackReader {
  readonly #budget = new Budget();

  constructor(readonly cursor: MsgpackCursor) {}

  read(type: CtyType, depth: number): Value {
    checkDepth(depth);
    if (this.cursor.isNil) {
      this.cursor.skip();
      return null;
    }
    if (this.cursor.isExtension) {
      this.cursor.skip();
      return Unknown.of(type);
    }
    switch (type.kind) {
      case "string":
        return textOf(this.cursor.readText());
      case "number":
        return this.#number();
      case "bool":
        return this.cursor.readBoolean();
      case "dynamic":
        return this.#dynamic(depth);
      case "list":
        return this.#elements(() => type.element, depth);
      case "set":
        return setOf(
          this.#elements(() => type.element, depth),
          type.element,
        );
      case "tuple":
        return this.#tuple(type.elements, depth);
      case "map":
        return this.#entries(() => type.element, depth);
      case "object":
        return this.#object(type.attributes, depth);
    }
  }

  #number(): number {
    if (this.cursor.isText) return numberOf(this.cursor.readText());
    const value = this.cursor.readNumber();
    if (!Number.isFinite(value)) throw invalidValue();
    return value;
  }

  /** `[type as JSON, value]`. */
  #dynamic(depth: number): Value {
    if (this.cursor.readArray() !== 2) throw invalidValue();
    return this.read(parseType(this.cursor.readBytes()), depth + 1);
  }

  #elements(typeAt: (index: number) => CtyType, depth: number): readonly Value[] {
    const count = this.cursor.readArray();
    this.#budget.take(count);
    return Array.from({ length: count }, (_, index) => this.read(typeAt(index), depth + 1));
  }

  #tuple(types: readonly CtyType[], depth: number): readonly Value[] {
    const elements = this.#elements((index) => types[index] ?? DYNAMIC, depth);
    if (elements.length !== types.length) throw invalidValue();
    return elements;
  }

  #object(types: ReadonlyMap<string, CtyType>, depth: number): ReadonlyMap<string, Value> {
    const entries = this.#entries((name) => {
      const type = types.get(name);
      if (type === undefined) throw invalidValue();
      return type;
    }, depth);
    if (entries.size !== types.size) throw invalidValue();
    return entries;
  }

  #entries(typeOf: (key: string) => CtyType, depth: number): ReadonlyMap<string, Value> {
    const count = this.cursor.readMap();
    this.#budget.take(count);
    const entries = new Map<string, Value>();
    for (let index = 0; index < count; index += 1) {
      const key = textOf(this.cursor.readText());
      if (entries.has(key)) throw invalidValue();
      entries.set(key, this.read(typeOf(key), depth + 1));
    }
    return entries;
  }
}

/**
 * Reads a msgpack value of a type, all of the bytes. Throws `TfpluginError` TFPLUGIN_VALUE, TFPLUGIN_SCHEMA (a type
 * that comes with a value), TFPLUGIN_TOO_DEEP or TFPLUGIN_TOO_LARGE.
 */
export function readMsgpack(bytes: Uint8Array, type: CtyType): Value {
  const cursor = new MsgpackCursor(bytes);
  const value = new MsgpackReader(cursor).read(type, 1);
  if (cursor.at !== cursor.length) throw invalidValue();
  return value;
}
