import { closest, distance } from "fastest-levenshtein";

/** Longer words are no slips of the pen, and comparing them costs time. */
const MAX_COMPARED = 64;

/** The known word that was probably meant, or undefined when none is near. Upper and lower case count as the same. */
export function nearest(word: string, known: readonly string[]): string | undefined {
  const others = known.filter((other) => other !== word && other.length <= MAX_COMPARED);
  if (others.length === 0 || word.length > MAX_COMPARED) return undefined;
  const lower = word.toLowerCase();
  const lowered = others.map((other) => other.toLowerCase());
  const best = closest(lower, lowered);
  const isNear = distance(lower, best) <= Math.max(1, Math.floor(word.length / 3));
  return isNear ? others[lowered.indexOf(best)] : undefined;
}

/** One sentence for an unknown word: the one probably meant, else all that are known. */
export function remedyForUnknown(word: string, known: readonly string[]): string {
  const meant = nearest(word, known);
  if (meant !== undefined) return `Did you mean "${meant}"?`;
  return known.length === 0 ? "There is none to choose from." : `Known are: ${known.join(", ")}.`;
}
