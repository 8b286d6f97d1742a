import { bytes, readClosing, savedText, unsavedText } from "./plan-closing.js";
import type { Closing, ClosingTexts } from "./plan-closing.js";

/** How much of what core says behind its closing text is held with it, in bytes. More of it goes out before. */
const MAX_AFTER = 64 * 1024;

/** What stands in place of core's closing text. */
export type PlanEnding =
  /** What core says without `-out`. */
  | { readonly kind: "unsaved" }
  /** What core says with the `-out` of the user. */
  | { readonly kind: "saved"; readonly path: string }
  /** Nothing: an apply follows, or the plan was refused. */
  | { readonly kind: "none" };

/**
 * A filter for the human stdout of `plan -out=FILE` where FILE is ours: core's closing text, which names it, is held
 * back until it is known what to say in its place. Everything else goes through at once, byte for byte; of what may
 * become the closing text only as much is held as agrees with it: an empty line, or the first bytes of a rule.
 */
export class PlanTail {
  readonly #texts: ClosingTexts;
  /** What may be the start of the closing text; one character for each byte. */
  #held = "";
  #closing: Closing | undefined;
  #after = "";
  /** The last byte that went out or precedes what is held. */
  #last = "\n";

  constructor(texts: ClosingTexts) {
    this.#texts = texts;
  }

  /** Takes what core wrote; gives what is to be shown now. */
  push(chunk: Uint8Array): Buffer {
    const text = Buffer.from(chunk.buffer, chunk.byteOffset, chunk.byteLength).toString("latin1");
    return Buffer.from(this.#closing === undefined ? this.#search(this.#held + text) : this.#follow(text), "latin1");
  }

  /** Whether core said that it saved the plan. */
  get closed(): boolean {
    return this.#closing !== undefined;
  }

  /** When core has ended: gives what is still to be shown. */
  end(ending: PlanEnding): Buffer {
    const rest = this.#closing === undefined ? this.#held : this.#ending(this.#closing, ending) + this.#after;
    this.#held = "";
    this.#after = "";
    return Buffer.from(rest, "latin1");
  }

  #ending({ rule, columns, generated }: Closing, ending: PlanEnding): string {
    const { core } = this.#texts;
    switch (ending.kind) {
      case "none":
        return generated === "" ? "" : rule + generated;
      case "unsaved":
        return rule + generated + bytes(unsavedText(core, columns));
      case "saved":
        return rule + generated + bytes(savedText({ core, planPath: ending.path }, columns));
    }
  }

  /** Looks for the closing text; gives what is in front of it, or of what may become it. */
  #search(output: string): string {
    for (let at = this.#candidate(output, 0); at >= 0; at = this.#candidate(output, at + 1)) {
      const found = readClosing(output.slice(at), this.#texts);
      if (found === "no") continue;
      if (at > 0) this.#last = output.charAt(at - 1);
      this.#held = found === "more" ? output.slice(at) : "";
      if (found === "more") return output.slice(0, at);
      this.#closing = found.closing;
      return output.slice(0, at) + this.#follow(output.slice(at + found.length));
    }
    this.#held = "";
    if (output !== "") this.#last = output.slice(-1);
    return output;
  }

  /** Where the next empty line or escape sequence begins; a rule begins with one of the two. */
  #candidate(output: string, from: number): number {
    for (let at = from; at < output.length; at++) {
      const character = output.charAt(at);
      if (character === "\u001b") return at;
      if (character === "\n" && (at === 0 ? this.#last : output.charAt(at - 1)) === "\n") return at;
    }
    return -1;
  }

  #follow(text: string): string {
    this.#after += text;
    if (this.#after.length <= MAX_AFTER) return "";
    const over = this.#after;
    this.#after = "";
    return over;
  }
}
