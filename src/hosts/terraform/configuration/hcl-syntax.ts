import type { Node } from "web-tree-sitter";
import { bodyOf, keyword, labels, labelText, topLevel } from "../../../declare/hcl-blocks.js";
import { hclLiteral, parts, textOf } from "../../../declare/hcl-literal.js";
import { toValue } from "../../../declare/literal.js";
import type { JsonValue } from "../../../declare/literal.js";
import type { SourceText } from "../../../declare/source-text.js";
import { literalOrNone, quickValue } from "./literal-text.js";
import type { Body, Expression } from "./syntax.js";

/** The whole of a file in HCL, from the root of its syntax tree. What the parser could not make sense of is left out. */
export function hclFile(root: Node, source: SourceText): Body {
  return new HclBody(topLevel(root), 0, [], source);
}

class HclBody implements Body {
  readonly offset: number;
  readonly labels: readonly string[];
  readonly #source: SourceText;
  readonly #attributes: (readonly [string, Expression])[] = [];
  readonly #nodes: Node[] = [];
  #byType: ReadonlyMap<string, readonly Node[]> | undefined;

  constructor(items: readonly Node[], offset: number, labelTexts: readonly string[], source: SourceText) {
    this.offset = offset;
    this.labels = labelTexts;
    this.#source = source;
    for (const item of items) {
      const { type } = item;
      if (type === "attribute") this.#addAttribute(item);
      else if (type === "block") this.#nodes.push(item);
    }
  }

  attributes(): readonly (readonly [string, Expression])[] {
    return this.#attributes;
  }

  blocks(type: string): readonly Body[] {
    const source = this.#source;
    this.#byType ??= byKeyword(this.#nodes, source);
    return (this.#byType.get(type) ?? []).map((block) => {
      const texts = labels(block).map((label) => labelText(label, source));
      return new HclBody(bodyOf(block), block.startIndex, texts, source);
    });
  }

  #addAttribute(item: Node): void {
    const children = item.namedChildren;
    // Each node costs calls into the parser; comments between the two are rare.
    const [name, expression] = children.length === 2 ? children : parts(item);
    if (name === undefined || expression === undefined) return;
    this.#attributes.push([textOf(name, this.#source), new HclExpression(expression, this.#source)]);
  }
}

function byKeyword(blocks: readonly Node[], source: SourceText): ReadonlyMap<string, readonly Node[]> {
  const groups = new Map<string, Node[]>();
  for (const block of blocks) {
    const type = keyword(block, source);
    const group = groups.get(type);
    if (group === undefined) groups.set(type, [block]);
    else group.push(block);
  }
  return groups;
}

class HclExpression implements Expression {
  readonly text: string;
  readonly #node: Node;
  readonly #source: SourceText;

  constructor(node: Node, source: SourceText) {
    this.text = textOf(node, source);
    this.#node = node;
    this.#source = source;
  }

  value(): JsonValue | undefined {
    const quick = quickValue(this.text);
    if (quick !== undefined) return quick.value;
    if (this.#node.hasError) return undefined;
    return literalOrNone(() => toValue(hclLiteral(this.#node, this.#source), this.#source));
  }

  entries(): readonly (readonly [string, Expression])[] {
    const [term] = parts(this.#node);
    const [object] = term?.type === "collection_value" ? parts(term) : [];
    if (object?.type !== "object") return [];
    return parts(object).flatMap((element) => {
      const key = element.childForFieldName("key");
      const value = element.childForFieldName("val");
      if (key === null || value === null) return [];
      return [[unquoted(textOf(key, this.#source)), new HclExpression(value, this.#source)] as const];
    });
  }
}

function unquoted(text: string): string {
  return /^"(.*)"$/.exec(text)?.[1] ?? text;
}
