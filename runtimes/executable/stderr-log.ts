import type { LogLimiter } from "../log-limiter.js";

const LF = 0x0a;
const CR = 0x0d;
/** The end of stderr that goes into the message about a crash, in bytes. */
const TAIL_BYTES = 2_048;
const TAIL_LINES = 10;

/**
 * Turns the bytes of stderr into log lines of level `info`. Holds at most `logLineBytes` + 1 bytes of an unfinished
 * line and the last 2 KiB of all; takes every chunk at once, so a guest never waits for its stderr to be read.
 */
export class StderrLog {
  readonly #limiter: LogLimiter;
  readonly #line: Uint8Array;
  #length = 0;
  #tail: Uint8Array = new Uint8Array(0);

  constructor(limiter: LogLimiter, logLineBytes: number) {
    this.#limiter = limiter;
    // One byte more than a line may have: the limiter sees by it that the line was cut.
    this.#line = new Uint8Array(logLineBytes + 1);
  }

  push(chunk: Uint8Array): void {
    this.#keepTail(chunk);
    let start = 0;
    for (let end = chunk.indexOf(LF); end !== -1; end = chunk.indexOf(LF, start)) {
      this.#append(chunk.subarray(start, end));
      this.#emit();
      start = end + 1;
    }
    this.#append(chunk.subarray(start));
  }

  /** The guest has ended: an unfinished line counts as one, and the lines dropped are told. */
  end(): void {
    if (this.#length > 0) this.#emit();
    this.#limiter.flush();
  }

  /** The last lines of stderr, ten lines and 2 KiB at most, without control characters; empty when there were none. */
  lastLines(): readonly string[] {
    return new TextDecoder()
      .decode(this.#tail)
      .split("\n")
      .map((line) => line.replace(/\p{Cc}/gu, " ").trimEnd())
      .filter((line) => line !== "")
      .slice(-TAIL_LINES);
  }

  #append(bytes: Uint8Array): void {
    const fits = bytes.subarray(0, this.#line.length - this.#length);
    this.#line.set(fits, this.#length);
    this.#length += fits.length;
  }

  #emit(): void {
    const end = this.#length > 0 && this.#line[this.#length - 1] === CR ? this.#length - 1 : this.#length;
    this.#length = 0;
    this.#limiter.pushBytes("info", this.#line.subarray(0, end));
  }

  #keepTail(chunk: Uint8Array): void {
    const joined = Buffer.concat([this.#tail, chunk.subarray(-TAIL_BYTES)]);
    this.#tail = Uint8Array.from(joined.subarray(-TAIL_BYTES));
  }
}
