import type { Action } from "../../../../protocol/events.js";
import { Attached } from "../../metadata/run-metadata.js";
import { entryIn, NO_METADATA } from "../../metadata/entry.js";
import type { Located } from "../../records/address-book.js";
import { canonicalJson } from "../../../../base/canonical-json.js";
import { idIn } from "../../records/object-id.js";
import { readPlanRequest, readPlanResponse } from "../../tfplugin/calls.js";
import type { PlanRequest, PlanResponse } from "../../tfplugin/calls.js";
import { diagnosticsSuffix, hasErrors } from "../../tfplugin/diagnostics.js";
import { isNullValue, readPlanValue, readStateValue } from "../../tfplugin/plan-value.js";
import type { PlanValue } from "../../tfplugin/plan-value.js";
import { withoutPrivate } from "../../tfplugin/private-entry.js";
import { withRequestPrivate } from "../../tfplugin/private-field.js";
import { refuse } from "../../tfplugin/refusals.js";
import type { Block } from "../../tfplugin/schema.js";
import { TfpluginError } from "../../tfplugin/tfplugin-error.js";
import type { CallHandler, RequestDecision } from "../../wire/call-handler.js";
import { isTracked } from "../live-run.js";
import type { ProviderSession } from "../session.js";
import type { Subject } from "../subject.js";
import { leaveHalf, takeHalf } from "./halves.js";
import type { Planning } from "./halves.js";
import { keepEntry } from "./kept-entry.js";
import type { Kept } from "./kept-entry.js";
import { asRefusal } from "./refusal.js";

const NOTHING = new Uint8Array(0);

function equal(one: unknown, other: unknown): boolean {
  return canonicalJson(one) === canonicalJson(other);
}

function isWhollyKnown({ unknown }: PlanValue): boolean {
  return unknown !== true && canonicalJson(unknown) === "{}";
}

/** The part of a value at a path; undefined where there is none. */
function partAt(value: unknown, path: readonly (string | number)[]): unknown {
  return path.reduce<unknown>((part, key) => {
    const parts = new Map(typeof part === "object" && part !== null ? Object.entries(part) : []);
    return parts.get(String(key));
  }, value);
}

/** Core replaces only where a value at one of these paths really changes (`getRequiredReplaces` in its node). */
function isReplaced({ requiresReplace }: PlanResponse, before: PlanValue | null, after: PlanValue): boolean {
  if (before === null) return false;
  return requiresReplace.some((path) => {
    return partAt(after.unknown, path) === true || !equal(partAt(before.value, path), partAt(after.value, path));
  });
}

/** What the state has of an object; null where that is nothing, or not of this schema's form. */
function stateValue(attributes: unknown, block: Block): PlanValue | null {
  try {
    return attributes === undefined ? null : readStateValue(attributes, block);
  } catch (error) {
    // Written by another version of the provider: what it was is then not told, and nothing else.
    if (error instanceof TfpluginError) return null;
    throw error;
  }
}

/** `PlanResourceChange`: keeps our id in the private bytes, and asks integrations before and after. */
export class PlanCall implements CallHandler {
  readonly #session: ProviderSession;
  #request: PlanRequest | null = null;
  #planning: Planning | null = null;
  #isSecondHalf = false;
  #attached = new Attached(NO_METADATA);
  #warnings: Uint8Array = NOTHING;

  constructor(session: ProviderSession) {
    this.#session = session;
  }

  async request(message: Uint8Array): Promise<RequestDecision> {
    const request = readPlanRequest(message);
    this.#request = request;
    this.#session.learn("managed", request.typeName, request.priorState);
    const own = withoutPrivate(request.priorPrivate);
    const forward = own === request.priorPrivate ? message : withRequestPrivate("plan", message, own);
    const { run, audience } = this.#session;
    this.#attached = new Attached(entryIn(request.priorPrivate).metadata);
    if (!isTracked(run, request.typeName, audience)) return { forward };
    this.#planning = this.#identify(request);
    this.#attached = run.metadata.open(this.#privateBefore(request), this.#planning.located.address);
    if (!this.#isJudged(request) || this.#isSecondHalf) return { forward };
    const said = await this.#session.ask(
      "pre-plan-resource",
      this.#subject(null, this.#actionBefore(request)),
      this.#planning.id,
    );
    if (said.blocked) return { answer: refuse("plan", message, asRefusal(said.diagnostics)) };
    this.#warnings = diagnosticsSuffix("plan", said.diagnostics);
    return { forward };
  }

