import { createHmac, randomBytes } from "node:crypto";
import { canonicalJson } from "../../base/canonical-json.js";
import type { Path } from "../../protocol/events.js";
import { sensitiveToken, TOKEN_DIGITS } from "../../protocol/sensitive.js";
import { MIN_CONTAINED_LENGTH } from "./secret-forms.js";

const KEY_BYTES = 32;

/** Where a value stands: in which object, and where in it. */
export interface Place {
  /** The resource's address, or whatever else tells one object from all others. */
  readonly object: string;
  readonly path: Path;
}

/** A scalar as text; a number and the text of it are the same secret, as core makes one of the other. */
function textOf(value: unknown): string {
  return typeof value === "string" ? value : canonicalJson(value);
}

/** Whether a value says enough that its token may be the same wherever it stands. */
function isDistinctive(value: unknown): boolean {
  if (typeof value === "string" || typeof value === "number") return textOf(value).length >= MIN_CONTAINED_LENGTH;
  return typeof value === "object" && value !== null && Object.values(value).some(isDistinctive);
}

/**
 * The tokens of one run: HMAC-SHA-256 under a random key that never leaves this process. Equal values have equal tokens
 * and different ones different tokens. Who knows a few values that are likely could try them out on what has few: so the
 * token of a value without a text or number of six characters also depends on its place, and tells at this place only
 * whether the value changes.
 */
export class Tokens {
  readonly #key = randomBytes(KEY_BYTES);
  /** By what is unlike for unlike values: first the texts themselves, as most secrets are. */
  readonly #texts = new Map<string, string>();
  readonly #others = new Map<string, string>();
  readonly #values = new Map<string, unknown>();

  /** The token of a value. A list or an object has one as a whole, whatever the order of its keys. */
  of(value: unknown, place: Place): string {
    const text = textOf(value);
    if (!isDistinctive(value)) {
      const id = JSON.stringify([place.object, place.path, typeof value === "object", text]);
      return this.#token(this.#others, `place ${id}`, text, value);
    }
    if (typeof value === "object") return this.#token(this.#others, `structure ${text}`, text, value);
    return this.#token(this.#texts, text, text, value);
  }

  /** Whether a text is a token of this run. */
  has(text: string): boolean {
    return this.#values.has(text);
  }

  /** What a token of this run stands for. */
  valueOf(token: string): unknown {
    return this.#values.get(token);
  }

  #token(tokens: Map<string, string>, id: string, text: string, value: unknown): string {
    const known = tokens.get(id);
    if (known !== undefined) return known;
    // The two maps have ids of their own; in UTF-16 also a lone surrogate counts.
    const message = tokens === this.#texts ? `text ${id}` : id;
    const digest = createHmac("sha256", this.#key).update(message, "utf16le").digest("hex").slice(0, TOKEN_DIGITS);
    const token = sensitiveToken(Buffer.byteLength(text), digest);
    tokens.set(id, token);
    this.#values.set(token, value);
    return token;
  }
}
