import { readArgument } from "./arguments.js";
import type { Settings } from "./arguments.js";
import { providerKey } from "./block.js";
import type { IntegrationBlock, ProviderIntegration } from "./block.js";
import { completeDeclaration } from "./complete.js";
import type { IntegrationDeclaration, IntegrationDeclarationInput } from "./declaration.js";
import { valueLiteral } from "./literal-of-value.js";
import { checkArgumentName, checkName } from "./names.js";
import { Problems } from "./problems.js";
import { FixedPlace } from "./source-text.js";

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
  const isNamed = problems.attempt(() => {
    checkName(name, block.nameOffset, source);
    return true;
  });
  if (isNamed === undefined) return undefined;
  let settings: Settings = {};
  const seen = new Set<string>();
  for (const argument of block.arguments) {
    const read = problems.attempt(() => {
      checkArgumentName(argument.name, argument.offset, source, seen);
      return readArgument({ argument: argument.name, literal: argument.value, source });
    });
    settings = { ...settings, ...read };
  }
  return { ...settings, name, scope: "project", directory, location: source.locate(block.offset) };
}

/**
 * The declaration that an integration under a provider is, from the values that core gave its arguments: plain values
 * as of JSON (and bigint), null or undefined for an argument that is not set. `directory` is the folder that a relative
 * source starts from. The checks are those of an integration in a `terraform` block, all at the block's place.
 * Throws a `DeclareError`: the first fault, with the others in its `others`.
 */
export function interpretProviderIntegration(
  integration: ProviderIntegration,
  values: Readonly<Record<string, unknown>>,
  directory: string,
): IntegrationDeclaration {
  const { name, location } = integration;
  const place = new FixedPlace(location, name);
  const problems = new Problems();
  let settings: Settings = {};
  problems.attempt(() => {
    checkName(name, 0, place);
  });
  for (const [argument, value] of Object.entries(values)) {
    const read = problems.attempt(() => {
      checkArgumentName(argument, 0, place, new Set());
      return value === undefined
        ? {}
        : readArgument({ argument, literal: valueLiteral(value, argument, place), source: place });
    });
    settings = { ...settings, ...read };
  }
  problems.throwIfAny();
  const provider = providerKey(integration);
  return completeDeclaration({ ...settings, name, scope: "provider", provider, directory, location });
}
