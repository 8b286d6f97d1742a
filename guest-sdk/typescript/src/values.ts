import type { Path } from "./protocol.js";

/** The value at a path of a resource's planned value (`after`); undefined where there is none. */
export function valueAt(resource: { after: unknown }, path: Readonly<Path>): unknown {
  return descend(resource.after, path);
}

const TOKEN = /^\(sensitive value (?:0-15|16-63|64-255|256\+):[0-9a-f]{24}\)$/;

/**
 * Whether a value of an event is the token of a sensitive one. Within a run equal secrets have equal tokens, so
 * `before.password !== after.password` tells that it changes. What a resource itself holds never has this form.
 */
export function isSensitive(value: unknown): value is string {
  return typeof value === "string" && TOKEN.test(value);
}

/** Whether the value at a path, or anything around it, is known only after apply. */
export function isUnknownAt(resource: { after_unknown: unknown }, path: Readonly<Path>): boolean {
  let current = resource.after_unknown;
  for (const step of path) {
    if (current === true) return true;
    current = child(current, step);
  }
  return current === true;
}

function descend(value: unknown, path: Readonly<Path>): unknown {
  let current = value;
  for (const step of path) current = child(current, step);
  return current;
}

/** Own keys only: `constructor` in a path finds nothing that is not in the value. */
function child(value: unknown, step: string | number): unknown {
  if (typeof value !== "object" || value === null || !Object.hasOwn(value, step)) return undefined;
  return Reflect.get(value, step);
}

/** An object as JSON has it: neither null nor a list. */
export function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** Whether a value is to be waited for. */
export function isPromise<T>(value: T | Promise<T>): value is Promise<T> {
  return typeof value === "object" && value !== null && "then" in value && typeof value.then === "function";
}
