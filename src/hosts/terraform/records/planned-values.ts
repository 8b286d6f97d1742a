import { canonicalJson } from "../../../base/canonical-json.js";

/** A value of core, decoded: `unknown` is `true` at every place that is not known yet, in the plan JSON's form. */
export interface PartialValue {
  readonly value: unknown;
  readonly unknown: unknown;
}

/** One planned object, and whatever its finder wants back. */
interface Entry<Found> {
  readonly planned: PartialValue;
  readonly found: Found;
}

/** Planned objects that no value can tell apart. */
interface Alike<Found> {
  readonly planned: PartialValue;
  readonly found: Found[];
}

function isObject(value: unknown): value is object {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function entriesOf(value: unknown): Map<string, unknown> {
  return new Map(isObject(value) ? Object.entries(value) : []);
}

/** Whether nothing of it is unknown. */
function isKnown(unknown: unknown): boolean {
  if (unknown === true) return false;
  return typeof unknown !== "object" || unknown === null || Object.values(unknown).every(isKnown);
}

/** Whether what was known of a planned value is so in the real one. */
function fits(planned: unknown, unknown: unknown, real: unknown): boolean {
  if (unknown === true) return true;
  if (isKnown(unknown)) return canonicalJson(planned ?? null) === canonicalJson(real ?? null);
  if (Array.isArray(planned) && Array.isArray(real)) {
    const marks: unknown[] = Array.isArray(unknown) ? unknown : [];
    const parts: unknown[] = real;
    // Elements of a set may have changed places once they are known.
    return planned.length === parts.length && planned.every((part, at) => fits(part, marks[at] ?? true, parts[at]));
  }
  if (!isObject(planned) || !isObject(real)) return false;
  const marks = entriesOf(unknown);
  const parts = entriesOf(real);
  const names = new Set([...entriesOf(planned).keys(), ...marks.keys()]);
  const own = entriesOf(planned);
  return [...names].every((name) => fits(own.get(name), marks.get(name), parts.get(name)));
}

/**
 * Finds which planned object a value belongs to, when core applies it: what was known while planning must be the same.
 * Objects of one type; looking one up does not take longer the more there are, as long as they differ in what was known,
 * or in nothing.
 */
export class PlannedValues<Found> {
  readonly #names: readonly string[];
  readonly #buckets = new Map<string, Map<string, Alike<Found>>>();

  constructor(entries: readonly Entry<Found>[]) {
    const unknowns = entries.map(({ planned }) => entriesOf(planned.unknown));
    const all = new Set(entries.flatMap(({ planned }) => [...entriesOf(planned.value).keys()]));
    this.#names = [...all].filter((name) => unknowns.every((unknown) => isKnown(unknown.get(name)))).sort();
    for (const entry of entries) {
      const key = this.#keyOf(entry.planned.value);
      const bucket = this.#buckets.get(key) ?? new Map<string, Alike<Found>>();
      this.#buckets.set(key, bucket);
      const form = canonicalJson([entry.planned.value, entry.planned.unknown]);
      const alike = bucket.get(form);
      if (alike === undefined) bucket.set(form, { planned: entry.planned, found: [entry.found] });
      else alike.found.push(entry.found);
    }
  }

  /** All that the value can be; one when there is no doubt. */
  find(value: unknown): readonly Found[] {
    const bucket = [...(this.#buckets.get(this.#keyOf(value))?.values() ?? [])];
    return bucket.filter(({ planned }) => fits(planned.value, planned.unknown, value)).flatMap(({ found }) => found);
  }

  #keyOf(value: unknown): string {
    const parts = entriesOf(value);
    return canonicalJson(this.#names.map((name) => parts.get(name) ?? null));
  }
}
