import { checkDepth } from "./literal.js";
import type { Literal } from "./literal.js";
import type { SourceText } from "./source-text.js";
import { plainText } from "./template-text.js";

/**
 * What a value of Terraform's JSON syntax means, where strings and keys are templates, too.
 * Throws `DECLARE_NOT_LITERAL` for a template that is not its own value, and `DECLARE_TOO_LARGE` for too deep a value.
 */
export function withoutTemplates(literal: Literal, source: SourceText, depth = 0): Literal {
  if (literal.kind === "number") return literal;
  const { offset } = literal;
  if (literal.kind === "scalar") {
    if (typeof literal.value !== "string") return literal;
    return { kind: "scalar", offset, value: plainText(literal.value, source, offset) };
  }
  checkDepth(offset, source, depth);
  if (literal.kind === "list") {
    return { kind: "list", offset, items: literal.items.map((item) => withoutTemplates(item, source, depth + 1)) };
  }
  const entries = literal.entries.map((entry) => ({
    key: plainText(entry.key, source, entry.offset),
    offset: entry.offset,
    value: withoutTemplates(entry.value, source, depth + 1),
  }));
  return { kind: "object", offset, entries };
}
