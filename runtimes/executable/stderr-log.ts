import type { LogLimiter } from "../log-limiter.js";
import { LogLines } from "../log-lines.js";

/** The end of stderr that goes into the message about a crash, in bytes. */
const TAIL_BYTES = 2_048;
const TAIL_LINES = 10;

/**
 * Turns the bytes of stderr into log lines of level `info`. Holds at most `logLineBytes` + 1 bytes of an unfinished
 * line and the last 2 KiB of all; takes every chunk at once, so a guest never waits for its stderr to be read.
 */
export class StderrLog {
  readonly #limiter: LogLimiter;
  readonly #lines: LogLines;
  #tail: Uint8Array = new Uint8Array(0);

  constructor(limiter: LogLimiter, logLineBytes: number) {
    this.#limiter = limiter;
    this.#lines = new LogLines(logLineBytes, (line) => {
      limiter.pushBytes("info", line);
    });
  }

  push(chunk: Uint8Array): void {
    this.#keepTail(chunk);
    this.#lines.push(chunk);
  }

  /** The guest has ended: an unfinished line counts as one, and the lines dropped are told. */
  end(): void {
    this.#lines.flush();
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

  #keepTail(chunk: Uint8Array): void {
    const joined = Buffer.concat([this.#tail, chunk.subarray(-TAIL_BYTES)]);
    this.#tail = Uint8Array.from(joined.subarray(-TAIL_BYTES));
  }
}
