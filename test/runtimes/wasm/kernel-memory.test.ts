import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { Ending } from "../../../runtimes/wasm/ending.js";
import { KernelMemory } from "../../../runtimes/wasm/kernel-memory.js";
import { PAGE_BYTES } from "../../../runtimes/wasm/limit.js";
import { thrownCode } from "../../support/codes.js";

const memoryOf = (bytes: number): KernelMemory => new KernelMemory(bytes, new Ending());

describe("the memory that a plug-in shares with its host", () => {
  it("gives blocks up to its limit and not beyond", () => {
    const memory = memoryOf(4 * PAGE_BYTES);
    const address = memory.alloc(3 * PAGE_BYTES);
    memory.storeU8(address + 3 * PAGE_BYTES - 1, 9);
    expect(memory.loadU8(address + 3 * PAGE_BYTES - 1)).toBe(9);
    expect(thrownCode(() => memory.alloc(PAGE_BYTES))).toBe("GUEST_MEMORY");
    expect(memory.byteLength).toBeLessThanOrEqual(4 * PAGE_BYTES);
  });

  it("refuses absurd lengths", () => {
    for (const length of [-1, 2 ** 62, Infinity, NaN]) {
      expect(thrownCode(() => memoryOf(PAGE_BYTES).alloc(length))).toBe("GUEST_MEMORY");
    }
  });

  it("bounds the number of blocks, too", () => {
    const memory = memoryOf(PAGE_BYTES);
    let blocks = 0;
    const fill = (): never => {
      for (;;) {
        memory.alloc(0);
        blocks++;
      }
    };
    expect(thrownCode(fill)).toBe("GUEST_MEMORY");
    expect(blocks).toBeLessThanOrEqual(PAGE_BYTES / 64);
  });

  it("uses freed blocks again, so that a loop of alloc and free does not end", () => {
    const memory = memoryOf(PAGE_BYTES);
    const kept = memory.alloc(10);
    for (let round = 0; round < 10_000; round++) {
      const [first, second] = [memory.alloc(1_000), memory.alloc(100)];
      memory.free(first);
      memory.free(second);
    }
    expect(memory.length(kept)).toBe(10);
  });

  it("frees only what is a block, and only once", () => {
    const memory = memoryOf(PAGE_BYTES);
    const address = memory.alloc(8);
    memory.free(address + 1);
    memory.free(0);
    memory.free(NaN);
    expect(memory.length(address)).toBe(8);
    memory.free(address);
    memory.free(address);
    const [first, second] = [memory.alloc(8), memory.alloc(8)];
    expect(first).not.toBe(second);
  });

  it("is empty after a reset, and may be filled again", () => {
    const memory = memoryOf(PAGE_BYTES);
    for (let round = 0; round < 100; round++) {
      const address = memory.alloc(PAGE_BYTES / 2);
      memory.reset();
      expect(memory.length(address)).toBe(0);
      expect(thrownCode(() => memoryOf(PAGE_BYTES).loadU8(address))).toBe("GUEST_CRASHED");
    }
  });

  it("ends the guest for reading or writing outside of what it has allocated", () => {
    const accesses: ((memory: KernelMemory, end: number) => unknown)[] = [
      (memory, end) => memory.loadU8(end),
      (memory, end) => memory.loadU64(end - 7),
      (memory, end) => {
        memory.storeU8(end, 1);
      },
      (memory, end) => {
        memory.storeU64(end - 1, 1n);
      },
      (memory, end) => memory.bytes(end - 1, 2),
      (memory) => memory.bytes(64, -1),
      (memory) => memory.loadU8(0),
      (memory) => memory.loadU8(-1),
      (memory) => memory.loadU8(NaN),
    ];
    for (const access of accesses) {
      const memory = memoryOf(PAGE_BYTES);
      const end = memory.alloc(64) + 64;
      expect(thrownCode(() => access(memory, end))).toBe("GUEST_CRASHED");
    }
  });

  it("never gives two living blocks that overlap", () => {
    const step = fc.record({ length: fc.nat(500), free: fc.nat(20) });
    fc.assert(
      fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
        const memory = memoryOf(PAGE_BYTES);
        const living: { start: number; end: number }[] = [];
        for (const { length, free } of steps) {
          const start = memory.alloc(length);
          for (const other of living) expect(start >= other.end || start + length <= other.start).toBe(true);
          living.push({ start, end: start + length });
          const [freed] = living.splice(free, 1);
          if (freed !== undefined) memory.free(freed.start);
        }
      }),
      { numRuns: 100 },
    );
  });
});
