import { collectMarked } from "../../../sensitive/marks.js";
import { redactValue } from "../../../sensitive/redact.js";
import { readConfigureRequest } from "../../tfplugin/calls.js";
import { diagnosticsSuffix } from "../../tfplugin/diagnostics.js";
import type { Diagnostic } from "../../tfplugin/diagnostics.js";
import { readPlanValue } from "../../tfplugin/plan-value.js";
import type { PlanValue } from "../../tfplugin/plan-value.js";
import { refuse } from "../../tfplugin/refusals.js";
import type { CallHandler, RequestDecision } from "../../wire/call-handler.js";
import type { ProviderSession, Said } from "../session.js";
import { cutOurs, enter } from "./enter.js";
import { asRefusal } from "./refusal.js";

const NOTHING_SAID: Said = { blocked: false, diagnostics: [] };

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
    const cut = cutOurs(this.#session, "configure", message);
    const { schema, source } = this.#session.provider;
    // Core asks for it first: there is none only where it could not be read, and then no gate could look either.
    if (schema === null) throw new Error(`the schema of ${source} is not understood`);
    const { config } = readConfigureRequest(cut.request);
    const value = readPlanValue(config, schema.config);
    // Whoever listens: a copy of a credential can stand in what others are told.
    collectMarked(value.value, value.sensitive, this.#session.run.secrets);
    for (const step of [() => enter(this.#session, cut, value), () => this.#gate(value)]) {
      const said = await step();
      if (said.blocked) return { answer: refuse("configure", message, asRefusal(said.diagnostics)) };
      this.#warnings = [...this.#warnings, ...said.diagnostics];
    }
    return { forward: cut.request };
  }

  response(message: Uint8Array): Uint8Array {
    return Buffer.concat([message, diagnosticsSuffix("configure", this.#warnings)]);
  }

  async #gate(config: PlanValue): Promise<Said> {
    const { run, provider, audience, alias } = this.#session;
    const hook = "pre-configure-provider";
    if (!run.judge.runtime.wants(hook, undefined, audience)) return NOTHING_SAID;
    const object = JSON.stringify([provider.source, alias ?? null]);
    const { value, paths } = redactValue(config.value, config.sensitive, run.secrets, object);
    const params = {
      run: run.run,
      provider: { source: provider.source, alias: alias ?? null },
      config: value,
      sensitive: [...paths],
    };
    return this.#session.say(await run.judge.ask({ hook, params }, audience), hook, null);
  }
}
