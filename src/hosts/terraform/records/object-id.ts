import { randomBytes } from "node:crypto";
import * as v from "valibot";
import { readPrivate, withPrivate } from "../tfplugin/private-entry.js";

/** What we keep in the private bytes of an object. Unknown keys are tolerated, so that an older Airlock can read on. */
const EntrySchema = v.looseObject({ id: v.pipe(v.string(), v.minLength(1), v.maxLength(64)) });

/** The id that stands in an object's private bytes; null where there is none, or what stands there is not ours. */
export function idIn(privateBytes: Uint8Array): string | null {
  const found = readPrivate(privateBytes);
  if (found.kind !== "entry") return null;
  const entry = v.safeParse(EntrySchema, found.entry);
  return entry.success ? entry.output.id : null;
}

/**
 * Private bytes with another id, all else of our entry kept; null where there is no place for one: bytes that are no
 * JSON object, or hold something under our key that we did not write, stay as they are.
 */
export function withId(privateBytes: Uint8Array, kept: Uint8Array, id: string): Uint8Array | null {
  const found = readPrivate(kept);
  const entry = found.kind === "entry" && typeof found.entry === "object" ? found.entry : {};
  const written = withPrivate(privateBytes, { ...entry, id });
  return written.kind === "stored" ? written.bytes : null;
}

/** Makes ids that no other run makes. */
export class ObjectIds {
  readonly #prefix = randomBytes(9).toString("base64url");
  #count = 0;

  next(): string {
    this.#count += 1;
    return `${this.#prefix}.${this.#count.toString(36)}`;
  }
}
