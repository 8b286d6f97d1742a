import * as v from "valibot";
import { quote } from "../base/quote.js";
import { IntegrationDeclarationSchema } from "./declaration.js";
import type { IntegrationDeclaration, IntegrationDeclarationInput } from "./declaration.js";
import { DeclareError } from "./declare-error.js";
import { readOrigin } from "./origin.js";
import { FORBIDDEN_KEYS, MAX_VALUE_DEPTH } from "./literal.js";

/**
 * A declaration with every default filled in. Throws a `DeclareError` that names the path of the fault:
 * `DECLARE_BAD_VALUE`; for what `config` holds `DECLARE_FORBIDDEN_KEY` and `DECLARE_TOO_LARGE`, too.
 */
export function completeDeclaration(input: IntegrationDeclarationInput): IntegrationDeclaration {
  const parsed = v.safeParse(IntegrationDeclarationSchema, input);
  if (!parsed.success) {
    const [issue] = parsed.issues;
    const path = v.getDotPath(issue) ?? "declaration";
    throw new DeclareError("DECLARE_BAD_VALUE", `${path}: ${issue.message}`, context(input));
  }
  const { fault } = readOrigin(parsed.output);
  if (fault !== undefined) {
    const { argument, message, remedy } = fault;
    throw new DeclareError("DECLARE_BAD_VALUE", `${argument}: ${message}`, { ...context(input), remedy });
  }
  // Not the parsed config: valibot leaves out the keys that are refused here.
  if (input.config !== undefined) checkJson(input.config, "config", 0, input);
  return parsed.output;
}

/** `config` reaches the guest as JSON, so only what JSON can hold may be in it. */
function checkJson(value: unknown, path: string, depth: number, input: IntegrationDeclarationInput): void {
  if (value === null || typeof value === "string" || typeof value === "boolean") return;
  if (typeof value === "number" && Number.isFinite(value)) return;
  if (typeof value !== "object" || !isPlain(value)) {
    throw new DeclareError("DECLARE_BAD_VALUE", `${path}: not a value that JSON can hold`, context(input));
  }
  if (depth >= MAX_VALUE_DEPTH) {
    const message = `config: values are nested deeper than ${MAX_VALUE_DEPTH} levels`;
    throw new DeclareError("DECLARE_TOO_LARGE", message, context(input));
  }
  for (const [key, item] of Object.entries(value)) {
    if (FORBIDDEN_KEYS.has(key)) {
      const message = `${path}: the key ${quote(key)} is not allowed`;
      throw new DeclareError("DECLARE_FORBIDDEN_KEY", message, context(input));
    }
    checkJson(item, `${path}.${key}`, depth + 1, input);
  }
}

function isPlain(value: object): boolean {
  const prototype: unknown = Object.getPrototypeOf(value);
  return Array.isArray(value) || prototype === Object.prototype || prototype === null;
}

/** The input may be anything, as long as it has not passed the schema. */
function context(input: unknown): { integration?: string } {
  const named = v.safeParse(v.object({ name: v.string() }), input);
  return named.success ? { integration: named.output.name } : {};
}
