import type { Action } from "../../../../protocol/events.js";
import type { Located } from "../../records/address-book.js";
import { canonicalJson } from "../../records/canonical.js";
import { idIn, withId } from "../../records/object-id.js";
import { readReadRequest, readReadResponse } from "../../tfplugin/calls.js";
import type { ReadRequest, ReadResponse } from "../../tfplugin/calls.js";
import { diagnosticsSuffix, hasErrors } from "../../tfplugin/diagnostics.js";
import { isNullValue, readPlanValue } from "../../tfplugin/plan-value.js";
import type { PlanValue } from "../../tfplugin/plan-value.js";
import { withoutPrivate } from "../../tfplugin/private-entry.js";
import { privateSuffix, withRequestPrivate } from "../../tfplugin/private-field.js";
import { refuse } from "../../tfplugin/refusals.js";
import type { CallHandler, RequestDecision } from "../../wire/call-handler.js";
import type { ProviderSession } from "../session.js";
import type { Subject } from "../subject.js";
import { asRefusal } from "./refusal.js";

/** `ReadResource`: what a refresh asks of each object that exists. */
export class ReadCall implements CallHandler {
  readonly #session: ProviderSession;
  #request: ReadRequest | null = null;
  #before: PlanValue | null = null;
  /** The object's own, or one by which results get their address once a state has what was read. */
  #id: string | null = null;
  #located: Located | null = null;
  #warnings: Uint8Array = new Uint8Array(0);

  constructor(session: ProviderSession) {
    this.#session = session;
  }

  async request(message: Uint8Array): Promise<RequestDecision> {
    const request = readReadRequest(message);
    this.#request = request;
    const own = withoutPrivate(request.private);
    const forward = own === request.private ? message : withRequestPrivate("read", message, own);
    const { typeName } = request;
    const hooks = ["pre-refresh-resource", "post-refresh-resource"] as const;
    if (!hooks.some((hook) => this.#session.wants(hook, typeName))) return { forward };
    this.#before = readPlanValue(request.currentState, this.#session.blockOf("managed", typeName));
    const { book, ids } = this.#session.run;
    const id = idIn(request.private);
    this.#located = book.ofObject("managed", typeName, id, this.#before.value);
    this.#id = id ?? ids.next();
    const said = await this.#session.ask("pre-refresh-resource", this.#subject(request, null, "read"), this.#id);
    if (said.blocked) return { answer: refuse("read", message, asRefusal(said.diagnostics)) };
    this.#warnings = diagnosticsSuffix("read", said.diagnostics);
    return { forward };
  }

  async response(message: Uint8Array): Promise<Uint8Array> {
    const request = this.#request;
    if (request === null) return message;
    const response = readReadResponse(message);
    this.#session.learn("managed", request.typeName, response.newState);
    const parts = [message, this.#privateSuffix(request, response), this.#warnings];
    if (this.#located !== null && !hasErrors(response.diagnostics)) {
      const block = this.#session.blockOf("managed", request.typeName);
      const after = isNullValue(response.newState) ? null : readPlanValue(response.newState, block);
      const subject = this.#subject(request, after, this.#actionOf(after));
      if (this.#id !== null) this.#session.run.book.note(this.#id, "managed", request.typeName, after?.value);
      const said = await this.#session.ask("post-refresh-resource", subject, this.#id);
      parts.push(diagnosticsSuffix("read", said.diagnostics));
    }
    return Buffer.concat(parts);
  }

  /** What the refresh found: nothing new, a change made elsewhere, or that the object is gone. */
  #actionOf(after: PlanValue | null): Action {
    if (after === null) return "delete";
    return canonicalJson(after.value) === canonicalJson(this.#before?.value) ? "no-op" : "update";
  }

  #subject({ typeName }: ReadRequest, after: PlanValue | null, action: Action): Subject {
    const { run, provider, alias } = this.#session;
    const located = this.#located ?? { address: null, candidates: [], alias: undefined };
    return {
      mode: "managed",
      type: typeName,
      source: provider.source,
      located,
      alias,
      action,
      before: this.#before,
      after,
      config: null,
      block: this.#session.blockOf("managed", typeName),
      marked: run.book.sensitiveOf(located.address),
    };
  }

  #privateSuffix(request: ReadRequest, response: ReadResponse): Uint8Array {
    const id = idIn(request.private);
    if (id === null || isNullValue(response.newState)) return new Uint8Array(0);
    const kept = withId(response.private, request.private, id);
    return kept === null ? new Uint8Array(0) : privateSuffix("read", kept);
  }
}
