import type { ProviderIntegration } from "../../../../declare/block.js";
import { interpretProviderIntegration } from "../../../../declare/interpret.js";
import { InstalledPackages } from "../../../../install/installed.js";
import { AirlockError } from "../../../../protocol/airlock-error.js";
import { DEFAULT_LIMITS } from "../../../../protocol/limits.js";
import type { CutIntegrations } from "../../tfplugin/provider-config.js";
import type { ProviderSession, Said } from "../session.js";
import { explained, undeclared } from "./enter.js";

function partsOf(value: unknown): Map<string, unknown> {
  return new Map(typeof value === "object" && value !== null ? Object.entries(value) : []);
}

/** What of an integration's settings is known already. */
function knownSettings(value: unknown, unknown: unknown): Record<string, unknown> {
  const marks = partsOf(unknown);
  return Object.fromEntries([...partsOf(value)].filter(([name]) => !marks.has(name)));
}

async function check(one: ProviderIntegration, settings: Record<string, unknown>, session: ProviderSession) {
  const { directory, environment } = session.run;
  const declaration = interpretProviderIntegration(one, settings, directory);
  const { moduleBytes } = DEFAULT_LIMITS;
  await new InstalledPackages({ moduleBytes, environment }).find(declaration);
}

/**
 * Looks at integrations whose settings are known only in part, because core validates without values of variables: they
 * cannot start yet, but what is wrong with the rest of their settings, or with their package, shows.
 */
export async function precheck(session: ProviderSession, cut: CutIntegrations): Promise<Said> {
  const values = partsOf(cut.integrations?.value);
  const unknown = partsOf(cut.integrations?.unknown);
  const names = [...values.keys()];
  const [block] = session.run.providers.find(session.provider.source, names, null);
  if (block === undefined) return undeclared(session.provider.source, names);
  for (const one of block.integrations) {
    const settings = knownSettings(values.get(one.name), unknown.get(one.name));
    if (unknown.get(one.name) === true || (partsOf(unknown.get(one.name)).has("source") && !("source" in settings)))
      continue;
    try {
      await check(one, settings, session);
    } catch (error) {
      if (!(error instanceof AirlockError)) throw error;
      return explained(session, block, error as AirlockError);
    }
  }
  return { blocked: false, diagnostics: [] };
}
