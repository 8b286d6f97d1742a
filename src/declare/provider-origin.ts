import * as v from "valibot";
import { GrantsSchema } from "../protocol/grants.js";
import { readArgument } from "./arguments.js";
import type { Settings } from "./arguments.js";
import { badValue } from "./argument-values.js";
import type { ProviderArgument, ProviderIntegration, ProviderIntegrationBlock, ProviderOrigin } from "./block.js";
import { isRemoteSource, readOrigin } from "./origin.js";
import type { Problems } from "./problems.js";

/** The arguments that must be known before core evaluates anything, where the source is on another machine. */
export const ORIGIN_ARGUMENTS: readonly string[] = ["source", "version", "unsigned", "grants"];

/**
 * An integration under a provider, with what is to be installed for it. Faults of a remote source's arguments go to
 * `problems`; all else of its values is looked at when core has evaluated them.
 */
export function placeProviderIntegration(
  { source, arguments: args, ...named }: ProviderIntegrationBlock,
  defaultHost: string | undefined,
  problems: Problems,
): ProviderIntegration {
  const integration = { ...named, ...(defaultHost !== undefined && { defaultHost }) };
  const written = args.find(({ name }) => name === "source")?.value;
  const text = written?.kind === "scalar" && typeof written.value === "string" ? written.value : undefined;
  if (text === undefined || !isRemoteSource(text, defaultHost)) return integration;
  const remote = problems.attempt(() => {
    let settings: Settings = {};
    for (const argument of args) {
      if (!ORIGIN_ARGUMENTS.includes(argument.name)) continue;
      settings = { ...settings, ...readArgument({ argument: argument.name, literal: known(argument), source }) };
    }
    const origin = readOrigin(settings, defaultHost);
    const { fault } = origin;
    const at = args.find(({ name }) => name === fault?.argument);
    if (fault !== undefined && at !== undefined) {
      throw badValue({ argument: at.name, literal: known(at), source }, fault.message, fault.remedy);
    }
    const { version, unsigned = false, grants = {} } = settings;
    return {
      source: origin.source ?? text,
      unsigned,
      grants: v.parse(GrantsSchema, grants),
      ...(version !== undefined && { version }),
    } satisfies ProviderOrigin;
  });
  return remote === undefined ? integration : { ...integration, remote };

  function known({ name, offset, value }: ProviderArgument) {
    if (value !== null) return value;
    const message = `${name}: an expression, where what is installed depends on the value`;
    throw source.error("DECLARE_NOT_LITERAL", offset, message, {
      integration: named.name,
      remedy: `With a source on another machine, ${ORIGIN_ARGUMENTS.join(", ")} are literals.`,
    });
  }
}
