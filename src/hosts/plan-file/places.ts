import type { Span } from "./value-scanner.js";

/** What is kept of one resource of a plan: where its text stands, and what tells whether an event of it is wanted. */
export interface Place {
  readonly start: number;
  readonly end: number;
  readonly type: string;
  /** Number of its module in a state; 0 where its address is in the text. */
  readonly module: number;
  readonly isData: boolean;
  readonly hasAfter: boolean;
  /** Where its values stand, for one whose text can go into events as it is, unless there are secrets in it; else null. */
  readonly texts: PlacedTexts | null;
}

/** Where the text of a resource's values stands, from its start on; null for one that is not there. */
export interface PlacedTexts {
  readonly ascii: boolean;
  /** It has a backslash in it. */
  readonly escaped: boolean;
  /** In the order of `VALUES`. */
  readonly spans: readonly (Span | null)[];
}

/** The values of a resource whose text is passed on. */
export const VALUES = ["before", "after", "after_unknown"] as const;

const FIRST_ROOM = 256;
const FLAG = { isData: 1, hasAfter: 2, hasTexts: 4, ascii: 8, escaped: 16 } as const;
const NUMBERS = 2 * VALUES.length;

/** Places in a few bytes each, so that a plan of any number of resources fits into memory. */
export class Places implements Iterable<Place> {
  #starts = new Float64Array(FIRST_ROOM);
  #lengths = new Uint32Array(FIRST_ROOM);
  #types = new Uint32Array(FIRST_ROOM);
  #modules = new Uint32Array(FIRST_ROOM);
  #flags = new Uint8Array(FIRST_ROOM);
  #spans = new Uint32Array(FIRST_ROOM * NUMBERS);
  #length = 0;
  readonly #typeNames: string[] = [];
  readonly #typeIds = new Map<string, number>();

  add({ start, end, type, module, isData, hasAfter, texts }: Place): void {
    if (this.#length === this.#starts.length) this.#grow();
    const at = this.#length;
    this.#starts[at] = start;
    this.#lengths[at] = end - start;
    this.#types[at] = this.#typeId(type);
    this.#modules[at] = module;
    this.#flags[at] =
      (isData ? FLAG.isData : 0) |
      (hasAfter ? FLAG.hasAfter : 0) |
      (texts === null ? 0 : FLAG.hasTexts) |
      (texts?.ascii === true ? FLAG.ascii : 0) |
      (texts?.escaped === true ? FLAG.escaped : 0);
    texts?.spans.forEach((span, number) => {
      this.#spans[at * NUMBERS + 2 * number] = span?.start ?? 0;
      this.#spans[at * NUMBERS + 2 * number + 1] = span?.end ?? 0;
    });
    this.#length += 1;
  }

  *[Symbol.iterator](): Generator<Place, void, undefined> {
    for (let at = 0; at < this.#length; at += 1) {
      const flags = this.#flags[at] ?? 0;
      const has = (flag: number): boolean => (flags & flag) !== 0;
      const start = this.#starts[at] ?? 0;
      const spans = this.#spans;
      yield {
        start,
        end: start + (this.#lengths[at] ?? 0),
        type: this.#typeNames[this.#types[at] ?? 0] ?? "",
        module: this.#modules[at] ?? 0,
        isData: has(FLAG.isData),
        hasAfter: has(FLAG.hasAfter),
        get texts() {
          if (!has(FLAG.hasTexts)) return null;
          return {
            ascii: has(FLAG.ascii),
            escaped: has(FLAG.escaped),
            spans: VALUES.map((_, number) => spanIn(spans, at * NUMBERS + 2 * number)),
          };
        },
      };
    }
  }

  #typeId(type: string): number {
    const known = this.#typeIds.get(type);
    if (known !== undefined) return known;
    this.#typeNames.push(type);
    this.#typeIds.set(type, this.#typeNames.length - 1);
    return this.#typeNames.length - 1;
  }

  #grow(): void {
    const room = 2 * this.#length;
    this.#starts = grown(this.#starts, new Float64Array(room));
    this.#lengths = grown(this.#lengths, new Uint32Array(room));
    this.#types = grown(this.#types, new Uint32Array(room));
    this.#modules = grown(this.#modules, new Uint32Array(room));
    this.#flags = grown(this.#flags, new Uint8Array(room));
    this.#spans = grown(this.#spans, new Uint32Array(room * NUMBERS));
  }
}

/** No value starts where its resource does, so 0 stands for none. */
function spanIn(spans: Uint32Array, at: number): Span | null {
  const end = spans[at + 1] ?? 0;
  return end === 0 ? null : { start: spans[at] ?? 0, end };
}

function grown<Numbers extends Float64Array | Uint32Array | Uint8Array>(from: Numbers, to: Numbers): Numbers {
  to.set(from);
  return to;
}
