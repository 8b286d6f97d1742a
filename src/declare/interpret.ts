import { remedyForUnknown } from "../base/nearest.js";
import { quote } from "../base/quote.js";
import {
  badValue,
  filledItems,
  filledText,
  grants,
  hookName,
  integrationName,
  items,
  oneOf,
  plainObject,
  quantity,
} from "./argument-values.js";
import type { Written } from "./argument-values.js";
import type { BlockArgument, IntegrationBlock } from "./block.js";
import { MAX_MEMORY_BYTES, MAX_MESSAGE_BYTES, MAX_TIMEOUT_MS, NAME_PATTERN, ON_ERROR } from "./declaration.js";
import type { IntegrationDeclarationInput } from "./declaration.js";
import type { Problems } from "./problems.js";
import { parseDuration, parseSize } from "./quantity.js";
import type { SourceText } from "./source-text.js";

type Settings = Partial<Omit<IntegrationDeclarationInput, "name" | "scope" | "provider" | "directory" | "location">>;

/** Every argument of an `integration` block; docs/declarations.md describes them in this order. */
const ARGUMENTS = {
  source: (written) => ({ source: filledText(written) }),
  version: (written) => {
    throw badValue(written, "versions apply to registry sources, this source is local", "Remove the argument.");
  },
  config: (written) => ({ config: plainObject(written) }),
  timeout: (written) => ({ timeoutMs: duration(written) }),
  initialize_timeout: (written) => ({ initializeTimeoutMs: duration(written) }),
  memory: (written) => ({ memoryBytes: size(written, MAX_MEMORY_BYTES) }),
  message_size: (written) => ({ messageBytes: size(written, MAX_MESSAGE_BYTES) }),
  on_error: (written) => ({ onError: oneOf(written, ON_ERROR) }),
  hooks: (written) => ({ hooks: filledItems(written).map(hookName) }),
  resources: (written) => ({ resources: filledItems(written).map(filledText) }),
  after: (written) => ({ after: items(written).map(integrationName) }),
  grants: (written) => ({ grants: grants(written) }),
} satisfies Readonly<Record<string, (written: Written) => Settings>>;
const READERS: ReadonlyMap<string, (written: Written) => Settings> = new Map(Object.entries(ARGUMENTS));

/** The names of all arguments, in the order of the reference. */
export const ARGUMENT_NAMES: readonly string[] = [...READERS.keys()];

/**
 * What a block means. Its faults go to `problems`; what is faulty is missing from the answer, which is undefined when
 * the block has no valid name. `directory` is the folder that a relative source starts from.
 */
export function interpretBlock(
  block: IntegrationBlock,
  directory: string,
  problems: Problems,
): IntegrationDeclarationInput | undefined {
  const { source, name } = block;
  if (!NAME_PATTERN.test(name)) {
    const message = `${quote(name)} is no name for an integration`;
    const remedy = "A name has letters, digits, _ and -, starts with a letter or _, and is 64 long at most.";
    problems.add(source.error("DECLARE_BAD_NAME", block.nameOffset, message, { remedy }));
    return undefined;
  }
  let settings: Settings = {};
  const seen = new Set<string>();
  for (const argument of block.arguments) {
    settings = { ...settings, ...problems.attempt(() => interpretArgument(argument, source, seen)) };
  }
  return { ...settings, name, scope: "project", directory, location: source.locate(block.offset) };
}

function interpretArgument(argument: BlockArgument, source: SourceText, seen: Set<string>): Settings {
  const { name, offset, value } = argument;
  const read = READERS.get(name);
  if (read === undefined) {
    const remedy = remedyForUnknown(name, ARGUMENT_NAMES);
    throw source.error("DECLARE_UNKNOWN_ARGUMENT", offset, `there is no argument ${quote(name)}`, { remedy });
  }
  if (seen.has(name)) {
    throw source.error("DECLARE_DUPLICATE_ARGUMENT", offset, `the argument ${quote(name)} is here twice`, {
      remedy: "Keep one of them.",
    });
  }
  seen.add(name);
  // As in core, null means the same as leaving the argument out.
  if (value.kind === "scalar" && value.value === null) return {};
  return read({ argument: name, literal: value, source });
}

function duration(written: Written): number {
  return quantity(written, '"5s"', parseDuration, MAX_TIMEOUT_MS);
}

function size(written: Written, max: number): number {
  return quantity(written, '"64MiB"', parseSize, max);
}
