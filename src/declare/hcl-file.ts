import type { Node } from "web-tree-sitter";
import { quote } from "../base/quote.js";
import { NO_CONTENTS } from "./block.js";
import type {
  BlockArgument,
  FileContents,
  IntegrationBlock,
  ProviderIntegrationBlock,
  SettingsBlock,
  TextRange,
} from "./block.js";
import { bodyOf, keyword, labels, topLevel } from "./hcl-blocks.js";
import { hclLiteral, parts } from "./hcl-literal.js";
import { withSyntaxTree } from "./hcl-parser.js";
import { integrationBlocks, misplacedBlock, nameLabel, nameOf, providerBlock } from "./hcl-provider.js";
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

/** Reads `airlock.hcl`: integration, trust and registry blocks, and nothing else. Errors go to `problems`. */
export function readAirlockFile(source: SourceText, problems: Problems): Promise<FileContents> {
  return withSyntaxTree(source, (root) => {
    if (root.hasError) {
      problems.add(hclSyntaxError(root, source));
      return NO_CONTENTS;
    }
    const blocks: IntegrationBlock[] = [];
    const settings: SettingsBlock[] = [];
    for (const item of topLevel(root)) {
      const word = keyword(item, source);
      if (word === "integration" && item.type === "block") {
        pushDefined(
          blocks,
          problems.attempt(() => integrationBlock(item, source, problems)),
        );
      } else if ((word === "trust" || word === "registry") && item.type === "block") {
        pushDefined(
          settings,
          problems.attempt(() => settingsBlock(item, word, source, problems)),
        );
      } else {
        problems.add(misplacedInAirlockFile(item, source));
      }
    }
    return { ...NO_CONTENTS, blocks, settings };
  });
}

/**
 * Reads a `.tf` or `.tofu` file: the integration blocks inside `terraform` blocks, and the names and places of those
 * inside `provider` blocks. What else the file holds is core's to judge, syntax errors included, as long as they are not
 * around an integration block. Errors go to `problems`.
 */
export function readConfigurationFile(source: SourceText, problems: Problems): Promise<FileContents> {
  return withSyntaxTree(source, (root) => {
    const items = root.isError ? [root] : topLevel(root);
    const broken = items.find(
      (item) => item.hasError && HEADER.test(source.text.slice(item.startIndex, item.endIndex)),
    );
    if (broken !== undefined) {
      problems.add(hclSyntaxError(broken, source));
      return NO_CONTENTS;
    }
    const blocks: IntegrationBlock[] = [];
    const providerIntegrations: ProviderIntegrationBlock[] = [];
    const hidden: TextRange[] = [];
    for (const item of items) {
      if (item.hasError || item.type !== "block") continue;
      const word = keyword(item, source);
      if (word === "terraform") {
        blocks.push(...terraformBlock(item, source, problems));
        hidden.push(
          ...integrationBlocks(item, source).map((inner) => ({ start: inner.startIndex, end: inner.endIndex })),
        );
      } else if (word === "provider") providerIntegrations.push(...providerBlock(item, source, problems));
      else if (word === "integration") problems.add(misplacedAtTop(item, source));
    }
    return { blocks, providerIntegrations, settings: [], hidden };
  });
}

function terraformBlock(block: Node, source: SourceText, problems: Problems): IntegrationBlock[] {
  const blocks: IntegrationBlock[] = [];
  for (const item of bodyOf(block)) {
    if (keyword(item, source) !== "integration") continue;
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

function integrationBlock(block: Node, source: SourceText, problems: Problems): IntegrationBlock {
  const label = nameLabel(block, source);
  return {
    source,
    offset: block.startIndex,
    name: nameOf(label, source),
    nameOffset: label.startIndex,
    arguments: argumentsOf(block, source, problems),
  };
}

function settingsBlock(
  block: Node,
  word: SettingsBlock["keyword"],
  source: SourceText,
  problems: Problems,
): SettingsBlock {
  const [label, ...more] = labels(block);
  if (more.length > 0) throw source.error("DECLARE_BAD_NAME", block.startIndex, `${word} has too many labels`);
  return {
    source,
    offset: block.startIndex,
    keyword: word,
    label: label === undefined ? null : nameOf(label, source),
    arguments: argumentsOf(block, source, problems),
  };
}

function argumentsOf(block: Node, source: SourceText, problems: Problems): BlockArgument[] {
  const args: BlockArgument[] = [];
  for (const item of bodyOf(block)) {
    pushDefined(
      args,
      problems.attempt(() => blockArgument(item, source)),
    );
  }
  return args;
}

function blockArgument(item: Node, source: SourceText): BlockArgument {
  const name = keyword(item, source);
  const [, expression] = parts(item);
  if (item.type !== "attribute" || expression === undefined) {
    throw misplacedBlock(item, name, source);
  }
  return { name, offset: item.startIndex, value: hclLiteral(expression, source) };
}

function misplacedInAirlockFile(item: Node, source: SourceText) {
  const name = keyword(item, source);
  const remedy =
    name === "terraform"
      ? "Write the integration blocks without terraform { } around them."
      : "Move it to a .tf file, or remove it.";
  const message = `airlock.hcl takes only integration, trust and registry blocks, not ${quote(name)}`;
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
