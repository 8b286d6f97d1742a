/** A pointer of the guest leads outside its memory. Never leaves the WASI functions: they answer EFAULT. */
export class MemoryFault extends Error {}

const U32 = 2 ** 32;
const EMPTY = new ArrayBuffer(0);

/**
 * Bounds-checked access to the linear memory of one instance. Addresses come from the guest as signed numbers of 32
 * bits. Every access outside the memory, or before there is one, throws `MemoryFault` and touches nothing.
 */
export class GuestMemory {
  #memory: WebAssembly.Memory | null = null;
  #view = new DataView(EMPTY);

  /** Gives access from now on. A start function runs before this, so it has none. */
  bind(memory: WebAssembly.Memory): void {
    this.#memory = memory;
  }

  get byteLength(): number {
    return this.#memory?.buffer.byteLength ?? 0;
  }

  /** A window onto the guest's bytes; valid only until the guest runs again, for growth detaches it. */
  bytes(address: number, length: number): Uint8Array {
    const size = length >>> 0;
    return new Uint8Array(this.#current().buffer, this.#offset(address, size), size);
  }

  readU8(address: number): number {
    return this.#current().getUint8(this.#offset(address, 1));
  }

  readU16(address: number): number {
    return this.#current().getUint16(this.#offset(address, 2), true);
  }

  readU32(address: number): number {
    return this.#current().getUint32(this.#offset(address, 4), true);
  }

  readU64(address: number): bigint {
    return this.#current().getBigUint64(this.#offset(address, 8), true);
  }

  writeU8(address: number, value: number): void {
    this.#current().setUint8(this.#offset(address, 1), value);
  }

  writeU16(address: number, value: number): void {
    this.#current().setUint16(this.#offset(address, 2), value, true);
  }

  writeU32(address: number, value: number): void {
    this.#current().setUint32(this.#offset(address, 4), value, true);
  }

  writeU64(address: number, value: bigint): void {
    this.#current().setBigUint64(this.#offset(address, 8), value, true);
  }

  #current(): DataView {
    if (this.#memory === null) throw new MemoryFault("no memory yet");
    if (this.#view.buffer !== this.#memory.buffer) this.#view = new DataView(this.#memory.buffer);
    return this.#view;
  }

  #offset(address: number, length: number): number {
    const offset = address >= 0 ? address : address + U32;
    if (offset + length > this.byteLength) throw new MemoryFault("outside of memory");
    return offset;
  }
}
