import { providerNotice } from "./block.js";
import type { BlockArgument, FileContents, IntegrationBlock } from "./block.js";
import { parseJson } from "./json-text.js";
import { checkDepth, kindOf } from "./literal.js";
import type { Literal, LiteralEntry } from "./literal.js";
import type { Problems } from "./problems.js";
import type { SourceText } from "./source-text.js";
import { plainText } from "./template-text.js";

/** A property of this name is a comment, in every body (https://github.com/hashicorp/hcl/blob/main/json/spec.md). */
const COMMENT = "//";

/** Whether a JSON file can have an integration block at all; an escaped key is looked at to be sure. */
export function mentionsIntegrationKey(text: string): boolean {
  return text.includes('"integration"') || text.includes("\\u");
}

/**
 * Reads a `.tf.json` or `.tofu.json` file, as `readConfigurationFile` does its HCL form. A block type is a property, and
 * its value an object by label, or a list of such objects. Errors go to `problems`.
 */
export function readJsonFile(source: SourceText, problems: Problems): FileContents {
  const contents: { blocks: IntegrationBlock[]; notices: string[] } = { blocks: [], notices: [] };
  problems.attempt(() => {
    for (const entry of properties(parseJson(source))) {
      if (entry.key === "integration") problems.add(misplaced(entry, source));
      else if (entry.key === "terraform") contents.blocks.push(...terraformBlocks(entry.value, source, problems));
      else if (entry.key === "provider") contents.notices.push(...providerNotices(entry.value, source));
    }
  });
  return contents;
}

/** The properties of a body, which may be one object or several in a list; what is neither has none. */
function properties(body: Literal): readonly LiteralEntry[] {
  if (body.kind === "object") return body.entries;
  return body.kind === "list" ? body.items.flatMap((item) => (item.kind === "object" ? item.entries : [])) : [];
}

function terraformBlocks(body: Literal, source: SourceText, problems: Problems): IntegrationBlock[] {
  const blocks: IntegrationBlock[] = [];
  for (const entry of properties(body)) {
    if (entry.key !== "integration") continue;
    for (const byName of objects(entry.value, source, problems)) {
      for (const { key, offset, value } of byName) {
        if (key === COMMENT) continue;
        for (const entries of objects(value, source, problems)) {
          const args = entries.filter((argument) => argument.key !== COMMENT);
          const read = (argument: LiteralEntry) => problems.attempt(() => blockArgument(argument, source));
          const defined = args.map(read).filter((argument) => argument !== undefined);
          blocks.push({ source, offset, name: key, nameOffset: offset, arguments: defined });
        }
      }
    }
  }
  return blocks;
}

/** The properties of each object that stands for blocks; anything else is a problem. */
function objects(value: Literal, source: SourceText, problems: Problems): (readonly LiteralEntry[])[] {
  return (value.kind === "list" ? value.items : [value]).flatMap((item) => {
    if (item.kind === "object") return [item.entries];
    const remedy = 'Write: "integration": { "name": { … } }';
    const message = `an integration is an object by its name, not ${kindOf(item)}`;
    problems.add(source.error("DECLARE_BAD_VALUE", item.offset, message, { remedy }));
    return [];
  });
}

function blockArgument(argument: LiteralEntry, source: SourceText): BlockArgument {
  return { name: argument.key, offset: argument.offset, value: withoutTemplates(argument.value, source, 0) };
}

/** Strings and keys of values are templates in Terraform's JSON syntax, too. */
function withoutTemplates(literal: Literal, source: SourceText, depth: number): Literal {
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

function providerNotices(byProvider: Literal, source: SourceText): string[] {
  return properties(byProvider).flatMap((provider) =>
    properties(provider.value)
      .filter((entry) => entry.key === "integration")
      .flatMap((entry) => properties(entry.value))
      .map((integration) => providerNotice(source, integration.offset, integration.key, provider.key)),
  );
}

function misplaced(entry: LiteralEntry, source: SourceText) {
  return source.error("DECLARE_MISPLACED", entry.offset, "an integration block cannot stand at the top of this file", {
    remedy: 'Put it inside "terraform": { }, or into airlock.hcl.',
  });
}
