import type { Node } from "web-tree-sitter";
import { parts, textOf } from "./hcl-literal.js";
import type { SourceText } from "./source-text.js";

/** The blocks and attributes at the top of a file, and whatever the parser could not make sense of. */
export function topLevel(root: Node): Node[] {
  return parts(root).flatMap((child) => (child.type === "body" ? parts(child) : [child]));
}

/** The blocks and attributes inside a block. */
export function bodyOf(block: Node): Node[] {
  return parts(block)
    .filter((child) => child.type === "body")
    .flatMap((body) => parts(body));
}

/** The type of a block, or the name of an attribute. */
export function keyword(item: Node, source: SourceText): string {
  const first = item.firstNamedChild;
  return first === null ? "" : textOf(first, source);
}

/** The labels of a block: strings and identifiers. */
export function labels(block: Node): Node[] {
  return parts(block)
    .slice(1)
    .filter((child) => child.type === "string_lit" || child.type === "identifier");
}

/** A label as written, without its quotes: what core takes for a name needs no escapes. */
export function labelText(label: Node, source: SourceText): string {
  const text = textOf(label, source);
  return label.type === "string_lit" ? text.slice(1, -1) : text;
}
