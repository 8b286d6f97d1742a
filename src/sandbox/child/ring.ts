/** What a record holds. */
export const RECORD = {
  /** A line, or the lines of an answer, in UTF-8. */
  text: 1,
  /** The text is too large for the ring: its bytes are the next ones on the port. */
  large: 2,
  /** Any other message, as JSON. */
  message: 3,
  /** The same, of which the JSON is too large for the ring. */
  largeMessage: 4,
} as const;
export type RecordKind = (typeof RECORD)[keyof typeof RECORD];

/** One record; its bytes are a window that is valid until `release`. */
export interface RingRecord {
  readonly kind: number;
  readonly seq: number;
  readonly figure: number;
  readonly bytes: Buffer;
}

const WRITTEN = 0;
const READ = 1;
const SIGNALLED = 2;
/** Eight-byte steps, for a record's figure is a double. */
const GRAIN = 8;
const WORDS_BYTES = 16;
const HEAD_BYTES = 24;
/** In the place of a record's kind: the next one is at the start. */
const WRAP = 0;

/**
 * A queue of records in shared memory, from one thread to another. A record is there for the reader, whole, once `push`
 * has returned: also when the thread that pushed it is ended right behind that.
 */
export class Ring {
  readonly #words: Int32Array;
  readonly #view: DataView;
  readonly #bytes: Buffer;
  readonly #size: number;
  /** Where the record behind the one at hand begins. */
  #next = 0;

  constructor(readonly buffer: SharedArrayBuffer) {
    this.#size = buffer.byteLength - WORDS_BYTES;
    this.#words = new Int32Array(buffer, 0, WORDS_BYTES / Int32Array.BYTES_PER_ELEMENT);
    this.#view = new DataView(buffer, WORDS_BYTES);
    this.#bytes = Buffer.from(buffer, WORDS_BYTES, this.#size);
  }

  /** An empty one with room for so many bytes, heads included. */
  static of(bytes: number): Ring {
    return new Ring(new SharedArrayBuffer(WORDS_BYTES + bytes));
  }

  /** The most bytes that one record may have; with less in it, the ring always comes to have room for it. */
  get mostBytes(): number {
    return this.#size / 4 - HEAD_BYTES;
  }

  /** Writer: whether a record of so many bytes can be pushed now. */
  hasRoom(bytes: number): boolean {
    return this.#place(HEAD_BYTES + bytes) !== null;
  }

  /** Writer: adds a record; false when there is no room for it now. */
  push(kind: RecordKind, seq: number, figure: number, content: Uint8Array | string): boolean {
    const most = typeof content === "string" ? content.length * 3 : content.length;
    const at = this.#place(HEAD_BYTES + most);
    if (at === null) return false;
    const start = at + HEAD_BYTES;
    let length = content.length;
    if (typeof content === "string") length = this.#bytes.write(content, start, "utf8");
    else this.#bytes.set(content, start);
    this.#view.setUint32(at, kind);
    this.#view.setUint32(at + 4, length);
    this.#view.setUint32(at + 8, seq);
    this.#view.setFloat64(at + 16, figure);
    Atomics.store(this.#words, WRITTEN, this.#behind(at, length));
    return true;
  }

  /** Reader: the oldest record; null when there is none. Must be released before the next one is asked for. */
  peek(): RingRecord | null {
    let at = Atomics.load(this.#words, READ);
    if (at === Atomics.load(this.#words, WRITTEN)) return null;
    if (this.#view.getUint32(at) === WRAP) at = 0;
    const length = this.#view.getUint32(at + 4);
    this.#next = this.#behind(at, length);
    return {
      kind: this.#view.getUint32(at),
      seq: this.#view.getUint32(at + 8),
      figure: this.#view.getFloat64(at + 16),
      bytes: this.#bytes.subarray(at + HEAD_BYTES, at + HEAD_BYTES + length),
    };
  }

  /** Reader: gives the room of the record at hand back. */
  release(): void {
    Atomics.store(this.#words, READ, this.#next);
    Atomics.notify(this.#words, READ);
  }

  /** Writer: blocks its thread until the reader has released something since `push` failed, or for 10 ms. */
  waitForRoom(): void {
    Atomics.wait(this.#words, READ, Atomics.load(this.#words, READ), 10);
  }

  /** Writer: whether the reader must be told that there is something; not when it was told and has not come yet. */
  mustSignal(): boolean {
    return Atomics.exchange(this.#words, SIGNALLED, 1) === 0;
  }

  /** Reader, before it reads: it wants to be told of what comes from now on. */
  hears(): void {
    Atomics.store(this.#words, SIGNALLED, 0);
  }

  /** Where a record of so many bytes can be put; never so that a full ring looks like an empty one. */
  #place(needed: number): number | null {
    const written = Atomics.load(this.#words, WRITTEN);
    const read = Atomics.load(this.#words, READ);
    const rounded = roundUp(needed);
    if (written < read) return written + rounded < read ? written : null;
    if (written + rounded < this.#size) return written;
    if (rounded >= read) return null;
    this.#view.setUint32(written, WRAP);
    return 0;
  }

  #behind(at: number, length: number): number {
    return roundUp(at + HEAD_BYTES + length);
  }
}

function roundUp(bytes: number): number {
  return Math.ceil(bytes / GRAIN) * GRAIN;
}
