import type { Node } from "web-tree-sitter";
import { quote } from "../base/quote.js";
import { checkDepth } from "./literal.js";
import type { Literal, LiteralEntry } from "./literal.js";
import type { SourceText } from "./source-text.js";
import { plainText, quotedText } from "./template-text.js";

const EXPRESSIONS: Readonly<Record<string, string>> = {
  variable_expr: "a reference",
  function_call: "a function call",
  for_expr: "a for expression",
  conditional: "a conditional",
  operation: "an operation",
};

/**
 * The literal that an `expression` node is. Throws `DECLARE_NOT_LITERAL` for everything that would have to be
 * evaluated, `DECLARE_SYNTAX` for a malformed string and `DECLARE_TOO_LARGE` for too deep a value.
 */
export function hclLiteral(expression: Node, source: SourceText, depth = 0): Literal {
  const [term, ...more] = parts(expression);
  if (term === undefined || more.length > 0) {
    throw notLiteral(expression, EXPRESSIONS[term?.type ?? ""] ?? "an expression", source);
  }
  switch (term.type) {
    case "literal_value":
    case "template_expr":
      return scalar(term, source);
    case "collection_value":
      return collection(term, source, depth);
    case "operation":
      return negative(term, source);
    default:
      throw notLiteral(expression, EXPRESSIONS[term.type] ?? "an expression", source);
  }
}

/** What stands between a quoted label's or string's quotes. */
export function quotedNode(node: Node, source: SourceText): string {
  return quotedText(source, node.startIndex + 1, node.endIndex - 1);
}

/** The text of a node. Much cheaper than `node.text`, which asks the parser. */
export function textOf(node: Node, source: SourceText): string {
  return source.text.slice(node.startIndex, node.endIndex);
}

/** A node's named children without comments, which may stand anywhere. */
export function parts(node: Node): Node[] {
  return node.namedChildren.filter((child) => child.type !== "comment");
}

function scalar(term: Node, source: SourceText): Literal {
  const [inner] = parts(term);
  const offset = term.startIndex;
  if (inner === undefined) throw notLiteral(term, "an expression", source);
  switch (inner.type) {
    case "string_lit":
    case "quoted_template":
      return { kind: "scalar", offset, value: quotedNode(inner, source) };
    case "heredoc_template":
      return { kind: "scalar", offset, value: heredoc(inner, source) };
    case "numeric_lit":
      return { kind: "number", offset, text: textOf(inner, source) };
    case "bool_lit":
      return { kind: "scalar", offset, value: textOf(inner, source) === "true" };
    case "null_lit":
      return { kind: "scalar", offset, value: null };
    default:
      throw notLiteral(term, "an expression", source);
  }
}

function collection(term: Node, source: SourceText, depth: number): Literal {
  const offset = term.startIndex;
  checkDepth(offset, source, depth);
  const [inner] = parts(term);
  const children = inner === undefined ? [] : parts(inner);
  if (inner?.type === "tuple") {
    const items = children.filter((child) => child.type === "expression");
    return { kind: "list", offset, items: items.map((item) => hclLiteral(item, source, depth + 1)) };
  }
  const elements = children.filter((child) => child.type === "object_elem");
  return { kind: "object", offset, entries: elements.map((element) => objectEntry(element, source, depth)) };
}

function objectEntry(element: Node, source: SourceText, depth: number): LiteralEntry {
  const key = element.childForFieldName("key");
  const value = element.childForFieldName("val");
  if (key === null || value === null) throw source.error("DECLARE_SYNTAX", element.startIndex, "not a key and a value");
  return { key: objectKey(key, source), offset: key.startIndex, value: hclLiteral(value, source, depth + 1) };
}

/** HCL takes a bare word as the key itself, not as a reference. */
function objectKey(key: Node, source: SourceText): string {
  const [term, ...more] = parts(key);
  if (more.length === 0 && term?.type === "variable_expr") return textOf(term, source);
  const literal = hclLiteral(key, source);
  if (literal.kind === "list" || literal.kind === "object") throw notLiteral(key, "a list or an object", source);
  return literal.kind === "scalar" && typeof literal.value === "string" ? literal.value : textOf(key, source);
}

function negative(term: Node, source: SourceText): Literal {
  const [operation] = parts(term);
  const [operand] = operation === undefined ? [] : parts(operation);
  const [number] = operand?.type === "literal_value" ? parts(operand) : [];
  if (operation?.type !== "unary_operation" || !operation.text.startsWith("-") || number?.type !== "numeric_lit") {
    throw notLiteral(term, "an operation", source);
  }
  return { kind: "number", offset: term.startIndex, text: `-${textOf(number, source)}` };
}

/** Everything between the line of `<<NAME` and that of `NAME`; `<<-` takes the common indentation away, as HCL does. */
function heredoc(node: Node, source: SourceText): string {
  const names = parts(node).filter((child) => child.type === "heredoc_identifier");
  const [first = node] = names;
  const last = names[names.length - 1] ?? node;
  const raw = source.text.slice(first.endIndex, last.startIndex);
  const body = raw.slice(raw.indexOf("\n") + 1, raw.lastIndexOf("\n") + 1);
  const text = node.text.startsWith("<<-") ? withoutIndentation(body) : body;
  return plainText(text, source, node.startIndex);
}

/** Blank lines neither count nor change (hclsyntax `flushHeredocTemplateParts`). */
function withoutIndentation(body: string): string {
  const lines = body.split("\n");
  const indents = lines.filter((line) => line.trim() !== "").map((line) => line.length - line.trimStart().length);
  const common = indents.reduce((least, indent) => Math.min(least, indent), Infinity);
  return lines.map((line) => (line.trim() === "" ? line : line.slice(common))).join("\n");
}

function notLiteral(node: Node, what: string, source: SourceText) {
  const text = quote(textOf(node, source));
  return source.error("DECLARE_NOT_LITERAL", node.startIndex, `${what}, ${text}, where a literal must stand`, {
    remedy:
      "Values here are literals, as in a backend block: strings, numbers, bools, null, lists and objects of these.",
  });
}
