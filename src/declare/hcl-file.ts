import type { Node } from "web-tree-sitter";
import { quote } from "../base/quote.js";
import { providerNotice } from "./block.js";
import type { BlockArgument, FileContents, IntegrationBlock } from "./block.js";
import { hclLiteral, parts, quotedNode } from "./hcl-literal.js";
import { withSyntaxTree } from "./hcl-parser.js";
import { hclSyntaxError } from "./hcl-syntax-error.js";
import type { Problems } from "./problems.js";
import type { SourceText } from "./source-text.js";

/** The word as an identifier of its own: `aws_lambda_integration` is none. */
const WORD = /(?<![\p{ID_Continue}-])integration(?![\p{ID_Continue}-])/u;
/** The start of a block, in text that may be broken behind it. */
const HEADER = /(?<![\p{ID_Continue}-])integration(?:[ \t]*["{]|[ \t]+[\p{ID_Continue}-]+[ \t]*\{)/u;

/** Whether a file can have an integration block at all; when not, no parser is loaded for it. */
export function mentionsIntegration(text: string): boolean {
  return WORD.test(text);
}

/** Reads `airlock.hcl`: integration blocks at the top, and nothing else. Errors go to `problems`. */
export function readAirlockFile(source: SourceText, problems: Problems): Promise<FileContents> {
  return withSyntaxTree(source, (root) => {
    if (root.hasError) {
      problems.add(hclSyntaxError(root, source));
      return { blocks: [], notices: [] };
    }
    const blocks: IntegrationBlock[] = [];
    for (const item of topLevel(root)) {
      if (keyword(item) === "integration" && item.type === "block") {
        pushDefined(
          blocks,
          problems.attempt(() => integrationBlock(item, source, problems)),
        );
      } else {
        problems.add(misplacedInAirlockFile(item, source));
      }
    }
    return { blocks, notices: [] };
  });
}

/**
 * Reads a `.tf` or `.tofu` file: integration blocks inside `terraform` blocks; those inside `provider` blocks give a
 * notice. What else the file holds is core's to judge, syntax errors included, as long as they are not around an
 * integration block. Errors go to `problems`.
 */
export function readConfigurationFile(source: SourceText, problems: Problems): Promise<FileContents> {
  return withSyntaxTree(source, (root) => {
    const items = root.isError ? [root] : topLevel(root);
    const broken = items.find(
      (item) => item.hasError && HEADER.test(source.text.slice(item.startIndex, item.endIndex)),
    );
    if (broken !== undefined) {
      problems.add(hclSyntaxError(broken, source));
      return { blocks: [], notices: [] };
    }
    const blocks: IntegrationBlock[] = [];
    const notices: string[] = [];
    for (const item of items) {
      if (item.hasError || item.type !== "block") continue;
      const word = keyword(item);
      if (word === "terraform") blocks.push(...terraformBlock(item, source, problems));
      else if (word === "provider") notices.push(...providerNotices(item, source));
      else if (word === "integration") problems.add(misplacedAtTop(item, source));
    }
    return { blocks, notices };
  });
}

function topLevel(root: Node): Node[] {
  return parts(root).flatMap((child) => (child.type === "body" ? parts(child) : [child]));
}

function bodyOf(block: Node): Node[] {
  return parts(block)
    .filter((child) => child.type === "body")
    .flatMap((body) => parts(body));
}

function keyword(item: Node): string {
  return item.firstNamedChild?.text ?? "";
}

function terraformBlock(block: Node, source: SourceText, problems: Problems): IntegrationBlock[] {
  const blocks: IntegrationBlock[] = [];
  for (const item of bodyOf(block)) {
    if (keyword(item) !== "integration") continue;
    if (item.type === "block") {
      pushDefined(
        blocks,
        problems.attempt(() => integrationBlock(item, source, problems)),
      );
      continue;
    }
    const error = source.error("DECLARE_MISPLACED", item.startIndex, "integration is a block, not an argument", {
      remedy: 'Write: integration "name" { … }',
    });
    problems.add(error);
  }
  return blocks;
}

function providerNotices(block: Node, source: SourceText): string[] {
  const provider = labels(block).map((label) => labelText(label))[0] ?? "";
  return bodyOf(block)
    .filter((item) => item.type === "block" && keyword(item) === "integration")
    .map((item) => providerNotice(source, item.startIndex, labels(item).map(labelText)[0] ?? "", provider));
}

function labels(block: Node): Node[] {
  return parts(block)
    .slice(1)
    .filter((child) => child.type === "string_lit" || child.type === "identifier");
}

/** A label as written; nothing is decided by it. */
function labelText(label: Node): string {
  return label.type === "string_lit" ? label.text.slice(1, -1) : label.text;
}

function integrationBlock(block: Node, source: SourceText, problems: Problems): IntegrationBlock {
  const [label, ...more] = labels(block);
  if (label === undefined || more.length > 0) {
    throw source.error("DECLARE_BAD_NAME", block.startIndex, "an integration block has one label, its name", {
      remedy: 'Write: integration "name" { … }',
    });
  }
  const args: BlockArgument[] = [];
  for (const item of bodyOf(block)) {
    pushDefined(
      args,
      problems.attempt(() => blockArgument(item, source)),
    );
  }
  return {
    source,
    offset: block.startIndex,
    name: label.type === "string_lit" ? quotedNode(label, source) : label.text,
    nameOffset: label.startIndex,
    arguments: args,
  };
}

function blockArgument(item: Node, source: SourceText): BlockArgument {
  const name = keyword(item);
  const [, expression] = parts(item);
  if (item.type !== "attribute" || expression === undefined) {
    throw source.error("DECLARE_MISPLACED", item.startIndex, `no block ${quote(name)} may stand in an integration`, {
      remedy: `Write it as an argument: ${name} = { … }`,
    });
  }
  return { name, offset: item.startIndex, value: hclLiteral(expression, source) };
}

function misplacedInAirlockFile(item: Node, source: SourceText) {
  const name = keyword(item);
  const remedy =
    name === "terraform"
      ? "Write the integration blocks without terraform { } around them."
      : "Move it to a .tf file, or remove it.";
  const message = `airlock.hcl takes only integration blocks, not ${quote(name)}`;
  return source.error("DECLARE_MISPLACED", item.startIndex, message, { remedy });
}

function misplacedAtTop(item: Node, source: SourceText) {
  return source.error(
    "DECLARE_MISPLACED",
    item.startIndex,
    "an integration block cannot stand at the top of this file",
    {
      remedy: "Put it inside terraform { }, or into airlock.hcl.",
    },
  );
}

function pushDefined<T>(list: T[], value: T | undefined): void {
  if (value !== undefined) list.push(value);
}
