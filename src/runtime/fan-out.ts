import { EncodedEvent } from "../protocol/encode.js";
import type { AirlockEvent } from "../protocol/events.js";
import { isResourceEvent } from "../protocol/events.js";
import { isPreHook } from "../protocol/hooks.js";
import type { Turn } from "./turn.js";
import type { Integration } from "./integration.js";
import { reduceResults } from "./reduce.js";
import { brokenResult, verdictResult } from "./result.js";
import type { EventOutcome, IntegrationResult, RuntimeNotice } from "./types.js";

type Attached = Record<string, Readonly<Record<string, unknown>>>;

interface Place {
  readonly integration: Integration;
  /** Taken when the event arrives, so that an integration that keeps state sees events in their order. */
  readonly turn: Turn | null;
}

/**
 * Sends one event to all that want it: level by level of the order, all of one level at once. Never rejects: an
 * integration that breaks is a result. `levels` holds every running integration.
 */
export async function fanOut(
  event: AirlockEvent,
  levels: readonly (readonly Integration[])[],
  notify: (notice: RuntimeNotice) => void,
): Promise<EventOutcome> {
  const places = levels
    .map((level) => level.filter((integration) => integration.wantsEvent(event)).map(takePlace))
    .filter((level) => level.length > 0);
  const encoded = new EncodedEvent(event);
  const results: { readonly position: number; readonly result: IntegrationResult }[] = [];
  let attached: Attached | undefined;
  let halted = false;
  for (const level of places) {
    if (halted) {
      for (const place of level) skip(place, event, notify);
      continue;
    }
    const answers = await Promise.all(level.map((place) => ask(place, encoded, attached, notify)));
    for (const [at, { integration }] of level.entries()) {
      const result = answers[at];
      if (result === undefined) continue;
      results.push({ position: integration.position, result });
      attached = attach(event, attached, result);
      if (isPreHook(event.hook) && (result.status === "fail" || result.status === "error")) halted = true;
    }
  }
  const ordered = results.sort((one, other) => one.position - other.position).map(({ result }) => result);
  return { event, verdict: reduceResults(ordered), results: ordered };
}

function takePlace(integration: Integration): Place {
  return { integration, turn: integration.ordered ? integration.turn() : null };
}

function skip({ integration, turn }: Place, event: AirlockEvent, notify: (notice: RuntimeNotice) => void): void {
  turn?.cancel();
  notify({ type: "skipped", integration: integration.name, hook: event.hook, address: addressOf(event) });
}

async function ask(
  { integration, turn }: Place,
  encoded: EncodedEvent,
  attached: Attached | undefined,
  notify: (notice: RuntimeNotice) => void,
): Promise<IntegrationResult> {
  const { event } = encoded;
  const address = addressOf(event);
  let result: IntegrationResult;
  let elapsedUs = 0;
  try {
    const timed = await (turn ?? integration.turn()).call(event.hook, encoded.params(attached));
    integration.budget.take(timed.answerLength);
    elapsedUs = timed.elapsedUs;
    integration.answered(elapsedUs);
    result = verdictResult(integration.declaration, event.hook, address, timed.verdict);
  } catch (error) {
    integration.metrics.failed();
    result = brokenResult(integration.declaration, event.hook, address, error);
  }
  notify({ type: "result", result, elapsedUs });
  return result;
}

function addressOf(event: AirlockEvent): string | null {
  return isResourceEvent(event) ? event.params.address : null;
}

/** What the next level sees: the event's metadata and what this level attached to the resource. */
function attach(event: AirlockEvent, attached: Attached | undefined, result: IntegrationResult): Attached | undefined {
  if (result.metadata === undefined || !isResourceEvent(event)) return attached;
  const all: Attached = { ...(attached ?? event.params.metadata) };
  if (result.metadata === null) Reflect.deleteProperty(all, result.integration);
  else all[result.integration] = result.metadata;
  return all;
}
