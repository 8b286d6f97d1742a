import { DATA_HOOKS, RESOURCE_HOOKS } from "../../../protocol/hooks.js";
import { parseSource } from "../providers/source-address.js";
import type { StageRun } from "./run.js";

/** The providers that core will ask at least for their schema: those that configuration or state speak of. */
export function neededOf({ project, held }: StageRun, sources: readonly string[]): readonly string[] {
  const { configuration, identity } = project;
  const required = [...configuration.requiredProviders].map((source) => parseSource(source, identity.name).text);
  const needed = new Set([...required, ...held.map(([source]) => source)]);
  return sources.filter((source) => needed.has(source));
}

/**
 * The providers that some integration's hooks or scope can touch, of those that core will use. No other is stood in
 * front of.
 */
export function reachOf({ project, judge, held }: StageRun, sources: readonly string[]): readonly string[] {
  const { configuration, providers, identity } = project;
  const { runtime } = judge;
  const hooks = [...RESOURCE_HOOKS, ...DATA_HOOKS].filter((hook) => runtime.wants(hook));
  const ofConfiguration = configuration.resources.map(
    ({ provider, type }) => [parseSource(provider.source, identity.name).text, type] as const,
  );
  const types = [...ofConfiguration, ...held];
  return sources.filter((source) => {
    if (providers.hasIntegrations(source) || runtime.wants("pre-configure-provider")) return true;
    const own = new Set(types.filter(([one]) => one === source).map(([, type]) => type));
    // Of what could not be read whole, nothing can be ruled out.
    if (configuration.incomplete) return hooks.length > 0;
    return [...own].some((type) => hooks.some((hook) => runtime.wants(hook, type)));
  });
}
