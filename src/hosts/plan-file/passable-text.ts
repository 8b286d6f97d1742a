import type { SecretSet } from "../sensitive/secret-set.js";
import type { JsonReader } from "./json-reader.js";

/**
 * Whether the text of the value that a reader has just taken can go into an event as it stands, as far as its form goes: it is one line,
 * every reader sees the same numbers in it, and nothing in it looks like a token.
 */
export function isPassable(reader: JsonReader): boolean {
  const { multiline, oddNumber, lookalike } = reader.scanner;
  return !multiline && !oddNumber && !lookalike;
}

/**
 * Whether none of the secrets is in a text. False also where that is not sure: then its value must be made, and looked through part by part. What marks of
 * its own say must be known beside.
 */
export function isWithoutSecrets(text: string, escaped: boolean, secrets: SecretSet): boolean {
  if (secrets.isEmpty) return true;
  // Without an escape every text inside is written as it is.
  return !escaped && secrets.isFoundInside && !secrets.isIn(text);
}
