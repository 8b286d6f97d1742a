import type { Path } from "../../protocol/events.js";
import type { SecretSet } from "./secret-set.js";
import type { Place, Tokens } from "./tokens.js";

/** A value whose secrets were replaced, and where. Parts without a secret are the very objects that were given. */
export interface Redacted {
  readonly value: unknown;
  readonly paths: readonly Path[];
}

function isComposite(value: unknown): value is object {
  return typeof value === "object" && value !== null;
}

/** Whether there is a `true` anywhere in the marks. */
export function marksAnything(marks: unknown): boolean {
  return marks === true || (isComposite(marks) && Object.values(marks).some(marksAnything));
}

/** The part of `marks` for each part of `value`; null when the two are not of one shape. */
function pairUp(value: unknown, marks: object): [key: string | number, part: unknown, mark: unknown][] | null {
  if (Array.isArray(value) && Array.isArray(marks)) {
    const parts: unknown[] = value;
    const partMarks: unknown[] = marks;
    return parts.map((part, index) => [index, part, partMarks[index]]);
  }
  if (isComposite(value) && !Array.isArray(value) && !Array.isArray(marks)) {
    const byKey = new Map<string, unknown>(Object.entries(marks));
    return Object.entries(value).map(([key, part]) => [key, part, byKey.get(key)]);
  }
  return null;
}

/**
 * Calls `onSecret` for each part of `value` that the plan JSON's marks call sensitive, and gives the value with what
 * it returns in their places. null stays: it says that nothing was set. Marks that do not fit the value's shape but
 * mark something make all of it sensitive.
 */
function mapMarked(
  value: unknown,
  marks: unknown,
  path: Path,
  onSecret: (part: unknown, at: Path) => unknown,
): unknown {
  if (value === null || value === undefined || !marksAnything(marks)) {
    return value;
  }
  const parts = marks === true || !isComposite(marks) ? null : pairUp(value, marks);
  if (parts === null) {
    return onSecret(value, path);
  }
  const mapped = parts.map(([key, part, mark]): [string | number, unknown] => [
    key,
    mapMarked(part, mark, [...path, key], onSecret),
  ]);
  // `fromEntries` defines own properties, so a key `__proto__` stays an ordinary key.
  return Array.isArray(value) ? mapped.map(([, part]) => part) : Object.fromEntries(mapped);
}

/** Puts every marked part of `value` into `secrets`. */
export function collectMarked(value: unknown, marks: unknown, secrets: SecretSet): void {
  mapMarked(value, marks, [], (part) => {
    secrets.add(part);
    return part;
  });
}

/** Replaces every marked part of a value, which stands at `place`, by its token. */
export function redactMarked(value: unknown, marks: unknown, tokens: Tokens, place: Place): Redacted {
  const paths: Path[] = [];
  const redacted = mapMarked(value, marks, [...place.path], (part, at) => {
    paths.push(at);
    // Marked twice, by two marks of one place.
    return typeof part === "string" && tokens.has(part) ? part : tokens.of(part, { object: place.object, path: at });
  });
  return { value: redacted, paths };
}
