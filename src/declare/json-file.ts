import { NO_CONTENTS } from "./block.js";
import type {
  BlockArgument,
  FileContents,
  IntegrationBlock,
  ProviderArgument,
  ProviderIntegrationBlock,
} from "./block.js";
import { withoutTemplates } from "./json-literal.js";
import { memberRanges } from "./json-members.js";
import { parseJson } from "./json-text.js";
import { kindOf, literalOrNull } from "./literal.js";
import type { Literal, LiteralEntry } from "./literal.js";
import type { Problems } from "./problems.js";
import { ProviderBlock } from "./provider-block.js";
import { ORIGIN_ARGUMENTS } from "./provider-origin.js";
import type { SourceText } from "./source-text.js";

/** A property of this name is a comment, in every body (https://github.com/hashicorp/hcl/blob/main/json/spec.md). */
export const COMMENT = "//";
const INTEGRATION = "integration";

/** Whether a JSON file can have an integration block at all; an escaped key is looked at to be sure. */
export function mentionsIntegrationKey(text: string): boolean {
  return text.includes('"integration"') || text.includes("\\u");
}

/**
 * Reads a `.tf.json` or `.tofu.json` file, as `readConfigurationFile` does its HCL form. A block type is a property, and
 * its value an object by label, or a list of such objects. Errors go to `problems`.
 */
export function readJsonFile(source: SourceText, problems: Problems): FileContents {
  return (
    problems.attempt(() => {
      const top = properties(parseJson(source));
      for (const entry of top) if (entry.key === INTEGRATION) problems.add(misplaced(entry, source));
      const bodies = (word: string) => top.filter(({ key }) => key === word).map(({ value }) => value);
      const members = bodies("terraform")
        .flatMap(properties)
        .filter(({ key }) => key === INTEGRATION);
      return {
        blocks: terraformBlocks(members, source, problems),
        providerIntegrations: bodies("provider").flatMap((body) => providerIntegrations(body, source, problems)),
        settings: [],
        hidden: memberRanges(members, source.text),
      };
    }) ?? NO_CONTENTS
  );
}

/** The properties of a body, which may be one object or several in a list; what is neither has none. */
function properties(body: Literal): readonly LiteralEntry[] {
  if (body.kind === "object") return body.entries;
  return body.kind === "list" ? body.items.flatMap((item) => (item.kind === "object" ? item.entries : [])) : [];
}

/** An integration as found under its name, comments left out. */
interface JsonIntegration {
  readonly name: string;
  readonly offset: number;
  readonly arguments: readonly LiteralEntry[];
}

/** The integrations of the property `integration` of a body. */
function integrations(value: Literal, source: SourceText, problems: Problems): JsonIntegration[] {
  const named = objects(value, source, problems).flat().filter(isNoComment);
  return named.flatMap(({ key, offset, value: body }) =>
    objects(body, source, problems).map((entries) => ({ name: key, offset, arguments: entries.filter(isNoComment) })),
  );
}

function isNoComment({ key }: LiteralEntry): boolean {
  return key !== COMMENT;
}

function terraformBlocks(members: readonly LiteralEntry[], source: SourceText, problems: Problems): IntegrationBlock[] {
  const found = members.flatMap(({ value }) => integrations(value, source, problems));
  return found.map(({ name, offset, arguments: entries }) => {
    const read = (argument: LiteralEntry) => problems.attempt(() => blockArgument(argument, source));
    const defined = entries.map(read).filter((argument) => argument !== undefined);
    return { source, offset, name, nameOffset: offset, arguments: defined };
  });
}

/** A value is one `provider` block, or several in a list. */
function providerIntegrations(byProvider: Literal, source: SourceText, problems: Problems): ProviderIntegrationBlock[] {
  return properties(byProvider).flatMap(({ key, value }) =>
    (value.kind === "list" ? value.items : [value]).flatMap((body) => {
      const members = properties(body);
      const provider = new ProviderBlock(key, aliasOf(members), source, problems);
      for (const member of members.filter((entry) => entry.key === INTEGRATION)) {
        for (const { name, offset, arguments: args } of integrations(member.value, source, problems)) {
          problems.attempt(() => {
            provider.add({
              name,
              nameOffset: offset,
              offset,
              arguments: args.map((one) => providerArgument(one, source)),
            });
          });
        }
      }
      return provider.integrations;
    }),
  );
}

/** Whatever is no literal is core's to evaluate. */
function providerArgument({ key, offset, value }: LiteralEntry, source: SourceText): ProviderArgument {
  const isNeeded = ORIGIN_ARGUMENTS.includes(key);
  return { name: key, offset, value: isNeeded ? literalOrNull(() => withoutTemplates(value, source)) : null };
}

function aliasOf(members: readonly LiteralEntry[]): string | null {
  const alias = members.find(({ key }) => key === "alias")?.value;
  return alias?.kind === "scalar" && typeof alias.value === "string" ? alias.value : null;
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
  return { name: argument.key, offset: argument.offset, value: withoutTemplates(argument.value, source) };
}

function misplaced(entry: LiteralEntry, source: SourceText) {
  return source.error("DECLARE_MISPLACED", entry.offset, "an integration block cannot stand at the top of this file", {
    remedy: 'Put it inside "terraform": { }, or into airlock.hcl.',
  });
}
