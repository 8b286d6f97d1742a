import * as v from "valibot";
import { parseJson } from "../../src/protocol/json.js";
import { CALL_LIMITS } from "../../src/protocol/limits.js";
import { RequestSchema, ResponseSchema } from "../../src/protocol/messages.js";

/**
 * Whether a line ends an exchange. A notification or a request of the guest does not; an answer does, and so does a
 * line that is no message at all, so that it is reported at once instead of after the deadline.
 */
export function endsExchange(line: string, maxBytes: number): boolean {
  if (!line.includes('"method"')) return true;
  let value: unknown;
  try {
    value = parseJson(line, maxBytes);
  } catch {
    return true;
  }
  return v.is(ResponseSchema, value) || !v.is(RequestSchema, value);
}

/** The lines a guest has written and that nobody has taken yet, bounded. */
export class GuestLines {
  readonly #maxBytes: number;
  #lines: string[] = [];
  #bytes = 0;
  #count = 0;

  constructor(messageBytes: number) {
    this.#maxBytes = messageBytes + CALL_LIMITS.besideAnswerBytes;
  }

  /**
   * False for line 1,001, and for one that brings all to more than a message plus 1 MiB; it is then not kept. One that
   * is not to be kept counts all the same.
   */
  add(line: string, keep = true): boolean {
    const bytes = this.#bytes + Buffer.byteLength(line);
    if (bytes > this.#maxBytes || this.#count >= CALL_LIMITS.lines) return false;
    this.#bytes = bytes;
    this.#count++;
    if (keep) this.#lines.push(line);
    return true;
  }

  take(): readonly string[] {
    const lines = this.#lines;
    this.#lines = [];
    this.#bytes = 0;
    this.#count = 0;
    return lines;
  }
}
