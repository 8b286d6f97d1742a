import { quote } from "../base/quote.js";
import { DeclareError } from "./declare-error.js";
import type { FaultPlace } from "./source-text.js";

/** Values nested deeper than this are refused, well below what the protocol carries. */
export const MAX_VALUE_DEPTH = 64;

/** Keys that mean more than themselves on a JavaScript object. */
export const FORBIDDEN_KEYS: ReadonlySet<string> = new Set(["__proto__", "constructor", "prototype"]);

/** A value that JSON can hold. */
export type JsonValue = null | boolean | number | string | readonly JsonValue[] | { readonly [key: string]: JsonValue };

/** One key of an object, and its value. */
export interface LiteralEntry {
  readonly key: string;
  /** Where the key is. */
  readonly offset: number;
  /** Where the value ends; known of JSON only. */
  readonly end?: number;
  readonly value: Literal;
}

/** A value as written, with its place, whether it came from HCL or from JSON. */
export type Literal =
  | { readonly kind: "scalar"; readonly offset: number; readonly value: string | boolean | null }
  /** Kept as text, so that a number which nobody asks for cannot be wrong. */
  | { readonly kind: "number"; readonly offset: number; readonly text: string }
  | { readonly kind: "list"; readonly offset: number; readonly items: readonly Literal[] }
  | { readonly kind: "object"; readonly offset: number; readonly entries: readonly LiteralEntry[] };

/** A literal that is an object. */
export type LiteralObject = Extract<Literal, { kind: "object" }>;

/** What a step reads; null where it finds no literal, or one that is wrong. */
export function literalOrNull(read: () => Literal): Literal | null {
  try {
    return read();
  } catch (error) {
    if (error instanceof DeclareError) return null;
    throw error;
  }
}

/** What a value is, for messages. */
export function kindOf(literal: Literal): string {
  if (literal.kind === "object") return "an object";
  if (literal.kind !== "scalar") return `a ${literal.kind}`;
  if (literal.value === null) return "null";
  return typeof literal.value === "boolean" ? "a bool" : "a string";
}

/**
 * The plain value. Throws `DECLARE_TOO_LARGE` over `MAX_VALUE_DEPTH`, `DECLARE_FORBIDDEN_KEY` for `FORBIDDEN_KEYS`,
 * `DECLARE_DUPLICATE_ARGUMENT` for a key given twice, and `DECLARE_BAD_VALUE` for a number that JavaScript cannot hold.
 */
export function toValue(literal: Literal, source: FaultPlace, depth = 0): JsonValue {
  if (literal.kind === "scalar") return literal.value;
  if (literal.kind === "number") return toNumber(literal.text, literal.offset, source);
  checkDepth(literal.offset, source, depth);
  if (literal.kind === "list") return literal.items.map((item) => toValue(item, source, depth + 1));
  checkKeys(literal, source);
  return Object.fromEntries(literal.entries.map((entry) => [entry.key, toValue(entry.value, source, depth + 1)]));
}

/** Throws `DECLARE_TOO_LARGE` when a list or object at this depth is one too many. */
export function checkDepth(offset: number, source: FaultPlace, depth: number): void {
  if (depth < MAX_VALUE_DEPTH) return;
  throw source.error("DECLARE_TOO_LARGE", offset, `values are nested deeper than ${MAX_VALUE_DEPTH} levels`);
}

function checkKeys(literal: LiteralObject, source: FaultPlace): void {
  const seen = new Set<string>();
  for (const { key, offset } of literal.entries) {
    if (FORBIDDEN_KEYS.has(key)) {
      throw source.error("DECLARE_FORBIDDEN_KEY", offset, `the key ${quote(key)} is not allowed`, {
        remedy: "Choose another key.",
      });
    }
    if (seen.has(key)) throw source.error("DECLARE_DUPLICATE_ARGUMENT", offset, `the key ${quote(key)} is here twice`);
    seen.add(key);
  }
}

/** Refuses what would not arrive as written: hexadecimal, infinite, or an integer that would be rounded. */
function toNumber(text: string, offset: number, source: FaultPlace): number {
  const value = Number(text);
  const isExact = Number.isFinite(value) && (Number.isSafeInteger(value) || !/^-?\d+$/.test(text));
  if (isExact && !/x/i.test(text)) return value === 0 ? 0 : value;
  throw source.error("DECLARE_BAD_VALUE", offset, `the number ${quote(text)} cannot be held exactly`, {
    remedy: "Write it in decimal, between -(2^53 - 1) and 2^53 - 1, or as a string.",
  });
}
