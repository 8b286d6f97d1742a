import type { Path } from "./protocol.js";

/** The value at a path of a resource's planned value (`after`); undefined where there is none. */
export function valueAt(resource: { after: unknown }, path: Readonly<Path>): unknown {
  return descend(resource.after, path);
}

/** Whether the value at a path, or anything around it, is known only after apply. */
export function isUnknownAt(resource: { after_unknown: unknown }, path: Readonly<Path>): boolean {
  for (let length = 0; length <= path.length; length += 1) {
    if (descend(resource.after_unknown, path.slice(0, length)) === true) return true;
  }
  return false;
}

/** Own keys only: `constructor` in a path finds nothing that is not in the value. */
function descend(value: unknown, path: Readonly<Path>): unknown {
  let current = value;
  for (const step of path) {
    if (typeof current !== "object" || current === null || !Object.hasOwn(current, step)) return undefined;
    current = Reflect.get(current, step);
  }
  return current;
}

/** An object as JSON has it: neither null nor a list. */
export function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
