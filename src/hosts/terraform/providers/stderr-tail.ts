/** Lines kept of what a provider wrote last, and of a panic from its start; as many as core keeps. */
const MAX_LINES = 100;
const MAX_LINE_BYTES = 2 * 1024;
/** What go-plugin buffers of one line, too (`defaultPluginLogBufferSize`). */
const MAX_PENDING_BYTES = 64 * 1024;

/** Where a Go program says why it dies; the last is a signal (`runtime/signal_unix.go`, sighandler). */
export const PANIC = /^(?:panic: |fatal error: |SIG[A-Z]+: )/;

/**
 * Splits stderr into lines, hands each on, and keeps what explains a death: a panic from its first line, else the last
 * lines. Holds at most 264 KiB.
 */
export class StderrTail {
  readonly #onLine: (line: string) => void;
  #pending = Buffer.alloc(0);
  #last: string[] = [];
  #panic: string[] | undefined;

  constructor(onLine: (line: string) => void) {
    this.#onLine = onLine;
  }

  push(chunk: Buffer): void {
    this.#pending = Buffer.concat([this.#pending, chunk]);
    let from = 0;
    for (let end = this.#pending.indexOf(0x0a); end !== -1; end = this.#pending.indexOf(0x0a, from)) {
      this.#take(this.#pending.subarray(from, end));
      from = end + 1;
    }
    this.#pending = Buffer.from(this.#pending.subarray(from));
    if (this.#pending.length > MAX_PENDING_BYTES) this.end();
  }

  /** What came without a line end is a line, too. */
  end(): void {
    if (this.#pending.length > 0) this.#take(this.#pending);
    this.#pending = Buffer.alloc(0);
  }

  /** What explains a death, in order. */
  get lines(): readonly string[] {
    return this.#panic ?? this.#last;
  }

  #take(bytes: Buffer): void {
    const line = bytes.toString("utf8").replace(/\r$/, "");
    this.#onLine(line);
    const kept = line.slice(0, MAX_LINE_BYTES);
    if (this.#panic === undefined && PANIC.test(line)) this.#panic = [];
    if (this.#panic !== undefined) {
      if (this.#panic.length < MAX_LINES) this.#panic.push(kept);
      return;
    }
    this.#last.push(kept);
    if (this.#last.length > MAX_LINES) this.#last.shift();
  }
}
