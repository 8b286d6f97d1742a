const LF = 0x0a;
const CR = 0x0d;

/**
 * Splits what a guest writes for its log into lines, still in bytes. Of each line it holds no more than `maxBytes` and
 * one, so that who cuts the line sees that it was longer; the rest is dropped. A CR before the LF is no part of the line.
 */
export class LogLines {
  readonly #line: Uint8Array;
  readonly #sink: (line: Uint8Array) => void;
  #length = 0;

  /** `sink` gets a window that is valid only while it runs; it may be empty. */
  constructor(maxBytes: number, sink: (line: Uint8Array) => void) {
    this.#line = new Uint8Array(maxBytes + 1);
    this.#sink = sink;
  }

  push(chunk: Uint8Array): void {
    let start = 0;
    for (let end = chunk.indexOf(LF); end !== -1; end = chunk.indexOf(LF, start)) {
      this.#keep(chunk.subarray(start, end));
      this.#emit();
      start = end + 1;
    }
    this.#keep(chunk.subarray(start));
  }

  /** Hands over the unfinished line, if there is one. */
  flush(): void {
    if (this.#length > 0) this.#emit();
  }

  #keep(bytes: Uint8Array): void {
    const kept = bytes.subarray(0, this.#line.length - this.#length);
    this.#line.set(kept, this.#length);
    this.#length += kept.length;
  }

  #emit(): void {
    const end = this.#line[this.#length - 1] === CR ? this.#length - 1 : this.#length;
    this.#length = 0;
    this.#sink(this.#line.subarray(0, end));
  }
}
