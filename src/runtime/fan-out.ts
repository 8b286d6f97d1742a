import { EncodedEvent } from "../protocol/encode.js";
import type { AirlockEvent } from "../protocol/events.js";
import { isResourceEvent } from "../protocol/events.js";
import { isPreHook } from "../protocol/hooks.js";
import { METHOD_MIGRATE } from "../protocol/messages.js";
import type { Verdict } from "../protocol/verdict.js";
import type { Turn } from "./turn.js";
import type { Integration } from "./integration.js";
import { reduceResults } from "./reduce.js";
import { brokenResult, verdictResult } from "./result.js";
import { checkStorable, checkVersion, migrationParams, needsMigration } from "./stored-metadata.js";
import type { EventOutcome, IntegrationResult, RuntimeNotice } from "./types.js";

type Attached = Record<string, Readonly<Record<string, unknown>>>;

interface Place {
  readonly integration: Integration;
  /** Taken when the event arrives, so that an integration that keeps state sees events in their order. */
  readonly turn: Turn | null;
  /** In front of it: what it stored has to be brought into today's form first. */
  readonly migration: Turn | null;
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
    .map((level) => level.filter((one) => one.wantsEvent(event)).map((one) => takePlace(one, event)))
    .filter((level) => level.length > 0);
  if (places.length === 0) return { event, verdict: reduceResults([]), results: [] };
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
      attached = attach(event, attached, result.integration, result.metadata);
      if (isPreHook(event.hook) && (result.status === "fail" || result.status === "error")) halted = true;
    }
  }
  const ordered = results.sort((one, other) => one.position - other.position).map(({ result }) => result);
  return { event, verdict: reduceResults(ordered), results: ordered };
}

function takePlace(integration: Integration, event: AirlockEvent): Place {
  const migration = needsMigration(integration, event) ? integration.turn() : null;
  return { integration, migration, turn: integration.ordered ? integration.turn() : null };
}

function skip(place: Place, event: AirlockEvent, notify: (notice: RuntimeNotice) => void): void {
  const { integration, turn, migration } = place;
  migration?.cancel();
  turn?.cancel();
  notify({ type: "skipped", integration: integration.name, hook: event.hook, address: addressOf(event) });
}

async function ask(
  place: Place,
  encoded: EncodedEvent,
  attached: Attached | undefined,
  notify: (notice: RuntimeNotice) => void,
): Promise<IntegrationResult> {
  const { event } = encoded;
  const { integration } = place;
  const address = addressOf(event);
  const source = { declaration: integration.declaration, metadataVersion: integration.metadataVersion };
  let result: IntegrationResult;
  let elapsedUs = 0;
  try {
    checkVersion(integration, event);
    integration.quarantine.check(event);
    // Without anything to migrate the call is made at once.
    const migrated = place.migration === null ? undefined : await migrate(integration, place.migration, event);
    const turn = place.turn ?? integration.turn();
    const metadata = withMigrated(event, attached, integration, migrated);
    const shown = integration.discretion.shown(event.params);
    const timed = await turn.call(event.hook, encoded.params(metadata, shown));
    integration.budget.take(timed.answerLength);
    elapsedUs = timed.elapsedUs;
    integration.answered(elapsedUs);
    integration.discretion.check(timed.verdict);
    checkStorable(integration, event, timed.verdict);
    // What was migrated is stored, unless the verdict says otherwise.
    result = verdictResult(source, event.hook, address, { metadata: migrated, ...timed.verdict });
  } catch (error) {
    place.turn?.cancel();
    integration.metrics.failed();
    const failure = integration.quarantine.failed(event, error);
    result = brokenResult(integration.declaration, event.hook, address, failure);
  }
  const said = integration.discretion.result(result);
  notify({ type: "result", result: said, elapsedUs });
  return said;
}

/** What the integration stored, in today's form. */
async function migrate(integration: Integration, migration: Turn, event: AirlockEvent): Promise<Verdict["metadata"]> {
  const { verdict, answerLength } = await migration.call(METHOD_MIGRATE, migrationParams(integration, event));
  integration.budget.take(answerLength);
  integration.discretion.check(verdict);
  checkStorable(integration, event, verdict);
  return verdict.metadata;
}

function withMigrated(
  event: AirlockEvent,
  attached: Attached | undefined,
  integration: Integration,
  migrated: Verdict["metadata"],
): Attached | undefined {
  return migrated === undefined ? attached : attach(event, attached, integration.name, migrated);
}

function addressOf(event: AirlockEvent): string | null {
  return isResourceEvent(event) ? event.params.address : null;
}

/** What the next level sees: the event's metadata and what this level attached to the resource. */
function attach(
  event: AirlockEvent,
  attached: Attached | undefined,
  integration: string,
  metadata: IntegrationResult["metadata"],
): Attached | undefined {
  if (metadata === undefined || !isResourceEvent(event)) return attached;
  const all: Attached = { ...(attached ?? event.params.metadata) };
  if (metadata === null) Reflect.deleteProperty(all, integration);
  else all[integration] = metadata;
  return all;
}
