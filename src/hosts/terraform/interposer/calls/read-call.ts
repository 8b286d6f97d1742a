import type { Action } from "../../../../protocol/events.js";
import { Attached } from "../../metadata/run-metadata.js";
import { entryIn, NO_METADATA } from "../../metadata/entry.js";
import type { Located } from "../../records/address-book.js";
import { canonicalJson } from "../../../../base/canonical-json.js";
import { idIn } from "../../records/object-id.js";
import { readReadRequest, readReadResponse } from "../../tfplugin/calls.js";
import type { ReadRequest, ReadResponse } from "../../tfplugin/calls.js";
import { diagnosticsSuffix, hasErrors } from "../../tfplugin/diagnostics.js";
import { isNullValue, readPlanValue } from "../../tfplugin/plan-value.js";
import type { PlanValue } from "../../tfplugin/plan-value.js";
import { withoutPrivate } from "../../tfplugin/private-entry.js";
import { withRequestPrivate } from "../../tfplugin/private-field.js";
import { refuse } from "../../tfplugin/refusals.js";
import type { CallHandler, RequestDecision } from "../../wire/call-handler.js";
import type { ProviderSession } from "../session.js";
import type { Subject } from "../subject.js";
import { keepEntry } from "./kept-entry.js";
import { asRefusal } from "./refusal.js";

/** `ReadResource`: what a refresh asks of each object that exists. */
export class ReadCall implements CallHandler {
  readonly #session: ProviderSession;
  #request: ReadRequest | null = null;
  #before: PlanValue | null = null;
  /** The object's own, or one by which results get their address once a state has what was read. */
  #id: string | null = null;
  #located: Located | null = null;
  #attached = new Attached(NO_METADATA);
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
    this.#attached = new Attached(entryIn(request.private).metadata);
    const hooks = ["pre-refresh-resource", "post-refresh-resource"] as const;
    if (!hooks.some((hook) => this.#session.wants(hook, typeName))) return { forward };
    this.#before = readPlanValue(request.currentState, this.#session.blockOf("managed", typeName));
    const { book, ids } = this.#session.run;
    const id = idIn(request.private);
    this.#located = book.ofObject("managed", typeName, id, this.#before.value);
    this.#id = id ?? ids.next();
    this.#attached = this.#session.run.metadata.open(request.private, this.#located.address);
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
    const parts = [message, this.#warnings];
    if (this.#located !== null && !hasErrors(response.diagnostics)) {
      const block = this.#session.blockOf("managed", request.typeName);
      const after = isNullValue(response.newState) ? null : readPlanValue(response.newState, block);
      const subject = this.#subject(request, after, this.#actionOf(after));
      if (this.#id !== null) this.#session.run.book.note(this.#id, "managed", request.typeName, after?.value);
      const said = await this.#session.ask("post-refresh-resource", subject, this.#id);
      parts.push(diagnosticsSuffix("read", said.diagnostics));
    }
    return Buffer.concat([...parts, this.#keep(request, response)]);
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
      attached: this.#attached,
    };
  }

  #keep(request: ReadRequest, response: ReadResponse): Uint8Array {
    if (isNullValue(response.newState)) return new Uint8Array(0);
    const entry = entryIn(request.private);
    const attached = this.#attached;
    const kept = keepEntry(this.#session.run, {
      method: "read",
      own: response.private,
      // An object is told from others that look the same only as long as something is stored for it.
      id: attached.stored.size === 0 ? null : (entry.id ?? this.#id),
      address: this.#located?.address ?? entry.address,
      attached,
    });
    return Buffer.concat([kept.suffix, diagnosticsSuffix("read", kept.diagnostics)]);
  }
}
