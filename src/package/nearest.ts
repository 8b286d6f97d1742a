import { closest, distance } from "fastest-levenshtein";

/** Longer names are no slips of the pen, and comparing them costs time. */
const MAX_COMPARED = 64;

/** The known name that was probably meant, or undefined when none is near. */
export function nearest(name: string, known: readonly string[]): string | undefined {
  const near = known.filter((other) => other !== name && other.length <= MAX_COMPARED);
  if (near.length === 0 || name.length > MAX_COMPARED) return undefined;
  const candidate = closest(name, near);
  return distance(name, candidate) <= Math.max(1, Math.floor(name.length / 3)) ? candidate : undefined;
}
