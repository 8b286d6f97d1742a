/** One header field. Name and value hold one character a byte (latin1), as they were sent. */
export interface Field {
  readonly name: string;
  readonly value: string;
  /** Its sender forbids to index it, on any hop (RFC 7541, section 7.1.3). */
  readonly neverIndexed: boolean;
  /** Its form without any state, made when it is first sent on; fields live in tables, so it is made once for many. */
  encoded: Buffer | null;
}

export function field(name: string, value: string, neverIndexed = false): Field {
  return { name, value, neverIndexed, encoded: null };
}

/** What a field counts in table and list sizes beside its bytes (RFC 7541, section 4.1). */
const OVERHEAD = 32;

export function fieldSize(of: Field): number {
  return of.name.length + of.value.length + OVERHEAD;
}

/** The static table: RFC 7541, appendix A. Its first index is 1. */
// prettier-ignore
const STATIC_PAIRS: readonly (readonly [name: string, value: string])[] = [
  [":authority", ""],
  [":method", "GET"],
  [":method", "POST"],
  [":path", "/"],
  [":path", "/index.html"],
  [":scheme", "http"],
  [":scheme", "https"],
  [":status", "200"],
  [":status", "204"],
  [":status", "206"],
  [":status", "304"],
  [":status", "400"],
  [":status", "404"],
  [":status", "500"],
  ["accept-charset", ""],
  ["accept-encoding", "gzip, deflate"],
  ["accept-language", ""],
  ["accept-ranges", ""],
  ["accept", ""],
  ["access-control-allow-origin", ""],
  ["age", ""],
  ["allow", ""],
  ["authorization", ""],
  ["cache-control", ""],
  ["content-disposition", ""],
  ["content-encoding", ""],
  ["content-language", ""],
  ["content-length", ""],
  ["content-location", ""],
  ["content-range", ""],
  ["content-type", ""],
  ["cookie", ""],
  ["date", ""],
  ["etag", ""],
  ["expect", ""],
  ["expires", ""],
  ["from", ""],
  ["host", ""],
  ["if-match", ""],
  ["if-modified-since", ""],
  ["if-none-match", ""],
  ["if-range", ""],
  ["if-unmodified-since", ""],
  ["last-modified", ""],
  ["link", ""],
  ["location", ""],
  ["max-forwards", ""],
  ["proxy-authenticate", ""],
  ["proxy-authorization", ""],
  ["range", ""],
  ["referer", ""],
  ["refresh", ""],
  ["retry-after", ""],
  ["server", ""],
  ["set-cookie", ""],
  ["strict-transport-security", ""],
  ["transfer-encoding", ""],
  ["user-agent", ""],
  ["vary", ""],
  ["via", ""],
  ["www-authenticate", ""],
];

export const STATIC_TABLE: readonly Field[] = STATIC_PAIRS.map(([name, value]) => field(name, value));

/** Bytes that a dynamic table may take unless other settings were sent. */
export const DEFAULT_TABLE_SIZE = 4096;

/** What a peer's encoder put into its table: newest first, by index from 0, never over `maxSize` bytes. */
export class DynamicTable {
  /** A ring; `#newest` is the place of index 0, older ones lie behind it. */
  readonly #ring = new Array<Field | undefined>(DEFAULT_TABLE_SIZE / OVERHEAD);
  #newest = 0;
  #count = 0;
  #size = 0;
  #maxSize = DEFAULT_TABLE_SIZE;

  get count(): number {
    return this.#count;
  }

  /** In bytes, overhead included. */
  get size(): number {
    return this.#size;
  }

  /** @param maxSize at most `DEFAULT_TABLE_SIZE` */
  resize(maxSize: number): void {
    this.#maxSize = maxSize;
    this.#evictTo(maxSize);
  }

  at(index: number): Field | undefined {
    return index < this.#count ? this.#ring[(this.#newest + index) % this.#ring.length] : undefined;
  }

  /** A field over the size of the table empties it and is not kept (RFC 7541, section 4.4). */
  add(added: Field): void {
    const size = fieldSize(added);
    this.#evictTo(this.#maxSize - size);
    if (size > this.#maxSize) return;
    this.#newest = (this.#newest + this.#ring.length - 1) % this.#ring.length;
    this.#ring[this.#newest] = added;
    this.#count++;
    this.#size += size;
  }

  #evictTo(size: number): void {
    while (this.#size > size && this.#count > 0) {
      const oldest = (this.#newest + --this.#count) % this.#ring.length;
      const evicted = this.#ring[oldest];
      if (evicted !== undefined) this.#size -= fieldSize(evicted);
      this.#ring[oldest] = undefined;
    }
  }
}
