import type { SecretSet } from "../sensitive/secret-set.js";
import type { JsonReader } from "./json-reader.js";

/**
 * The text of the value that a reader has just taken, where it can go into an event as it stands: it is one line, every reader
 * sees the same numbers in it, nothing in it looks like a token, and none of the secrets is in it. Else null: the value must then be
 * made and looked through part by part. What marks of its own say must be known beside.
 */
export function passableText(reader: JsonReader, secrets: SecretSet): string | null {
  const { multiline, oddNumber, lookalike, escaped } = reader.scanner;
  if (multiline || oddNumber || lookalike) return null;
  const text = reader.slice();
  if (secrets.isEmpty) return text;
  // Without an escape every text inside is written as it is.
  return escaped || !secrets.isFoundInside || secrets.isIn(text) ? null : text;
}
