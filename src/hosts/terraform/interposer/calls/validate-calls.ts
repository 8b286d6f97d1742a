import { readConfigOfProvider, readConfigRequest } from "../../tfplugin/calls.js";
import { diagnosticsSuffix } from "../../tfplugin/diagnostics.js";
import type { Diagnostic } from "../../tfplugin/diagnostics.js";
import { readPlanValue } from "../../tfplugin/plan-value.js";
import { restoreIntegrations } from "../../tfplugin/provider-config.js";
import type { CutIntegrations } from "../../tfplugin/provider-config.js";
import { refuse } from "../../tfplugin/refusals.js";
import type { CallHandler, RequestDecision } from "../../wire/call-handler.js";
import type { ProviderSession } from "../session.js";
import { learnSecrets } from "../schema-secrets.js";
import { areKnown, cutOurs, enter } from "./enter.js";
import { precheck } from "./precheck.js";
import { asRefusal } from "./refusal.js";

/**
 * `ValidateProviderConfig`: the real provider sees its configuration without integration blocks; core gets them back.
 * While core validates for the sake of it, guests whose settings are known are started, so that what is wrong with them
 * shows early.
 */
export function validateProviderCall(session: ProviderSession): CallHandler {
  const { run, provider } = session;
  let cut: CutIntegrations | null = null;
  let warnings: readonly Diagnostic[] = [];
  return {
    async request(message) {
      cut = cutOurs(session, "validateProvider", message);
      const isValidated = run.phase === "validate" || run.phase === "init";
      if (!isValidated || provider.schema === null) return { forward: cut.request };
      const { config } = readConfigOfProvider(cut.request);
      learnSecrets(config, provider.schema.config, run.secrets);
      const said = areKnown(cut)
        ? await enter(session, cut, readPlanValue(config, provider.schema.config))
        : await precheck(session, cut);
      // `init` asks core unseen, so what core would print is lost there.
      run.unshown(said.diagnostics, "");
      if (said.blocked) return { answer: refuse("validateProvider", message, asRefusal(said.diagnostics)) };
      warnings = said.diagnostics;
      return { forward: cut.request };
    },
    response(message) {
      const restored = cut === null ? message : restoreIntegrations(message, cut);
      return Buffer.concat([restored, diagnosticsSuffix("validateProvider", warnings)]);
    },
  };
}

/** `ValidateResourceConfig`, while `validate` runs: core asks for each block of the configuration, not for instances. */
export class ValidateResourceCall implements CallHandler {
  readonly #session: ProviderSession;
  #warnings: readonly Diagnostic[] = [];

  constructor(session: ProviderSession) {
    this.#session = session;
  }

  async request(message: Uint8Array): Promise<RequestDecision> {
    const { typeName, config } = readConfigRequest(message);
    const { run, provider, alias } = this.#session;
    const hook = "validate-resource";
    if (!this.#session.wants(hook, typeName)) return { forward: message };
    const block = this.#session.blockOf("managed", typeName);
    const value = readPlanValue(config, block);
    const located = run.book.ofConfig("managed", typeName, value.value);
    const said = await this.#session.ask(
      hook,
      {
        mode: "managed",
        type: typeName,
        source: provider.source,
        located,
        alias,
        action: "no-op",
        before: null,
        after: null,
        config: value,
        block,
        attached: null,
        marked: { before: [], after: [] },
      },
      null,
    );
    if (said.blocked) return { answer: refuse("validateResource", message, asRefusal(said.diagnostics)) };
    this.#warnings = said.diagnostics;
    return { forward: message };
  }

  response(message: Uint8Array): Uint8Array {
    return Buffer.concat([message, diagnosticsSuffix("validateResource", this.#warnings)]);
  }
}
