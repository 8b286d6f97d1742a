import type { Action } from "../../../../protocol/events.js";
import type { Located } from "../../records/address-book.js";
import { canonicalJson } from "../../records/canonical.js";
import { idIn, withId } from "../../records/object-id.js";
import { readPlanRequest, readPlanResponse } from "../../tfplugin/calls.js";
import type { PlanRequest, PlanResponse } from "../../tfplugin/calls.js";
import { diagnosticsSuffix, hasErrors } from "../../tfplugin/diagnostics.js";
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

/** What planning one object needs to remember between request and response, and between the halves of a replacement. */
interface Planning {
  readonly id: string;
  readonly located: Located;
  readonly before: PlanValue | null;
}

/** First halves of replacements, by the id that core hands to the second half in its private bytes. */
const HALVES = new WeakMap<ProviderSession, Map<string, Planning>>();

function halvesOf(session: ProviderSession): Map<string, Planning> {
  const known = HALVES.get(session) ?? new Map<string, Planning>();
  HALVES.set(session, known);
  return known;
}

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

/** `PlanResourceChange`: keeps our id in the private bytes, and asks integrations before and after. */
export class PlanCall implements CallHandler {
  readonly #session: ProviderSession;
  #request: PlanRequest | null = null;
  #planning: Planning | null = null;
  #isSecondHalf = false;
  #warnings: Uint8Array = new Uint8Array(0);

  constructor(session: ProviderSession) {
    this.#session = session;
  }

  async request(message: Uint8Array): Promise<RequestDecision> {
    const request = readPlanRequest(message);
    this.#request = request;
    const own = withoutPrivate(request.priorPrivate);
    const forward = own === request.priorPrivate ? message : withRequestPrivate("plan", message, own);
    const { run, audience } = this.#session;
    if (!isTracked(run, request.typeName, audience)) return { forward };
    this.#planning = this.#identify(request);
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
    const suffix = this.#privateSuffix(request, response);
    const parts = [message, suffix, this.#warnings];
    const planning = this.#planning;
    if (planning !== null && this.#isJudged(request) && !hasErrors(response.diagnostics)) {
      const said = await this.#judge(planning, request, response, suffix.length > 0);
      // Of a second half core prints errors only.
      if (this.#isSecondHalf && !said.blocked) this.#session.run.unshown(said.diagnostics, planning.id);
      parts.push(diagnosticsSuffix("plan", said.diagnostics));
    }
    return Buffer.concat(parts);
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
    const known = idIn(request.priorPrivate);
    const half = known === null ? undefined : halvesOf(this.#session).get(known);
    if (half !== undefined && known !== null && isNullValue(request.priorState)) {
      halvesOf(this.#session).delete(known);
      this.#isSecondHalf = true;
      return half;
    }
    const block = this.#session.blockOf("managed", typeName);
    const before = isNullValue(request.priorState) ? null : readPlanValue(request.priorState, block);
    const located =
      before === null
        ? run.book.ofConfig("managed", typeName, readPlanValue(request.config, block).value)
        : run.book.ofObject("managed", typeName, known, before.value);
    return { id: run.ids.next(), located, before };
  }

  #actionBefore(request: PlanRequest): Action {
    if (this.#planning?.before === null) return "create";
    if (isNullValue(request.proposedNewState)) return "delete";
    const { value } = readPlanValue(request.proposedNewState, this.#block(request));
    return equal(value, this.#planning?.before.value) ? "no-op" : "update";
  }

  async #judge(planning: Planning, request: PlanRequest, response: PlanResponse, isMarked: boolean) {
    const after = isNullValue(response.plannedState)
      ? null
      : readPlanValue(response.plannedState, this.#block(request));
    if (!isMarked) this.#session.run.judge.noteUnmarked(request.typeName, after?.value ?? null);
    if (!this.#isSecondHalf && planning.before !== null && after !== null) {
      halvesOf(this.#session).set(planning.id, planning);
      if (this.#willReplace(planning, response, after)) return { blocked: false, diagnostics: [] };
    }
    return this.#session.ask(
      "post-plan-resource",
      this.#subject(after, this.#actionAfter(planning, after)),
      planning.id,
    );
  }

  /** Core will call again, for the half that creates. */
  #willReplace({ located, before }: Planning, response: PlanResponse, after: PlanValue): boolean {
    const isForced = located.address !== null && before !== null && this.#session.run.isForced(located.address);
    return isForced || isReplaced(response, before, after);
  }

  #actionAfter({ before }: Planning, after: PlanValue | null): Action {
    if (this.#isSecondHalf) return "replace";
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
    };
  }

  /** Core keeps what stands here: our id where we track the object, else what was there before. */
  #privateSuffix(request: PlanRequest, response: PlanResponse): Uint8Array {
    const id = this.#planning?.id ?? idIn(request.priorPrivate);
    const kept = id === null ? null : withId(response.plannedPrivate, request.priorPrivate, id);
    return kept === null ? new Uint8Array(0) : privateSuffix("plan", kept);
  }
}
