import {
  bool,
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
import {
  ISOLATIONS,
  MAX_MEMORY_BYTES,
  MAX_MESSAGE_BYTES,
  MAX_METADATA_BYTES,
  MAX_TIMEOUT_MS,
  ON_ERROR,
} from "./declaration.js";
import type { IntegrationDeclarationInput } from "./declaration.js";
import { parseDuration, parseSize } from "./quantity.js";

/** What the arguments of a block say, together. */
export type Settings = Partial<
  Omit<IntegrationDeclarationInput, "name" | "scope" | "provider" | "directory" | "location">
>;

/** Every argument of an `integration` block; docs/declarations.md describes them in this order. */
const ARGUMENTS = {
  source: (written) => ({ source: filledText(written) }),
  version: (written) => ({ version: filledText(written) }),
  unsigned: (written) => ({ unsigned: bool(written) }),
  config: (written) => ({ config: plainObject(written) }),
  timeout: (written) => ({ timeoutMs: duration(written) }),
  initialize_timeout: (written) => ({ initializeTimeoutMs: duration(written) }),
  memory: (written) => ({ memoryBytes: size(written, MAX_MEMORY_BYTES) }),
  message_size: (written) => ({ messageBytes: size(written, MAX_MESSAGE_BYTES) }),
  metadata_size: (written) => ({ metadataBytes: size(written, MAX_METADATA_BYTES) }),
  on_error: (written) => ({ onError: oneOf(written, ON_ERROR) }),
  hooks: (written) => ({ hooks: filledItems(written).map(hookName) }),
  resources: (written) => ({ resources: filledItems(written).map(filledText) }),
  after: (written) => ({ after: items(written).map(integrationName) }),
  grants: (written) => ({ grants: grants(written) }),
  isolation: (written) => ({ isolation: oneOf(written, ISOLATIONS) }),
} satisfies Readonly<Record<string, (written: Written) => Settings>>;
const READERS: ReadonlyMap<string, (written: Written) => Settings> = new Map(Object.entries(ARGUMENTS));

/** The names of all arguments, in the order of the reference. */
export const ARGUMENT_NAMES: readonly string[] = [...READERS.keys()];

/** What one argument says; its name is one of `ARGUMENT_NAMES`. Throws what the readers of its value throw. */
export function readArgument(written: Written): Settings {
  const { literal } = written;
  // As in core, null means the same as leaving the argument out.
  if (literal.kind === "scalar" && literal.value === null) return {};
  return READERS.get(written.argument)?.(written) ?? {};
}

function duration(written: Written): number {
  return quantity(written, '"5s"', parseDuration, MAX_TIMEOUT_MS);
}

function size(written: Written, max: number): number {
  return quantity(written, '"64MiB"', parseSize, max);
}
