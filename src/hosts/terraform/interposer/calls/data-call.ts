import type { Located } from "../../records/address-book.js";
import { readConfigRequest, readReadDataResponse } from "../../tfplugin/calls.js";
import type { ConfigRequest } from "../../tfplugin/calls.js";
import { diagnosticsSuffix, hasErrors } from "../../tfplugin/diagnostics.js";
import { isNullValue, readPlanValue } from "../../tfplugin/plan-value.js";
import type { PlanValue } from "../../tfplugin/plan-value.js";
import { refuse } from "../../tfplugin/refusals.js";
import type { CallHandler, RequestDecision } from "../../wire/call-handler.js";
import type { ProviderSession } from "../session.js";
import type { Subject } from "../subject.js";
import { asRefusal } from "./refusal.js";

/** `ReadDataSource`: a gate before the provider reads anything, and what it read. */
export class DataCall implements CallHandler {
  readonly #session: ProviderSession;
  #typeName: string | null = null;
  #request: ConfigRequest | null = null;
  #config: PlanValue | null = null;
  /** By it results get their address, once a state has what was read. */
  #id: string | null = null;
  #located: Located | null = null;
  #warnings: Uint8Array = new Uint8Array(0);

  constructor(session: ProviderSession) {
    this.#session = session;
  }

  async request(message: Uint8Array): Promise<RequestDecision> {
    const request = readConfigRequest(message);
    const { typeName } = request;
    this.#typeName = typeName;
    const hooks = ["pre-read-data", "post-read-data"] as const;
    if (!hooks.some((hook) => this.#session.wants(hook, typeName))) return { forward: message };
    this.#request = request;
    this.#config = readPlanValue(request.config, this.#session.blockOf("data", typeName));
    this.#located = this.#session.run.book.ofConfig("data", typeName, this.#config.value);
    this.#id = this.#session.run.ids.next();
    const said = await this.#session.ask("pre-read-data", this.#subject(request, this.#located, null), this.#id);
    if (said.blocked) return { answer: refuse("readData", message, asRefusal(said.diagnostics)) };
    this.#warnings = diagnosticsSuffix("readData", said.diagnostics);
    return { forward: message };
  }

  async response(message: Uint8Array): Promise<Uint8Array> {
    const request = this.#request;
    const { state, diagnostics } = readReadDataResponse(message);
    if (this.#typeName !== null) this.#session.learn("data", this.#typeName, state);
    if (request === null || this.#located === null) return message;
    if (hasErrors(diagnostics)) return Buffer.concat([message, this.#warnings]);
    const after = isNullValue(state) ? null : readPlanValue(state, this.#session.blockOf("data", request.typeName));
    if (this.#id !== null) this.#session.run.book.note(this.#id, "data", request.typeName, after?.value);
    const said = await this.#session.ask("post-read-data", this.#subject(request, this.#located, after), this.#id);
    return Buffer.concat([message, this.#warnings, diagnosticsSuffix("readData", said.diagnostics)]);
  }

  #subject({ typeName }: ConfigRequest, located: Located, after: PlanValue | null): Subject {
    const { run, provider, alias } = this.#session;
    return {
      mode: "data",
      type: typeName,
      source: provider.source,
      located,
      alias,
      action: "read",
      before: null,
      after,
      config: this.#config,
      block: this.#session.blockOf("data", typeName),
      marked: run.book.sensitiveOf(located.address),
      attached: null,
    };
  }
}
