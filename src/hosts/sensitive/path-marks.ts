import type { Path } from "../../protocol/events.js";

function isComposite(value: unknown): value is object {
  return typeof value === "object" && value !== null;
}

function partsOf(value: unknown): Map<string, unknown> {
  return new Map(isComposite(value) ? Object.entries(value) : []);
}

/** Marks of one part, in an array or an object as the value itself is one. */
function markPart(key: string | number, mark: unknown, value: unknown): unknown {
  if (Array.isArray(value) && typeof key === "number" && key < value.length) {
    const marks: unknown[] = value.map(() => false);
    marks[key] = mark;
    return marks;
  }
  return Object.fromEntries([[String(key), mark]]);
}

/** The marks of one path, in the plan JSON's form; a path into what is no such part marks the whole of it. */
function marksOfPath([key, ...rest]: Path, value: unknown): unknown {
  if (key === undefined || !isComposite(value)) return true;
  const part = partsOf(value).get(String(key));
  return part === undefined && Array.isArray(value) ? true : markPart(key, marksOfPath(rest, part), value);
}

/** Marks of both, in the plan JSON's form: what either calls sensitive is. */
export function mergeMarks(one: unknown, other: unknown): unknown {
  if (one === true || other === true) return true;
  if (!isComposite(one)) return other;
  if (!isComposite(other)) return one;
  if (Array.isArray(one) !== Array.isArray(other)) return true;
  const left = partsOf(one);
  const right = partsOf(other);
  const merged = [...new Set([...left.keys(), ...right.keys()])].map((key): [string, unknown] => [
    key,
    mergeMarks(left.get(key), right.get(key)),
  ]);
  if (!Array.isArray(one)) return Object.fromEntries(merged);
  const marks: unknown[] = [];
  for (const [key, mark] of merged) marks[Number(key)] = mark;
  return marks;
}

/** The marks that paths give to a value, in the plan JSON's form. */
export function pathMarks(paths: readonly Path[], value: unknown): unknown {
  return paths.map((path) => marksOfPath(path, value)).reduce((all, one) => mergeMarks(all, one), false);
}
