import type { Action } from "../../../../protocol/events.js";
import { Attached } from "../../metadata/run-metadata.js";
import { entryIn, NO_METADATA } from "../../metadata/entry.js";
import type { Located } from "../../records/address-book.js";
import { idIn } from "../../records/object-id.js";
import { readApplyRequest, readApplyResponse } from "../../tfplugin/calls.js";
import type { ApplyRequest, ApplyResponse } from "../../tfplugin/calls.js";
import { diagnosticsSuffix, hasErrors } from "../../tfplugin/diagnostics.js";
import type { Diagnostic } from "../../tfplugin/diagnostics.js";
import { isNullValue, readPlanValue } from "../../tfplugin/plan-value.js";
import type { PlanValue } from "../../tfplugin/plan-value.js";
import { withoutPrivate } from "../../tfplugin/private-entry.js";
import { withRequestPrivate } from "../../tfplugin/private-field.js";
import { refuse } from "../../tfplugin/refusals.js";
import type { CallHandler, RequestDecision } from "../../wire/call-handler.js";
import { isTracked } from "../live-run.js";
import type { ProviderSession } from "../session.js";
import type { Subject } from "../subject.js";
import { keepEntry } from "./kept-entry.js";
import { asRefusal } from "./refusal.js";

function halted(reason: string): Diagnostic {
  const summary = "not applied: the run was stopped";
  return { severity: "error", summary, detail: `${reason}. Nothing was changed here.`, path: null };
}

/** `ApplyResourceChange`: the last point at which an integration can stop a change, and the first at which it is done. */
export class ApplyCall implements CallHandler {
  readonly #session: ProviderSession;
  #request: ApplyRequest | null = null;
  #id: string | null = null;
  #located: Located | null = null;
  #attached = new Attached(NO_METADATA);
  #warnings: Uint8Array = new Uint8Array(0);

  constructor(session: ProviderSession) {
    this.#session = session;
  }

  async request(message: Uint8Array): Promise<RequestDecision> {
    const request = readApplyRequest(message);
    const { run, audience } = this.#session;
    this.#request = request;
    this.#id = idIn(request.plannedPrivate);
    const reason = run.halt.reason();
    if (reason !== null) return { answer: refuse("apply", message, [halted(reason)]) };
    const own = withoutPrivate(request.plannedPrivate);
    const forward = own === request.plannedPrivate ? message : withRequestPrivate("apply", message, own);
    this.#attached = new Attached(entryIn(request.plannedPrivate).metadata);
    if (!isTracked(run, request.typeName, audience)) return { forward };
    this.#located = this.#locate(request);
    this.#attached = run.metadata.open(request.plannedPrivate, this.#located.address, this.#located.candidates);
    const said = await this.#session.ask("pre-apply-resource", this.#subject(request, this.#located, null), this.#id);
    if (said.blocked) return { answer: refuse("apply", message, asRefusal(said.diagnostics)) };
    // Another call may have stopped the run while this one waited.
    const meanwhile = run.halt.reason();
    if (meanwhile !== null) return { answer: refuse("apply", message, [halted(meanwhile)]) };
    this.#warnings = diagnosticsSuffix("apply", said.diagnostics);
    return { forward };
  }

  async response(message: Uint8Array): Promise<Uint8Array> {
    const request = this.#request;
    if (request === null) return message;
    const response = readApplyResponse(message);
    this.#session.learn("managed", request.typeName, response.newState);
    const parts = [message, this.#warnings];
    if (this.#located !== null && !hasErrors(response.diagnostics)) {
      const block = this.#session.blockOf("managed", request.typeName);
      const after = isNullValue(response.newState) ? null : readPlanValue(response.newState, block);
      const subject = this.#subject(request, this.#located, after);
      if (this.#id !== null) this.#session.run.book.note(this.#id, "managed", request.typeName, after?.value);
      const said = await this.#session.ask("post-apply-resource", subject, this.#id);
      parts.push(diagnosticsSuffix("apply", said.diagnostics));
    }
    return Buffer.concat([...parts, this.#keep(request, response)]);
  }

  #locate(request: ApplyRequest): Located {
    const { run, provider } = this.#session;
    const { typeName } = request;
    const block = this.#session.blockOf("managed", typeName);
    const place = this.#id === null ? undefined : run.book.ofId(this.#id);
    if (place !== undefined) return { address: place.address, candidates: [], alias: place.alias };
    if (!isNullValue(request.priorState)) {
      const { value } = readPlanValue(request.priorState, block);
      const found = run.book.ofObject("managed", typeName, null, value);
      if (found.address !== null || isNullValue(request.plannedState)) return found;
    }
    const planned = readPlanValue(request.plannedState, block);
    const found = run.book.ofPlanned(provider.source, typeName, planned, block);
    if (found.address !== null || found.candidates.length > 0) return found;
    return run.book.ofConfig("managed", typeName, readPlanValue(request.config, block).value);
  }

  #subject(request: ApplyRequest, located: Located, after: PlanValue | null): Subject {
    const { run, provider, alias } = this.#session;
    const block = this.#session.blockOf("managed", request.typeName);
    const isDelete = isNullValue(request.plannedState);
    const before = isNullValue(request.priorState) ? null : readPlanValue(request.priorState, block);
    const action: Action = isDelete ? "delete" : before === null ? "create" : "update";
    // What it shall come to is known before it is applied: that is what was planned.
    const planned = isDelete ? null : readPlanValue(request.plannedState, block);
    return {
      mode: "managed",
      type: request.typeName,
      source: provider.source,
      located,
      alias,
      action,
      before,
      after: after ?? planned,
      config: isNullValue(request.config) ? null : readPlanValue(request.config, block),
      block,
      marked: run.book.sensitiveOf(located.address),
      attached: this.#attached,
    };
  }

  #keep(request: ApplyRequest, response: ApplyResponse): Uint8Array {
    if (isNullValue(response.newState)) return new Uint8Array(0);
    const attached = this.#attached;
    const kept = keepEntry(this.#session.run, {
      method: "apply",
      own: response.private,
      // An object is told from others that look the same only as long as something is stored for it.
      id: attached.stored.size === 0 ? null : this.#id,
      address: this.#located?.address ?? entryIn(request.plannedPrivate).address,
      attached,
    });
    return Buffer.concat([kept.suffix, diagnosticsSuffix("apply", kept.diagnostics)]);
  }
}
