import type { OutputFilter } from "./output-filter.js";
import { bytes } from "./plan-closing.js";

/** How much of the start of a plan's output is kept, in bytes. */
const MAX_START = 64 * 1024;
const COLOURED = new RegExp(String.raw`^(?:\u001b\[0m)*\u001b\[33m${bytes("╷")}`);
const COLOURED_END = bytes("╵");
const PLAIN = /^\nWarning: /;
const WHOLE = /^\nWarning: [^\n]*\n/;
/** What comes behind warnings: an empty line, progress of an object, or nothing. */
const BEHIND = /^(?:\n|\S+: |$)/;

/**
 * Core warns at its start of what it is started with, such as development overrides: once when it plans and once more
 * when it applies that plan. This filter for the stdout of the apply takes out what the planning began with, byte for
 * byte the same; everything else goes through.
 */
export class SaidBefore implements OutputFilter {
  /** One character for each byte. */
  #start = "";
  #held = "";
  #isDone = false;

  /** Takes what core printed while it planned. */
  planned(chunk: Uint8Array): void {
    const room = MAX_START - this.#start.length;
    if (room > 0) this.#start += Buffer.from(chunk).toString("latin1").slice(0, room);
  }

  /** Whether the planning began with warnings; without any there is nothing to take out. */
  get hasWarnings(): boolean {
    return COLOURED.test(this.#start) || PLAIN.test(this.#start);
  }

  push(chunk: Uint8Array): Buffer {
    if (this.#isDone) return Buffer.from(chunk);
    this.#held += Buffer.from(chunk).toString("latin1");
    return this.#start.length > this.#held.length && this.#start.startsWith(this.#held)
      ? Buffer.alloc(0)
      : this.#rest();
  }

  end(): Buffer {
    return this.#isDone ? Buffer.alloc(0) : this.#rest();
  }

  #rest(): Buffer {
    this.#isDone = true;
    const rest = this.#held.slice(warningsIn(this.#start, commonStart(this.#start, this.#held)));
    this.#held = "";
    return Buffer.from(rest, "latin1");
  }
}

function commonStart(one: string, other: string): string {
  let at = 0;
  while (at < one.length && at < other.length && one.charCodeAt(at) === other.charCodeAt(at)) at += 1;
  return one.slice(0, at);
}

/** How long the whole warnings are that `start` begins with, as far as they are `common`. */
function warningsIn(start: string, common: string): number {
  if (COLOURED.test(common)) {
    const last = common.lastIndexOf(COLOURED_END);
    return last < 0 ? 0 : common.indexOf("\n", last) + 1;
  }
  if (!PLAIN.test(common)) return 0;
  // Nothing marks the end of one without colours; an empty line belongs to what follows it.
  const lines = common.slice(0, common.lastIndexOf("\n") + 1).replace(/\n+$/, "\n");
  if (WHOLE.test(lines) && BEHIND.test(start.slice(lines.length))) return lines.length;
  return common.lastIndexOf("\n\nWarning: ") + 1;
}
