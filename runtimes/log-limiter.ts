import type { Limits } from "../src/protocol/limits.js";
import type { LogLevel, LogRecord } from "../src/protocol/messages.js";

const WINDOW_MS = 1_000;
const MARK = "…";
const MARK_BYTES = 3;

/** The limits that a log is held to. */
export type LogLimits = Pick<Limits, "logLineBytes" | "logLinesPerSecond">;

/**
 * Holds the log of one guest to its limits: a record's message is cut at `logLineBytes` of UTF-8 (never inside a
 * character; a cut one ends in `…` where that fits), and of every second only the first `logLinesPerSecond` records
 * reach the sink. The others are counted; one record of level `warn` tells how many, with the first record after that
 * second or at `flush`. Needs no timer, so it never keeps a process alive, and holds no record.
 */
export class LogLimiter {
  readonly #limits: LogLimits;
  readonly #sink: (record: LogRecord) => void;
  readonly #now: () => number;
  readonly #cut: Uint8Array;
  readonly #encoder = new TextEncoder();
  /** Not fatal: a log line with broken UTF-8 is still worth reading. */
  readonly #decoder = new TextDecoder("utf-8", { ignoreBOM: true });
  #windowStart = -Infinity;
  #used = 0;
  #dropped = 0;

  /** `now`: a clock that never goes back, in ms. */
  constructor(limits: LogLimits, sink: (record: LogRecord) => void, now: () => number = () => performance.now()) {
    this.#limits = limits;
    this.#sink = sink;
    this.#now = now;
    this.#cut = new Uint8Array(limits.logLineBytes);
  }

  /** Takes one record; throws only what the sink throws. */
  push(record: LogRecord): void {
    if (this.#admit()) this.#sink({ level: record.level, message: this.#cutText(record.message) });
  }

  /** Like `push`, for a line still in bytes: a line over the rate is not even decoded. Broken UTF-8 becomes U+FFFD. */
  pushBytes(level: LogLevel, line: Uint8Array): void {
    if (!this.#admit()) return;
    // One byte more than allowed is enough for the text to be seen as too long.
    const seen = line.subarray(0, this.#limits.logLineBytes + 1);
    this.#sink({ level, message: this.#cutText(this.#decoder.decode(seen)) });
  }

  /** Tells of the records dropped so far, if any; to be called at the guest's end. */
  flush(): void {
    if (this.#dropped === 0) return;
    const lines = this.#dropped === 1 ? "1 log line" : `${this.#dropped} log lines`;
    this.#dropped = 0;
    this.#sink({ level: "warn", message: `${lines} dropped: over ${this.#limits.logLinesPerSecond} a second` });
  }

  #admit(): boolean {
    const now = this.#now();
    if (now - this.#windowStart >= WINDOW_MS) {
      this.#windowStart = now;
      this.#used = 0;
      this.flush();
    }
    if (this.#used >= this.#limits.logLinesPerSecond) {
      this.#dropped++;
      return false;
    }
    this.#used++;
    return true;
  }

  #cutText(text: string): string {
    const limit = this.#limits.logLineBytes;
    if (text.length * 3 <= limit) return text;
    // `encodeInto` stops before a character that does not fit whole.
    if (this.#encoder.encodeInto(text, this.#cut).read === text.length) return text;
    if (limit < MARK_BYTES) return text.slice(0, this.#encoder.encodeInto(text, this.#cut).read);
    return text.slice(0, this.#encoder.encodeInto(text, this.#cut.subarray(0, limit - MARK_BYTES)).read) + MARK;
  }
}
