import * as v from "valibot";
import { remedyForUnknown } from "../base/nearest.js";
import { quote } from "../base/quote.js";
import { GrantsSchema } from "../protocol/grants.js";
import type { Grants } from "../protocol/grants.js";
import { HOOKS, isHook } from "../protocol/hooks.js";
import type { Hook } from "../protocol/hooks.js";
import { NAME_PATTERN } from "./declaration.js";
import type { DeclareError } from "./declare-error.js";
import { kindOf, toValue } from "./literal.js";
import type { Literal } from "./literal.js";
import type { Parsed } from "./quantity.js";
import type { FaultPlace } from "./source-text.js";

/** A value with what is needed to tell its faults. All readers below throw `DECLARE_BAD_VALUE` unless noted. */
export interface Written {
  readonly argument: string;
  readonly literal: Literal;
  readonly source: FaultPlace;
}

/** DECLARE_BAD_VALUE at the place of the value. */
export function badValue(written: Written, message: string, remedy?: string): DeclareError {
  const context = remedy === undefined ? {} : { remedy };
  return written.source.error("DECLARE_BAD_VALUE", written.literal.offset, `${written.argument}: ${message}`, context);
}

function text(written: Written, example: string): string {
  const { literal } = written;
  if (literal.kind === "scalar" && typeof literal.value === "string") return literal.value;
  throw badValue(written, `a string is wanted, not ${kindOf(literal)}`, `Write for example ${example}.`);
}

/** A string that is not empty. */
export function filledText(written: Written): string {
  const value = text(written, `"…"`);
  if (value.trim() === "") throw badValue(written, "an empty string says nothing", "Leave it out, or fill it.");
  return value;
}

/** A string that `parse` takes for a quantity up to `max`. */
export function quantity(
  written: Written,
  example: string,
  parse: (text: string, max: number) => Parsed,
  max: number,
): number {
  const value = text(written, example);
  const parsed = parse(value, max);
  if ("value" in parsed) return parsed.value;
  throw badValue(written, `${quote(value)}: ${parsed.problem}`);
}

/** A whole number between two bounds. */
export function wholeNumber(written: Written, min: number, max: number): number {
  const { literal, source } = written;
  const value = literal.kind === "number" ? toValue(literal, source) : undefined;
  if (typeof value === "number" && Number.isInteger(value) && value >= min && value <= max) return value;
  throw badValue(written, `a whole number from ${min} to ${max} is wanted`);
}

/** `true` or `false`; a provider's value comes as core has it. */
export function bool(written: Written): boolean {
  const { literal } = written;
  if (literal.kind === "scalar" && typeof literal.value === "boolean") return literal.value;
  throw badValue(written, `a bool is wanted, not ${kindOf(literal)}`, `Write ${written.argument} = true.`);
}

/** A string that is one of those known. */
export function oneOf<T extends string>(written: Written, known: readonly T[]): T {
  const value = text(written, known.map((word) => `"${word}"`).join(" or "));
  const found = known.find((word) => word === value);
  if (found !== undefined) return found;
  throw badValue(written, `${quote(value)} is not one of those known`, remedyForUnknown(value, known));
}

/** A string that names a hook. */
export function hookName(written: Written): Hook {
  const value = text(written, `"post-plan-resource"`);
  if (isHook(value)) return value;
  throw badValue(written, `there is no hook ${quote(value)}`, remedyForUnknown(value, HOOKS));
}

/** A string that may be the name of an integration, declared or not. */
export function integrationName(written: Written): string {
  const value = text(written, `"logger"`);
  if (NAME_PATTERN.test(value)) return value;
  throw badValue(written, `${quote(value)} is no name of an integration`);
}

/** The items of a list, each a `Written` of its own. */
export function items(written: Written): Written[] {
  const { literal } = written;
  if (literal.kind !== "list") {
    throw badValue(written, `a list is wanted, not ${kindOf(literal)}`, `Write ${written.argument} = [ … ].`);
  }
  return literal.items.map((item) => ({ ...written, literal: item }));
}

/** The items of a list that narrows something down: without any, the integration would never be called. */
export function filledItems(written: Written): Written[] {
  const found = items(written);
  if (found.length > 0) return found;
  throw badValue(written, "with an empty list it would never be called", "Leave the argument out to mean all.");
}

/** An object of any literals. Throws what `toValue` throws, too. */
export function plainObject(written: Written): Record<string, unknown> {
  const { argument, literal, source } = written;
  if (literal.kind !== "object") {
    throw badValue(written, `an object is wanted, not ${kindOf(literal)}`, `Write ${argument} = { … }.`);
  }
  const value = v.safeParse(v.record(v.string(), v.unknown()), toValue(literal, source));
  if (value.success) return value.output;
  throw badValue(written, "an object is wanted");
}

/** What the user lets the integration do. Throws `DECLARE_UNKNOWN_ARGUMENT` for a grant that there is not. */
export function grants(written: Written): Grants {
  const { literal, source } = written;
  const value = plainObject(written);
  const entries = literal.kind === "object" ? literal.entries : [];
  const known = Object.keys(GrantsSchema.entries);
  for (const { key, offset } of entries) {
    if (known.includes(key)) continue;
    const remedy = remedyForUnknown(key, known);
    throw source.error("DECLARE_UNKNOWN_ARGUMENT", offset, `there is no grant ${quote(key)}`, { remedy });
  }
  const parsed = v.safeParse(GrantsSchema, value);
  if (parsed.success) return parsed.output;
  const [issue] = parsed.issues;
  throw badValue({ ...written, literal: literalAt(literal, issue.path ?? []) }, grantFault(issue));
}

/** The innermost literal that a path leads to. */
function literalAt(literal: Literal, path: readonly { readonly key?: unknown }[]): Literal {
  return path.reduce((at: Literal, { key }) => {
    if (at.kind === "object") return at.entries.find((entry) => entry.key === key)?.value ?? at;
    return at.kind === "list" && typeof key === "number" ? (at.items[key] ?? at) : at;
  }, literal);
}

/** Which grant, which item of it, counted from 1, and what is wrong. */
function grantFault({ path, message }: v.BaseIssue<unknown>): string {
  const [grant, item] = path ?? [];
  const place = typeof item?.key === "number" ? `, item ${item.key + 1}` : "";
  return `${typeof grant?.key === "string" ? grant.key : "value"}${place}: ${message}`;
}
