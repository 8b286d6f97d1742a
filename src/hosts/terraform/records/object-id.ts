import { randomBytes } from "node:crypto";
import { entryIn } from "../metadata/entry.js";

/** The id that stands in an object's private bytes; null where there is none, or what stands there is not ours. */
export function idIn(privateBytes: Uint8Array): string | null {
  return entryIn(privateBytes).id;
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
