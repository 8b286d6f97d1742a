import { SENSITIVE_VALUE } from "../../protocol/events.js";
import type { Path } from "../../protocol/events.js";
import { marksAnything, redactMarked } from "./marks.js";
import type { Redacted } from "./marks.js";
import type { SecretSet } from "./secret-set.js";

/** Keys above this depth are attribute names, which come from a schema; deeper ones can be keys of a user's map. */
const VALUE_KEY_DEPTH = 1;
/** In a configuration block the attribute names are one level deeper, under `expressions`. */
const CONFIG_KEY_DEPTH = 2;

interface Walk {
  readonly secrets: SecretSet;
  readonly keyDepth: number;
  /** Where the walk stands; copied only when something is found there. */
  readonly at: (string | number)[];
  readonly paths: Path[];
}

/** Gives new names to keys of one object that hold a secret: they must fall together neither with each other nor with another. */
function secretKeys(original: readonly (readonly [string, unknown])[]): () => string {
  const taken = new Set(original.map(([key]) => key));
  let count = 0;
  return () => {
    for (;;) {
      count += 1;
      const key = count === 1 ? SENSITIVE_VALUE : `${SENSITIVE_VALUE} ${count}`;
      if (!taken.has(key)) {
        return key;
      }
    }
  };
}

function walkChild(part: unknown, key: string | number, walk: Walk): unknown {
  walk.at.push(key);
  const walked = walkCopies(part, walk);
  walk.at.pop();
  return walked;
}

function walkObject(value: object, walk: Walk): object {
  const original = Object.entries(value) as [string, unknown][];
  const keysCanBeSecret = walk.at.length >= walk.keyDepth;
  let nextKey: (() => string) | null = null;
  let changed = false;
  const entries: [string, unknown][] = [];
  for (const [key, part] of original) {
    const isSecret = keysCanBeSecret && walk.secrets.matches(key);
    const newKey = isSecret ? (nextKey ??= secretKeys(original))() : key;
    const newPart = walkChild(part, newKey, walk);
    if (isSecret) {
      walk.paths.push([...walk.at, newKey]);
    }
    changed ||= isSecret || newPart !== part;
    entries.push([newKey, newPart]);
  }
  // `fromEntries` defines own properties, so a key `__proto__` stays an ordinary key.
  return changed ? Object.fromEntries(entries) : value;
}

function walkArray(value: readonly unknown[], walk: Walk): readonly unknown[] {
  const walked = value.map((part, index) => walkChild(part, index, walk));
  return walked.some((part, index) => part !== value[index]) ? walked : value;
}

function walkCopies(value: unknown, walk: Walk): unknown {
  const text = typeof value === "number" ? String(value) : value;
  if (typeof text === "string") {
    if (text === SENSITIVE_VALUE || !walk.secrets.matches(text)) {
      return value;
    }
    walk.paths.push([...walk.at]);
    return SENSITIVE_VALUE;
  }
  if (Array.isArray(value)) {
    return walkArray(value, walk);
  }
  return typeof value === "object" && value !== null ? walkObject(value, walk) : value;
}

function redactCopies(value: unknown, secrets: SecretSet, keyDepth: number): Redacted {
  if (secrets.isEmpty) {
    return { value, paths: [] };
  }
  const paths: Path[] = [];
  return { value: walkCopies(value, { secrets, keyDepth, at: [], paths }), paths };
}

/**
 * Replaces what the marks call sensitive, and every other string, number or map key that holds one of `secrets`.
 * Recursive: the depth of `value` must be bounded before.
 */
export function redactValue(value: unknown, marks: unknown, secrets: SecretSet): Redacted {
  if (secrets.isEmpty && !marksAnything(marks)) {
    return { value, paths: [] };
  }
  const marked = redactMarked(value, marks);
  const copies = redactCopies(marked.value, secrets, VALUE_KEY_DEPTH);
  return { value: copies.value, paths: [...marked.paths, ...copies.paths] };
}

/** An expression of the plan JSON's configuration, as far as its constant goes. */
function redactExpression(expression: unknown, marks: unknown): unknown {
  if (!marksAnything(marks) || typeof expression !== "object" || expression === null) {
    return expression;
  }
  if (Array.isArray(expression)) {
    const blocks: unknown[] = expression;
    return blocks.map((block, index) => redactExpression(block, Array.isArray(marks) ? marks[index] : marks));
  }
  if ("constant_value" in expression) {
    return { ...expression, constant_value: redactMarked(expression.constant_value, marks).value };
  }
  const marksByName = new Map<string, unknown>(
    typeof marks === "object" && marks !== null ? Object.entries(marks) : [],
  );
  const entries = Object.entries(expression).map(([name, part]: [string, unknown]) => [
    name,
    redactExpression(part, marksByName.size === 0 ? marks : marksByName.get(name)),
  ]);
  return Object.fromEntries(entries) as unknown;
}

/**
 * The configuration block of a resource without its secrets: constants at the places of `marks` (those of the
 * resource's value), and every copy of one of `secrets`.
 */
export function redactConfig(config: object, marks: readonly unknown[], secrets: SecretSet): unknown {
  const expressions = "expressions" in config ? config.expressions : undefined;
  const redacted = marks.reduce((all: unknown, one) => redactExpression(all, one), expressions);
  const whole = redacted === expressions ? config : { ...config, expressions: redacted };
  return redactCopies(whole, secrets, CONFIG_KEY_DEPTH).value;
}
