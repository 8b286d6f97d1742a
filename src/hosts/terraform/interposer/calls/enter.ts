import { safeLine, safeLines } from "../../../../base/neutralise.js";
import { DeclareError } from "../../../../declare/declare-error.js";
import { AirlockError } from "../../../../protocol/airlock-error.js";
import { resultError } from "../../../../runtime/result.js";
import type { Step } from "../../tfplugin/diagnostics.js";
import type { PlanValue } from "../../tfplugin/plan-value.js";
import { cutIntegrations } from "../../tfplugin/provider-config.js";
import type { CutIntegrations, ProviderConfigMethod } from "../../tfplugin/provider-config.js";
import { toDiagnostics } from "../outcome-diagnostics.js";
import type { ProviderBlock } from "../provider-blocks.js";
import type { ProviderSession, Said, Settings } from "../session.js";

/** The name of the blocks that our schema made legal. */
const BLOCK = "integration";
const NOTHING_SAID: Said = { blocked: false, diagnostics: [] };

function failure(summary: string, detail: string, path: readonly Step[] | null = null): Said {
  return { blocked: true, diagnostics: [{ severity: "error", summary, detail, path }] };
}

/**
 * Where a setting stands, for core to find its line: the argument that an error is about, or else the block itself,
 * which core takes for the place of an argument that is missing there.
 */
function placeOf(integration: string, { code, message }: { readonly code: string; readonly message: string }): Step[] {
  const argument = code.startsWith("PACKAGE_") ? "source" : (/^(\w+): /.exec(message)?.[1] ?? BLOCK);
  return [{ attribute: BLOCK }, { key: integration }, { attribute: argument }];
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
  if (settings === null) return notKnown(session, cut, config);
  const blocks = run.providers.find(provider.source, [...settings.keys()], config?.value);
  const aliases = new Set(blocks.map(({ alias }) => alias));
  session.alias = aliases.size === 1 ? blocks[0]?.alias : blocks.length === 0 ? null : undefined;
  if (blocks.length > 1) session.inDoubt = { blocks, settings };
  const block = settings.size === 0 ? undefined : run.claims.take(blocks);
  if (block !== undefined) return join(session, block, settings);
  return settings.size === 0 ? NOTHING_SAID : undeclared(provider.source, [...settings.keys()]);
}

/** A provider can be configured before everything is known, an integration cannot. */
function notKnown(session: ProviderSession, { integrations }: CutIntegrations, config: PlanValue | null): Said {
  const { run, provider } = session;
  const names = entriesOf(integrations?.value).map(([name]) => name);
  const [block] = run.providers.find(provider.source, names, config?.value);
  if (block === undefined) return undeclared(provider.source, names);
  const [unknown] = entriesOf(integrations?.unknown).find(([, part]) => holdsTrue(part)) ?? [];
  const one = block.integrations.find(({ name }) => name === unknown) ?? block.integrations[0];
  const message = "a value of its settings is known only after apply, and it judges before that";
  const error = new DeclareError("DECLARE_NOT_KNOWN", message, {
    remedy: "Give it values that are known while planning.",
    ...(one !== undefined && { integration: one.name, location: one.location }),
  });
  return explained(session, block, error);
}

async function join(session: ProviderSession, block: ProviderBlock, settings: Settings): Promise<Said> {
  const { run } = session;
  try {
    const { provider, broken } = await run.joined.join(block, settings);
    session.audience = { project: true, provider };
    run.judge.keep(broken);
    const diagnostics = broken.flatMap((result) => {
      const path = result.error === null ? null : placeOf(result.integration, result.error);
      return toDiagnostics([result], null).map((diagnostic) => ({ ...diagnostic, path }));
    });
    return { blocked: broken.some(({ status }) => status === "error"), diagnostics };
  } catch (error) {
    if (!(error instanceof AirlockError)) throw error;
    return explained(session, block, error as AirlockError);
  }
}

/** An error of ours about a declaration: it breaks the run, and core is to print it. */
export function explained(session: ProviderSession, block: ProviderBlock, cause: AirlockError): Said {
  const { message, remedy, code } = cause;
  const integration = cause.integration ?? block.integrations[0]?.name ?? "";
  session.run.judge.keep([
    {
      integration,
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
  const lines = [...(remedy === undefined ? [] : safeLines(remedy)), `(${code})`];
  const summary = `${safeLine(integration)} (provider ${safeLine(block.key)}): ${safeLine(message)}`;
  return failure(summary, lines.join("\n"), placeOf(integration, cause));
}
