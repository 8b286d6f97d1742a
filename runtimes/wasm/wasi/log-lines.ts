const LF = 0x0a;
const CR = 0x0d;
/** Not fatal: a log line with broken UTF-8 is still worth reading. */
const text = new TextDecoder("utf-8", { ignoreBOM: true });

/**
 * Splits what a guest writes for its log into lines. Of each line it holds no more than `maxBytes` and one, so that
 * who cuts the line sees that it was longer; the rest is dropped. A line's CR and empty lines are left out.
 */
export class LogLines {
  readonly #line: Uint8Array;
  readonly #sink: (line: string) => void;
  #length = 0;

  constructor(maxBytes: number, sink: (line: string) => void) {
    this.#line = new Uint8Array(maxBytes + 1);
    this.#sink = sink;
  }

  push(chunk: Uint8Array): void {
    let start = 0;
    for (let end = chunk.indexOf(LF); end !== -1; end = chunk.indexOf(LF, start)) {
      this.#keep(chunk.subarray(start, end));
      this.flush();
      start = end + 1;
    }
    this.#keep(chunk.subarray(start));
  }

  /** Hands over the unfinished line. */
  flush(): void {
    const length = this.#line[this.#length - 1] === CR ? this.#length - 1 : this.#length;
    this.#length = 0;
    if (length > 0) this.#sink(text.decode(this.#line.subarray(0, length)));
  }

  #keep(bytes: Uint8Array): void {
    const kept = bytes.subarray(0, this.#line.length - this.#length);
    this.#line.set(kept, this.#length);
    this.#length += kept.length;
  }
}
