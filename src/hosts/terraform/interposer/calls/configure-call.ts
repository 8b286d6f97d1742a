import { AirlockError } from "../../../../protocol/airlock-error.js";
import { safeLine } from "../../../../base/neutralise.js";
import { collectMarked } from "../../../sensitive/marks.js";
import { redactValue } from "../../../sensitive/redact.js";
import { readConfigureRequest } from "../../tfplugin/calls.js";
import { diagnosticsSuffix } from "../../tfplugin/diagnostics.js";
import type { Diagnostic } from "../../tfplugin/diagnostics.js";
import { readPlanValue } from "../../tfplugin/plan-value.js";
import type { PlanValue } from "../../tfplugin/plan-value.js";
import { cutIntegrations } from "../../tfplugin/provider-config.js";
import type { CutIntegrations } from "../../tfplugin/provider-config.js";
import { refuse } from "../../tfplugin/refusals.js";
import type { CallHandler, RequestDecision } from "../../wire/call-handler.js";
import { toDiagnostics } from "../outcome-diagnostics.js";
import type { ProviderBlock } from "../provider-blocks.js";
import type { ProviderSession, Said } from "../session.js";
import { asRefusal } from "./refusal.js";

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

/**
 * `ConfigureProvider`: takes the integration blocks out, lets their guests in, and asks the gate before the real
 * provider gets its credentials.
 */
export class ConfigureCall implements CallHandler {
  readonly #session: ProviderSession;
  #warnings: readonly Diagnostic[] = [];

  constructor(session: ProviderSession) {
    this.#session = session;
  }

  async request(message: Uint8Array): Promise<RequestDecision> {
    const cut = cutIntegrations("configure", message);
    const { schema } = this.#session.provider;
    const { config } = readConfigureRequest(cut.request);
    const value = schema === null ? null : readPlanValue(config, schema.config);
    for (const step of [() => this.#join(cut, value), () => this.#gate(value)]) {
      const said = await step();
      if (said.blocked) return { answer: refuse("configure", message, asRefusal(said.diagnostics)) };
      this.#warnings = [...this.#warnings, ...said.diagnostics];
    }
    return { forward: cut.request };
  }

  response(message: Uint8Array): Uint8Array {
    return Buffer.concat([message, diagnosticsSuffix("configure", this.#warnings)]);
  }

  /** Brings the session its audience. */
  async #join(cut: CutIntegrations, config: PlanValue | null): Promise<Said> {
    const { run, provider } = this.#session;
    const settings = settingsOf(cut);
    if (settings === null) {
      return failure(
        `the settings of an integration under provider ${provider.source} are not known yet`,
        "A value there comes from what is only known after apply. Integrations judge before that: give it a value that is known while planning.",
      );
    }
    const blocks = run.providers.find(provider.source, [...settings.keys()], config?.value);
    const [block] = blocks;
    const aliases = new Set(blocks.map(({ alias }) => alias));
    this.#session.alias = aliases.size === 1 ? block?.alias : blocks.length === 0 ? null : undefined;
    return block === undefined || settings.size === 0 ? NOTHING_SAID : this.#enter(block, settings);
  }

  async #enter(block: ProviderBlock, settings: Settings): Promise<Said> {
    const { run } = this.#session;
    try {
      const { provider, broken } = await run.joined.join(block, settings);
      this.#session.audience = { project: true, provider };
      run.judge.keep(broken);
      return { blocked: broken.some(({ status }) => status === "error"), diagnostics: toDiagnostics(broken, null) };
    } catch (error) {
      if (!(error instanceof AirlockError)) throw error;
      const { location, message, remedy, code } = error as AirlockError;
      const place = location === undefined ? "" : ` (${location.file}:${location.line}:${location.column})`;
      const lines = [remedy, `(${code})`].filter((line) => line !== undefined);
      return failure(`${safeLine(message)}${place}`, lines.join("\n"));
    }
  }

  async #gate(config: PlanValue | null): Promise<Said> {
    const { run, provider, audience, alias } = this.#session;
    const hook = "pre-configure-provider";
    if (config === null || !run.judge.runtime.wants(hook, undefined, audience)) return NOTHING_SAID;
    collectMarked(config.value, config.sensitive, run.secrets);
    const { value, paths } = redactValue(config.value, config.sensitive, run.secrets);
    const params = {
      run: run.run,
      provider: { source: provider.source, alias: alias ?? null },
      config: value,
      sensitive: [...paths],
    };
    return this.#session.say(await run.judge.ask({ hook, params }, audience), hook, null);
  }
}
