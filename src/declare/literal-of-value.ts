import { checkDepth } from "./literal.js";
import type { Literal } from "./literal.js";
import type { FaultPlace } from "./source-text.js";

/**
 * A value that core evaluated, in the form of a value that stands in a file, so that the same readers take both.
 * Throws `DECLARE_BAD_VALUE` for what JSON cannot hold, and `DECLARE_TOO_LARGE` over `MAX_VALUE_DEPTH`.
 */
export function valueLiteral(value: unknown, argument: string, place: FaultPlace, depth = 0): Literal {
  const offset = 0;
  if (value === null || typeof value === "string" || typeof value === "boolean") {
    return { kind: "scalar", offset, value };
  }
  if (typeof value === "number" || typeof value === "bigint") return { kind: "number", offset, text: String(value) };
  checkDepth(offset, place, depth);
  if (Array.isArray(value)) {
    const items: readonly unknown[] = value;
    return { kind: "list", offset, items: items.map((item) => valueLiteral(item, argument, place, depth + 1)) };
  }
  if (typeof value === "object" && isPlain(value)) {
    const entries = Object.entries(value).map(([key, item]: [string, unknown]) => {
      return { key, offset, value: valueLiteral(item, argument, place, depth + 1) };
    });
    return { kind: "object", offset, entries };
  }
  throw place.error("DECLARE_BAD_VALUE", offset, `${argument}: a part of its value is not known yet`, {
    remedy: "Use values that are known before anything is planned, such as variables and locals.",
  });
}

function isPlain(value: object): boolean {
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === Object.prototype || prototype === null;
}
