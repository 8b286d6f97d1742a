import { safeLine } from "../../../../base/neutralise.js";
import { AirlockError } from "../../../../protocol/airlock-error.js";
import { resultError } from "../../../../runtime/result.js";
import type { PlanValue } from "../../tfplugin/plan-value.js";
import { cutIntegrations } from "../../tfplugin/provider-config.js";
import type { CutIntegrations, ProviderConfigMethod } from "../../tfplugin/provider-config.js";
import { toDiagnostics } from "../outcome-diagnostics.js";
import type { ProviderBlock } from "../provider-blocks.js";
import type { ProviderSession, Said } from "../session.js";

const NOTHING_SAID: Said = { blocked: false, diagnostics: [] };

type Settings = Map<string, Readonly<Record<string, unknown>>>;

function failure(summary: string, detail: string): Said {
  return { blocked: true, diagnostics: [{ severity: "error", summary, detail, path: null }] };
}

function entriesOf(value: unknown): [string, unknown][] {
  return typeof value === "object" && value !== null ? Object.entries(value) : [];
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** Integrations that core has under a provider, but no block that we read: without them nothing may go on. */
export function undeclared(source: string, names: readonly string[]): Said {
  const known = names.map((name) => safeLine(name, 100)).join(", ");
  return failure(
    `integrations under provider ${source} do not stand in one of its blocks as core has them`,
    `Core has ${known === "" ? "some that it does not know yet" : known}. Write them as \`integration\` blocks of one provider block of the root module: not in a \`dynamic\` block, and not partly in an override file.`,
  );
}

/** The settings of each integration; null when something of them is not known yet. */
function settingsOf({ integrations }: CutIntegrations): Settings | null {
  if (integrations === null) return new Map();
  const unknown = new Map(entriesOf(integrations.unknown));
  if (integrations.unknown === true || [...unknown.values()].some(holdsTrue)) return null;
  return new Map(entriesOf(integrations.value).map(([name, value]) => [name, isRecord(value) ? value : {}]));
}

function holdsTrue(unknown: unknown): boolean {
  return (
    unknown === true || (typeof unknown === "object" && unknown !== null && Object.values(unknown).some(holdsTrue))
  );
}

/** Cuts out the blocks that our schema made legal; a provider without any keeps what it calls `integration` itself. */
export function cutOurs({ run, provider }: ProviderSession, method: ProviderConfigMethod, request: Uint8Array) {
  if (run.providers.hasIntegrations(provider.source)) return cutIntegrations(method, request);
  return { integrations: null, request, cut: null } as const satisfies CutIntegrations;
}

/** Whether all settings of a configuration's integrations are known: while core only validates, variables are not. */
export function areKnown(cut: CutIntegrations): boolean {
  return settingsOf(cut) !== null;
}

/**
 * Lets the integrations of a provider configuration take part, with the settings that core gave, and brings the session
 * its audience. `config` is the configuration without them.
 */
export async function enter(session: ProviderSession, cut: CutIntegrations, config: PlanValue | null): Promise<Said> {
  const { run, provider } = session;
  const settings = settingsOf(cut);
  if (settings === null) {
    return failure(
      `the settings of an integration under provider ${provider.source} are not known yet`,
      "A value there comes from what is only known after apply. Integrations judge before that: give it a value that is known while planning.",
    );
  }
  const blocks = run.providers.find(provider.source, [...settings.keys()], config?.value);
  const aliases = new Set(blocks.map(({ alias }) => alias));
  session.alias = aliases.size === 1 ? blocks[0]?.alias : blocks.length === 0 ? null : undefined;
  const block = settings.size === 0 ? undefined : run.claims.take(blocks);
  if (block !== undefined) return join(session, block, settings);
  return settings.size === 0 ? NOTHING_SAID : undeclared(provider.source, [...settings.keys()]);
}

async function join(session: ProviderSession, block: ProviderBlock, settings: Settings): Promise<Said> {
  const { run } = session;
  try {
    const { provider, broken } = await run.joined.join(block, settings);
    session.audience = { project: true, provider };
    run.judge.keep(broken);
    return { blocked: broken.some(({ status }) => status === "error"), diagnostics: toDiagnostics(broken, null) };
  } catch (error) {
    if (!(error instanceof AirlockError)) throw error;
    return explained(session, block, error as AirlockError);
  }
}

/** An error of ours about a declaration: it breaks the run, and core is to print it. */
export function explained(session: ProviderSession, block: ProviderBlock, cause: AirlockError): Said {
  const { location, message, remedy, code } = cause;
  session.run.judge.keep([
    {
      integration: cause.integration ?? block.integrations[0]?.name ?? "",
      provider: block.key,
      hook: "initialize",
      address: null,
      status: "error",
      message,
      findings: [],
      metadata: undefined,
      error: resultError(cause),
    },
  ]);
  const place = location === undefined ? "" : ` (${location.file}:${location.line}:${location.column})`;
  const lines = [remedy, `(${code})`].filter((line) => line !== undefined);
  return failure(`${safeLine(message)}${place}`, lines.join("\n"));
}
