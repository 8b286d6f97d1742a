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

/** The parts of `value` that the marks say something of; null when the two are not of one shape. */
function pairUp(value: object, marks: object): (readonly [key: string, part: unknown, mark: unknown])[] | null {
  if (Array.isArray(value) !== Array.isArray(marks)) return null;
  const parts = value as Readonly<Record<string, unknown>>;
  return Object.entries(marks).flatMap(([key, mark]) =>
    Object.hasOwn(parts, key) ? [[key, parts[key], mark] as const] : [],
  );
}

/** The same with other parts. They are defined, not assigned, so a key `__proto__` stays an ordinary key. */
function withParts(value: object, parts: readonly (readonly [key: string, part: unknown])[]): object {
  const copy: object = Array.isArray(value) ? [...(value as unknown[])] : { ...value };
  for (const [key, part] of parts) {
    Object.defineProperty(copy, key, { value: part, writable: true, enumerable: true, configurable: true });
  }
  return copy;
}

/**
 * Calls `onSecret` for each part of `value` that the plan JSON's marks call sensitive, and gives the value with what
 * it returns in their places. null stays: it says that nothing was set. Marks that do not fit the value's shape but
 * mark something make all of it sensitive. Looks along the marks only: most of a value has none.
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
  const parts = marks === true || !isComposite(marks) || !isComposite(value) ? null : pairUp(value, marks);
  if (parts === null || !isComposite(value)) {
    return onSecret(value, path);
  }
  const step = Array.isArray(value) ? Number : String;
  const mapped = parts.map(([key, part, mark]) => {
    return [key, mapMarked(part, mark, [...path, step(key)], onSecret)] as const;
  });
  return withParts(value, mapped);
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
