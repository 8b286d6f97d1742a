import { GuestError } from "../guest-error.js";
import type { Ending } from "./ending.js";
import { PAGE_BYTES } from "./limit.js";

/** Blocks are rounded up to this, which also bounds how many there can be. */
const GRAIN_BYTES = 64;
/** Address 0 means "no block" to every plug-in kit. */
const FIRST_ADDRESS = GRAIN_BYTES;

/**
 * The memory that a plug-in shares with its host beside its own: blocks for input, output and variables. It is a wasm
 * memory with a maximum, as in Extism's own native runtimes, so that growth beyond the limit is impossible. Emptied by
 * `reset` for every call.
 *
 * Addresses and lengths come from the guest: every one is checked. `alloc` beyond the limit ends the guest with
 * GUEST_MEMORY; a read or write outside of what is allocated ends it with GUEST_CRASHED.
 */
export class KernelMemory {
  readonly #limitBytes: number;
  readonly #ending: Ending;
  readonly #memory: WebAssembly.Memory;
  #view: DataView;
  #top = FIRST_ADDRESS;
  readonly #lengths = new Map<number, number>();
  /** Freed blocks by their size, to be used again. */
  readonly #freed = new Map<number, number[]>();

  constructor(limitBytes: number, ending: Ending) {
    const maximum = Math.min(Math.max(Math.floor(limitBytes / PAGE_BYTES), 1), 2 ** 16);
    this.#limitBytes = maximum * PAGE_BYTES;
    this.#ending = ending;
    this.#memory = new WebAssembly.Memory({ initial: 1, maximum });
    this.#view = new DataView(this.#memory.buffer);
  }

  get byteLength(): number {
    return this.#view.byteLength;
  }

  reset(): void {
    this.#top = FIRST_ADDRESS;
    this.#lengths.clear();
    this.#freed.clear();
  }

  /** The address of a new block. Its bytes are those of whatever stood there before in this guest. */
  alloc(length: number): number {
    const size = blockSize(length);
    const address = this.#freed.get(size)?.pop() ?? this.#extend(size);
    this.#lengths.set(address, length);
    return address;
  }

  /** Frees a block; anything else is ignored. */
  free(address: number): void {
    const length = this.#lengths.get(address);
    if (length === undefined) return;
    this.#lengths.delete(address);
    const size = blockSize(length);
    if (address + size === this.#top) {
      this.#top = address;
      return;
    }
    const same = this.#freed.get(size);
    if (same === undefined) this.#freed.set(size, [address]);
    else same.push(address);
  }

  /** The length of the block at this address; 0 where none starts. */
  length(address: number): number {
    return this.#lengths.get(address) ?? 0;
  }

  /** A window, valid until the next `alloc`. */
  bytes(address: number, length: number): Uint8Array {
    return new Uint8Array(this.#view.buffer, this.#checked(address, length), length);
  }

  loadU8(address: number): number {
    return this.#view.getUint8(this.#checked(address, 1));
  }

  loadU64(address: number): bigint {
    return this.#view.getBigUint64(this.#checked(address, 8), true);
  }

  storeU8(address: number, value: number): void {
    this.#view.setUint8(this.#checked(address, 1), value);
  }

  storeU64(address: number, value: bigint): void {
    this.#view.setBigUint64(this.#checked(address, 8), value, true);
  }

  #extend(size: number): number {
    const address = this.#top;
    const end = address + size;
    if (!(end <= this.#limitBytes)) {
      const text = `it asked for ${size} bytes to exchange with its host; ${this.#limitBytes - address} are left`;
      this.#ending.end(new GuestError("GUEST_MEMORY", text, true, { remedy: "Raise its memory limit" }));
    }
    if (end > this.#view.byteLength) {
      this.#memory.grow(Math.ceil((end - this.#view.byteLength) / PAGE_BYTES));
      this.#view = new DataView(this.#memory.buffer);
    }
    this.#top = end;
    return address;
  }

  #checked(address: number, length: number): number {
    if (address >= FIRST_ADDRESS && length >= 0 && address + length <= this.#top) return address;
    return this.#ending.end(
      new GuestError("GUEST_CRASHED", "it reached outside of the memory it shares with its host", true),
    );
  }
}

/** A negative length is one of more than 2^63 bytes. */
function blockSize(length: number): number {
  return length >= 0 ? Math.max(Math.ceil(length / GRAIN_BYTES), 1) * GRAIN_BYTES : Infinity;
}
