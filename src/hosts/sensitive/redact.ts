import type { Path } from "../../protocol/events.js";
import { resemblesToken } from "../../protocol/sensitive.js";
import { marksAnything, redactMarked } from "./marks.js";
import type { Redacted } from "./marks.js";
import type { SecretSet } from "./secret-set.js";

/** Keys above this depth are attribute names, which come from a schema; deeper ones can be keys of a user's map. */
const VALUE_KEY_DEPTH = 1;
/** In a configuration block the attribute names are one level deeper, under `expressions`. */
const CONFIG_KEY_DEPTH = 2;

interface Walk {
  readonly secrets: SecretSet;
  /** What the value belongs to, as for tokens. */
  readonly object: string;
  readonly keyDepth: number;
  /** Where the walk stands; copied only when something is found there. */
  readonly at: (string | number)[];
  readonly paths: Path[];
}

/** Whether a text holds a secret, or would be taken for a token and is none. */
function isHidden(text: string, secrets: SecretSet): boolean {
  return resemblesToken(text) ? !secrets.tokens.has(text) : secrets.matches(text);
}

function tokenOf(value: unknown, { secrets, object, at }: Walk): string {
  return secrets.tokens.of(value, { object, path: at });
}

function walkChild(part: unknown, key: string | number, walk: Walk): unknown {
  walk.at.push(key);
  const walked = walkCopies(part, walk);
  walk.at.pop();
  return walked;
}

/** Different keys have different tokens, and no other key looks like one: none are ever made one. */
function walkObject(value: object, walk: Walk): object {
  const keysCanBeSecret = walk.at.length >= walk.keyDepth;
  const parts = value as Readonly<Record<string, unknown>>;
  const keys = Object.keys(value);
  // Most objects hold nothing; entries are made from the first part on that does.
  let entries: [string, unknown][] | null = null;
  for (const [at, key] of keys.entries()) {
    const part = parts[key];
    const isSecret = keysCanBeSecret && isHidden(key, walk.secrets);
    const newKey = isSecret ? tokenOf(key, walk) : key;
    const newPart = walkChild(part, newKey, walk);
    if (isSecret) {
      walk.paths.push([...walk.at, newKey]);
    }
    if (entries === null && !isSecret && newPart === part) continue;
    entries ??= keys.slice(0, at).map((same) => [same, parts[same]]);
    entries.push([newKey, newPart]);
  }
  // `fromEntries` defines own properties, so a key `__proto__` stays an ordinary key.
  return entries === null ? value : Object.fromEntries(entries);
}

function walkArray(value: readonly unknown[], walk: Walk): readonly unknown[] {
  const walked = value.map((part, index) => walkChild(part, index, walk));
  return walked.some((part, index) => part !== value[index]) ? walked : value;
}

function walkCopies(value: unknown, walk: Walk): unknown {
  const text = typeof value === "number" ? String(value) : value;
  if (typeof text === "string") {
    if (!isHidden(text, walk.secrets)) {
      return value;
    }
    walk.paths.push([...walk.at]);
    return tokenOf(text, walk);
  }
  if (Array.isArray(value)) {
    return walkArray(value, walk);
  }
  return typeof value === "object" && value !== null ? walkObject(value, walk) : value;
}

/** Whether any text or key in a value could be taken for a token. */
function holdsLookalike(value: unknown): boolean {
  if (typeof value === "string") return resemblesToken(value);
  if (Array.isArray(value)) return value.some(holdsLookalike);
  if (typeof value !== "object" || value === null) return false;
  return Object.entries(value).some(([key, part]) => resemblesToken(key) || holdsLookalike(part));
}

function redactCopies(value: unknown, secrets: SecretSet, object: string, keyDepth: number): Redacted {
  if (secrets.isEmpty && !holdsLookalike(value)) {
    return { value, paths: [] };
  }
  const paths: Path[] = [];
  return { value: walkCopies(value, { secrets, object, keyDepth, at: [], paths }), paths };
}

/**
 * Replaces by tokens what the marks call sensitive, and every other string, number or map key that holds one of
 * `secrets` or looks like a token. `object` tells the one that the value belongs to from all others: its address.
 * Recursive: the depth of `value` must be bounded before.
 */
export function redactValue(value: unknown, marks: unknown, secrets: SecretSet, object: string): Redacted {
  const marked = marksAnything(marks)
    ? redactMarked(value, marks, secrets.tokens, { object, path: [] })
    : { value, paths: [] };
  const copies = redactCopies(marked.value, secrets, object, VALUE_KEY_DEPTH);
  return { value: copies.value, paths: [...marked.paths, ...copies.paths] };
}

/** What integrations stored for a resource, by integration, without the secrets that are in it. */
export function redactMetadata<Metadata extends object>(metadata: Metadata, secrets: SecretSet, object: string) {
  return redactCopies(metadata, secrets, object, VALUE_KEY_DEPTH).value as Metadata;
}

interface Expressions {
  readonly secrets: SecretSet;
  readonly object: string;
}

/** An expression of the plan JSON's configuration, as far as its constant goes; `path` is that of its value. */
function redactExpression(expression: unknown, marks: unknown, of: Expressions, path: Path): unknown {
  if (!marksAnything(marks) || typeof expression !== "object" || expression === null) {
    return expression;
  }
  if (Array.isArray(expression)) {
    const blocks: unknown[] = expression;
    return blocks.map((block, index) =>
      redactExpression(block, Array.isArray(marks) ? marks[index] : marks, of, [...path, index]),
    );
  }
  if ("constant_value" in expression) {
    const place = { object: of.object, path };
    return {
      ...expression,
      constant_value: redactMarked(expression.constant_value, marks, of.secrets.tokens, place).value,
    };
  }
  const marksByName = new Map<string, unknown>(
    typeof marks === "object" && marks !== null ? Object.entries(marks) : [],
  );
  const entries = Object.entries(expression).map(([name, part]: [string, unknown]) => [
    name,
    redactExpression(part, marksByName.size === 0 ? marks : marksByName.get(name), of, [...path, name]),
  ]);
  return Object.fromEntries(entries) as unknown;
}

/**
 * The configuration block of a resource without its secrets: constants at the places of `marks` (those of the
 * resource's value), and every copy of one of `secrets`. A constant has the token that its value has.
 */
export function redactConfig(config: object, marks: readonly unknown[], secrets: SecretSet, object: string): unknown {
  const expressions = "expressions" in config ? config.expressions : undefined;
  const of = { secrets, object };
  const redacted = marks.reduce((all: unknown, one) => redactExpression(all, one, of, []), expressions);
  const whole = redacted === expressions ? config : { ...config, expressions: redacted };
  return redactCopies(whole, secrets, object, CONFIG_KEY_DEPTH).value;
}
