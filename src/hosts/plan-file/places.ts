/** What is kept of one resource of a plan: where its text stands, and what tells whether an event of it is wanted. */
export interface Place {
  readonly start: number;
  readonly type: string;
  /** Its address in the list of module addresses that the plan keeps; 0 where that is no part of the text. */
  readonly module: number;
  readonly isData: boolean;
  readonly hasAfter: boolean;
}

const FIRST_ROOM = 1024;
const IS_DATA = 1;
const HAS_AFTER = 2;

/** Places in a few bytes each, so that a plan of any number of resources fits into memory. */
export class Places implements Iterable<Place> {
  #starts = new Float64Array(FIRST_ROOM);
  #types = new Uint32Array(FIRST_ROOM);
  #modules = new Uint32Array(FIRST_ROOM);
  #flags = new Uint8Array(FIRST_ROOM);
  #length = 0;
  readonly #typeNames: string[] = [];
  readonly #typeIds = new Map<string, number>();

  get length(): number {
    return this.#length;
  }

  add({ start, type, module, isData, hasAfter }: Place): void {
    if (this.#length === this.#starts.length) this.#grow();
    const at = this.#length;
    this.#starts[at] = start;
    this.#types[at] = this.#typeId(type);
    this.#modules[at] = module;
    this.#flags[at] = (isData ? IS_DATA : 0) | (hasAfter ? HAS_AFTER : 0);
    this.#length += 1;
  }

  *[Symbol.iterator](): Generator<Place, void, undefined> {
    for (let at = 0; at < this.#length; at += 1) {
      const flags = this.#flags[at] ?? 0;
      yield {
        start: this.#starts[at] ?? 0,
        type: this.#typeNames[this.#types[at] ?? 0] ?? "",
        module: this.#modules[at] ?? 0,
        isData: (flags & IS_DATA) !== 0,
        hasAfter: (flags & HAS_AFTER) !== 0,
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
    const [starts, types, modules] = [this.#starts, this.#types, this.#modules];
    const flags = this.#flags;
    this.#starts = new Float64Array(room);
    this.#types = new Uint32Array(room);
    this.#modules = new Uint32Array(room);
    this.#flags = new Uint8Array(room);
    this.#starts.set(starts);
    this.#types.set(types);
    this.#modules.set(modules);
    this.#flags.set(flags);
  }
}
