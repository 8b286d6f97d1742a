import type { Action } from "../../../../protocol/events.js";
import type { Located } from "../../records/address-book.js";
import { idIn, withId } from "../../records/object-id.js";
import { readApplyRequest, readApplyResponse } from "../../tfplugin/calls.js";
import type { ApplyRequest, ApplyResponse } from "../../tfplugin/calls.js";
import { diagnosticsSuffix, hasErrors } from "../../tfplugin/diagnostics.js";
import type { Diagnostic } from "../../tfplugin/diagnostics.js";
import { isNullValue, readPlanValue } from "../../tfplugin/plan-value.js";
import type { PlanValue } from "../../tfplugin/plan-value.js";
import { withoutPrivate } from "../../tfplugin/private-entry.js";
import { privateSuffix, withRequestPrivate } from "../../tfplugin/private-field.js";
import { refuse } from "../../tfplugin/refusals.js";
import type { CallHandler, RequestDecision } from "../../wire/call-handler.js";
import { isTracked } from "../live-run.js";
import type { ProviderSession } from "../session.js";
import type { Subject } from "../subject.js";
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
    if (!isTracked(run, request.typeName, audience)) return { forward };
    this.#located = this.#locate(request);
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
    const parts = [message, this.#privateSuffix(request, response), this.#warnings];
    if (this.#located !== null && !hasErrors(response.diagnostics)) {
      const block = this.#session.blockOf("managed", request.typeName);
      const after = isNullValue(response.newState) ? null : readPlanValue(response.newState, block);
      const subject = this.#subject(request, this.#located, after);
      const said = await this.#session.ask("post-apply-resource", subject, this.#id);
      parts.push(diagnosticsSuffix("apply", said.diagnostics));
    }
    return Buffer.concat(parts);
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
    };
  }

  #privateSuffix(request: ApplyRequest, response: ApplyResponse): Uint8Array {
    if (this.#id === null || isNullValue(response.newState)) return new Uint8Array(0);
    const kept = withId(response.private, request.plannedPrivate, this.#id);
    return kept === null ? new Uint8Array(0) : privateSuffix("apply", kept);
  }
}
