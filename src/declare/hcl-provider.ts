import type { Node } from "web-tree-sitter";
import { quote } from "../base/quote.js";
import type { ProviderArgument, ProviderIntegrationBlock } from "./block.js";
import { bodyOf, keyword, labels, labelText } from "./hcl-blocks.js";
import { hclLiteral, parts, quotedNode, textOf } from "./hcl-literal.js";
import { literalOrNull } from "./literal.js";
import type { Problems } from "./problems.js";
import { ProviderBlock } from "./provider-block.js";
import { ORIGIN_ARGUMENTS } from "./provider-origin.js";
import type { SourceText } from "./source-text.js";

/** The nodes of the `integration` blocks right inside a block. */
export function integrationBlocks(block: Node, source: SourceText): Node[] {
  return bodyOf(block).filter((item) => item.type === "block" && keyword(item, source) === "integration");
}

/** The names and places of the integrations inside a `provider` block. Errors go to `problems`. */
export function providerBlock(
  block: Node,
  source: SourceText,
  problems: Problems,
): readonly ProviderIntegrationBlock[] {
  const inner = integrationBlocks(block, source);
  const [label] = labels(block);
  if (inner.length === 0 || label === undefined) return [];
  const provider = new ProviderBlock(labelText(label, source), aliasOf(block, source), source, problems);
  for (const item of inner) {
    problems.attempt(() => {
      const args = bodyOf(item).flatMap((argument) => {
        if (argument.type === "attribute") return [providerArgument(argument, source)];
        problems.add(misplacedBlock(argument, keyword(argument, source), source));
        return [];
      });
      const name = nameLabel(item, source);
      provider.add({
        name: nameOf(name, source),
        nameOffset: name.startIndex,
        offset: item.startIndex,
        arguments: args,
      });
    });
  }
  return provider.integrations;
}

/** Whatever is no literal is core's to evaluate. */
function providerArgument(item: Node, source: SourceText): ProviderArgument {
  const named = { name: keyword(item, source), offset: item.startIndex };
  const [, expression] = parts(item);
  const isNeeded = ORIGIN_ARGUMENTS.includes(named.name) && expression !== undefined;
  return { ...named, value: isNeeded ? literalOrNull(() => hclLiteral(expression, source)) : null };
}

/** Core, too, takes only a literal here. */
function aliasOf(block: Node, source: SourceText): string | null {
  const attribute = bodyOf(block).find((item) => item.type === "attribute" && keyword(item, source) === "alias");
  const [, expression] = attribute === undefined ? [] : parts(attribute);
  if (expression === undefined) return null;
  const [, alias] = /^"([^"\\$%]*)"$/.exec(textOf(expression, source)) ?? [];
  return alias ?? null;
}

/** The one label of an integration block. Throws `DECLARE_BAD_NAME`. */
export function nameLabel(block: Node, source: SourceText): Node {
  const [label, ...more] = labels(block);
  if (label !== undefined && more.length === 0) return label;
  throw source.error("DECLARE_BAD_NAME", block.startIndex, "an integration block has one label, its name", {
    remedy: 'Write: integration "name" { … }',
  });
}

/** What a label says. Throws what `quotedText` throws. */
export function nameOf(label: Node, source: SourceText): string {
  return label.type === "string_lit" ? quotedNode(label, source) : textOf(label, source);
}

/** The error of a block inside an integration. */
export function misplacedBlock(item: Node, name: string, source: SourceText) {
  return source.error("DECLARE_MISPLACED", item.startIndex, `no block ${quote(name)} may stand in an integration`, {
    remedy: `Write it as an argument: ${name} = { … }`,
  });
}
