import { closest, distance } from "fastest-levenshtein";

/** Longer words are no slips of the pen, and comparing them costs time. */
const MAX_COMPARED = 64;
const MAX_QUOTED = 80;

/** The known word that was probably meant, or undefined when none is near. */
export function suggest(word: string, known: readonly string[]): string | undefined {
  if (known.length === 0 || word.length > MAX_COMPARED) return undefined;
  const lower = word.toLowerCase();
  const candidate = closest(lower, known);
  return distance(lower, candidate.toLowerCase()) <= Math.max(1, Math.floor(word.length / 3)) ? candidate : undefined;
}

/** One sentence for an unknown word: the one probably meant, else all that are known. */
export function remedyForUnknown(word: string, known: readonly string[]): string {
  const candidate = suggest(word, known);
  if (candidate !== undefined) return `Did you mean "${candidate}"?`;
  return known.length === 0 ? "There is none to choose from." : `Known are: ${known.join(", ")}.`;
}

/** A user's text inside a message: quoted, without control characters, of bounded length. */
export function quote(text: string): string {
  return JSON.stringify(text.length > MAX_QUOTED ? `${text.slice(0, MAX_QUOTED)}…` : text);
}
