import { badValue } from "./argument-values.js";
import { readArgument } from "./arguments.js";
import type { Settings } from "./arguments.js";
import { providerKey } from "./block.js";
import type { IntegrationBlock, ProviderIntegration } from "./block.js";
import { completeDeclaration } from "./complete.js";
import type { IntegrationDeclaration, IntegrationDeclarationInput } from "./declaration.js";
import { valueLiteral } from "./literal-of-value.js";
import { checkArgumentName, checkName } from "./names.js";
import { readOrigin } from "./origin.js";
import { Problems } from "./problems.js";
import { FixedPlace } from "./source-text.js";

/**
 * What a block means. Its faults go to `problems`; what is faulty is missing from the answer, which is undefined when
 * the block has no valid name. `directory` is the folder that a relative source starts from, `defaultHost` the
 * registry of sources without a host.
 */
export function interpretBlock(
  block: IntegrationBlock,
  directory: string,
  problems: Problems,
  defaultHost?: string,
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
  const { source: from, fault } = readOrigin(settings, defaultHost);
  const at = block.arguments.find((argument) => argument.name === fault?.argument);
  if (fault !== undefined && at !== undefined) {
    problems.add(badValue({ argument: at.name, literal: at.value, source }, fault.message, fault.remedy));
  }
  const location = source.locate(block.offset);
  return { ...settings, ...(from !== undefined && { source: from }), name, scope: "project", directory, location };
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
  const { source, fault } = readOrigin(settings, integration.defaultHost);
  if (fault !== undefined) {
    const written = {
      argument: fault.argument,
      literal: { kind: "scalar", offset: 0, value: "" },
      source: place,
    } as const;
    problems.add(badValue(written, fault.message, fault.remedy));
  }
  problems.throwIfAny();
  const provider = providerKey(integration);
  const from = source === undefined ? {} : { source };
  return completeDeclaration({ ...settings, ...from, name, scope: "provider", provider, directory, location });
}