  async response(message: Uint8Array): Promise<Uint8Array> {
    const request = this.#request;
    if (request === null) return message;
    const response = readPlanResponse(message);
    this.#session.learn("managed", request.typeName, response.plannedState);
    const parts = [message, this.#warnings];
    const planning = this.#planning;
    if (planning !== null && this.#isJudged(request) && !hasErrors(response.diagnostics)) {
      const said = await this.#judge(planning, request, response);
      // Of a second half core prints errors only.
      if (this.#isSecondHalf && !said.blocked) this.#session.run.unshown(said.diagnostics, planning.id);
      parts.push(diagnosticsSuffix("plan", said.diagnostics));
    }
    const kept = this.#keep(request, response);
    return Buffer.concat([...parts, kept.suffix, diagnosticsSuffix("plan", kept.diagnostics)]);
  }

  /** While planning to destroy, core first plans as usual, only to refresh; that is no plan of anything. */
  #isJudged(request: PlanRequest): boolean {
    const { phase } = this.#session.run;
    if (phase === "plan") return true;
    return phase === "destroy-plan" && isNullValue(request.proposedNewState);
  }

  #identify(request: PlanRequest): Planning {
    const { run } = this.#session;
    const { typeName } = request;
    if (isNullValue(request.priorState)) {
      const half = takeHalf(this.#session, request);
      this.#isSecondHalf = half !== undefined;
      return half ?? this.#identifyNew(request);
    }
    const before = readPlanValue(request.priorState, this.#block(request));
    const known = run.book.ofObject("managed", typeName, idIn(request.priorPrivate), before.value);
    // What no record has, as after an import, still stands in the configuration.
    const isKnown = known.address !== null || known.candidates.length > 0 || isNullValue(request.config);
    const located = isKnown ? known : this.#inConfiguration(request);
    return { id: run.ids.next(), located, before, isTainted: false };
  }

  #identifyNew(request: PlanRequest): Planning {
    const { run } = this.#session;
    const block = this.#block(request);
    const located = this.#inConfiguration(request);
    const tainted = located.address === null ? undefined : run.book.taintedAt(located.address);
    return {
      id: run.ids.next(),
      located,
      before: stateValue(tainted?.attributes, block),
      isTainted: tainted !== undefined,
    };
  }

  #inConfiguration(request: PlanRequest): Located {
    const { typeName, config } = request;
    return this.#session.run.book.ofConfig("managed", typeName, readPlanValue(config, this.#block(request)).value);
  }

  #actionBefore(request: PlanRequest): Action {
    const { isTainted = false, before = null, located } = this.#planning ?? {};
    if (isTainted) return "replace";
    if (before === null) return "create";
    if (isNullValue(request.proposedNewState)) return "delete";
    if (located !== undefined && this.#isForced(located)) return "replace";
    const { value } = readPlanValue(request.proposedNewState, this.#block(request));
    return equal(value, before.value) ? "no-op" : "update";
  }

  async #judge(planning: Planning, request: PlanRequest, response: PlanResponse) {
    const kept = this.#keep(request, response);
    const after = isNullValue(response.plannedState)
      ? null
      : readPlanValue(response.plannedState, this.#block(request));
    if (!this.#isSecondHalf && !planning.isTainted && planning.before !== null && after !== null) {
      leaveHalf(this.#session, planning, request, kept.bytes);
      if (this.#willReplace(planning, response, after)) return { blocked: false, diagnostics: [] };
    }
    if (!kept.isMarked) this.#session.run.judge.noteUnmarked(request.typeName, after?.value ?? null);
    return this.#session.ask(
      "post-plan-resource",
      this.#subject(after, this.#actionAfter(planning, after)),
      planning.id,
    );
  }

  #isForced({ address }: Located): boolean {
    return address !== null && this.#session.run.isForced(address);
  }

  /** Core will call again, for the half that creates. */
  #willReplace({ located, before }: Planning, response: PlanResponse, after: PlanValue): boolean {
    return (before !== null && this.#isForced(located)) || isReplaced(response, before, after);
  }

  #actionAfter({ before, isTainted }: Planning, after: PlanValue | null): Action {
    if (this.#isSecondHalf || isTainted) return "replace";
    if (after === null) return "delete";
    if (before === null) return "create";
    return isWhollyKnown(after) && equal(before.value, after.value) ? "no-op" : "update";
  }

  #block({ typeName }: PlanRequest) {
    return this.#session.blockOf("managed", typeName);
  }

  #subject(after: PlanValue | null, action: Action): Subject {
    const { run, provider, alias } = this.#session;
    const request = this.#request;
    const planning = this.#planning;
    if (request === null || planning === null) throw new Error("a plan is judged before its request");
    const block = this.#block(request);
    const config = isNullValue(request.config) ? null : readPlanValue(request.config, block);
    const { located, before } = planning;
    const marked = run.book.sensitiveOf(located.address);
    return {
      mode: "managed",
      type: request.typeName,
      source: provider.source,
      located,
      alias,
      action,
      before,
      after,
      config,
      block,
      marked,
      attached: this.#attached,
    };
  }

  /** An object that core replaces because it is tainted is planned as a new one: what it was, the state says. */
  #privateBefore({ priorPrivate }: PlanRequest): Uint8Array {
    const { isTainted = false, located } = this.#planning ?? {};
    const address = isTainted ? (located?.address ?? null) : null;
    return address === null ? priorPrivate : (this.#session.run.book.taintedAt(address)?.private ?? priorPrivate);
  }

  /** Core keeps what stands here: our id where we track the object, and what is stored for it. */
  #keep(request: PlanRequest, response: PlanResponse): Kept {
    const entry = entryIn(request.priorPrivate);
    return keepEntry(this.#session.run, {
      method: "plan",
      own: response.plannedPrivate,
      id: this.#planning?.id ?? entry.id,
      address: this.#planning?.located.address ?? entry.address,
      attached: this.#attached,
    });
  }
}
