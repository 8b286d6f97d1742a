import * as v from "valibot";
import { collectMarked } from "../sensitive/marks.js";
import type { SecretSet } from "../sensitive/secret-set.js";
import type { JsonReader } from "./json-reader.js";
import { isPassable } from "./passable-text.js";
import type { PlacedTexts } from "./places.js";
import { ResourceChangeSchema, StateResourceSchema } from "./plan-schema.js";
import type { ResourceChange, StateResource } from "./plan-schema.js";
import type { Span } from "./value-scanner.js";

/** Large values of a resource, by the name of their member, where they stand in the reader's window. */
export type Spans = Readonly<Record<string, Span | undefined>>;

const CHANGE_VALUES = ["before", "after", "after_unknown", "before_sensitive", "after_sensitive"] as const;
const MARKS = ["before_sensitive", "after_sensitive", "sensitive_values"] as const;
const STATE_VALUES = ["values", "sensitive_values"] as const;

/**
 * Takes the value that `reader` took apart: everything but the members `names` (of the value, or of its member `inside`) as text
 * with null in their places. null where names are written with escapes, or the form is another one.
 */
function cut(
  reader: JsonReader,
  item: Span,
  names: readonly string[],
  inside?: string,
): { text: string; spans: Spans } | null {
  const outer = inside === undefined ? undefined : reader.member(inside);
  if (outer === null || (inside !== undefined && outer === undefined)) return null;
  const spans: Record<string, Span | undefined> = {};
  const found: Span[] = [];
  for (const name of names) {
    const span = reader.member(name, outer);
    if (span === null) return null;
    spans[name] = span;
    if (span !== undefined) found.push(span);
  }
  found.sort((one, other) => one.start - other.start);
  let text = "";
  let from = item.start;
  for (const { start, end } of found) {
    text += `${reader.slice({ start: from, end: start })}null`;
    from = end;
  }
  return { text: text + reader.slice({ start: from, end: item.end }), spans };
}

/** Whether marks, as text, can mark anything. */
function canMark(reader: JsonReader, marks: Span | undefined): marks is Span {
  return marks !== undefined && reader.includes(marks, "true");
}

function valueOf(reader: JsonReader, span: Span | undefined): unknown {
  return span === undefined ? undefined : (JSON.parse(reader.slice(span)) as unknown);
}

function collect(reader: JsonReader, value: Span | undefined, marks: Span | undefined, secrets: SecretSet): void {
  if (canMark(reader, marks)) collectMarked(valueOf(reader, value), valueOf(reader, marks), secrets);
}

/** One resource of a plan or a state, which the reader has just taken. What it is, is known; what it holds, when it is asked for. */
export interface TakenResource<Head> {
  /** Its place in the document. */
  readonly place: Span;
  /** `Head` with null for its values, or what breaks its schema. */
  readonly head: v.SafeParseResult<v.GenericSchema<unknown, Head>>;
  /** null: only the whole of it can be taken. */
  readonly spans: Spans | null;
}

/** Takes the next value, an entry of `resource_changes`. */
export function takeChange(reader: JsonReader): TakenResource<ResourceChange> {
  const place = reader.value();
  const found = cut(reader, reader.taken, CHANGE_VALUES, "change");
  const head = v.safeParse(ResourceChangeSchema, found === null ? reader.parsed() : JSON.parse(found.text));
  return { place, head, spans: found === null ? null : found.spans };
}

/** Takes the next value, a resource of a state. */
export function takeStateResource(reader: JsonReader): TakenResource<StateResource> {
  const place = reader.value();
  const found = cut(reader, reader.taken, STATE_VALUES);
  const head = v.safeParse(StateResourceSchema, found === null ? reader.parsed() : JSON.parse(found.text));
  return { place, head, spans: found === null ? null : found.spans };
}

/** Takes the secrets of the change that the reader took last. */
export function collectChange(
  reader: JsonReader,
  change: ResourceChange,
  spans: Spans | null,
  secrets: SecretSet,
): void {
  if (spans === null) {
    collectMarked(change.change.before, change.change.before_sensitive, secrets);
    collectMarked(change.change.after, change.change.after_sensitive, secrets);
    return;
  }
  collect(reader, spans["before"], spans["before_sensitive"], secrets);
  collect(reader, spans["after"], spans["after_sensitive"], secrets);
}

/** Takes the secrets of the state's resource that the reader took last. */
export function collectState(
  reader: JsonReader,
  resource: StateResource,
  spans: Spans | null,
  secrets: SecretSet,
): void {
  if (spans === null) collectMarked(resource.values, resource.sensitive_values, secrets);
  else collect(reader, spans["values"], spans["sensitive_values"], secrets);
}

/** Whether a value is there that is not null: `whole` where there are no spans, else what stands in its span. */
export function isThere(reader: JsonReader, spans: Spans | null, name: string, whole: unknown): boolean {
  if (spans === null) return whole !== null;
  const span = spans[name];
  return span !== undefined && reader.slice(span) !== "null";
}

/** Where the values stand whose text can be passed on as it is, unless there are secrets in it; null where it cannot. */
export function placedTexts(
  reader: JsonReader,
  spans: Spans | null,
  names: readonly (string | null)[],
): PlacedTexts | null {
  if (spans === null || !isPassable(reader)) return null;
  if (MARKS.some((name) => canMark(reader, spans[name]))) return null;
  const from = reader.taken.start;
  const { ascii, escaped } = reader.scanner;
  const placed = names.map((name) => {
    const span = name === null ? undefined : spans[name];
    return span === undefined ? null : { start: span.start - from, end: span.end - from };
  });
  return { ascii, escaped, spans: placed };
}
