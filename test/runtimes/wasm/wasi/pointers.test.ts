import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { Ending } from "../../../../runtimes/wasm/ending.js";
import { WASI_FUNCTIONS } from "../../../../runtimes/wasm/host-functions.js";
import { ERRNO } from "../../../../runtimes/wasm/wasi/errno.js";
import { GuestMemory, MemoryFault } from "../../../../runtimes/wasm/wasi/guest-memory.js";
import { createWasi } from "../../../../runtimes/wasm/wasi/preview1.js";
import { wasiHarness } from "./harness.js";

const END = 65_536;
const nowhere = { write: () => undefined };
const OPTIONS = {
  name: "sample",
  grants: { clock: false, random: false },
  streams: { stdin: { read: () => 0 }, stdout: nowhere, stderr: nowhere, flush: () => undefined },
};

describe("guest memory", () => {
  it("gives access up to its last byte and faults behind it", () => {
    const { memory } = wasiHarness();
    memory.writeU64(END - 8, 7n);
    expect([memory.readU64(END - 8), memory.readU8(END - 8), memory.bytes(END, 0).length]).toEqual([7n, 7, 0]);
    for (const access of [
      () => memory.readU8(END),
      () => memory.readU32(END - 3),
      () => memory.bytes(0, END + 1),
      () => memory.bytes(END - 1, -1),
      () => memory.readU8(-1),
    ]) {
      expect(access).toThrow(MemoryFault);
    }
  });

  it("writes nothing when a write would reach over the end", () => {
    const { memory } = wasiHarness();
    expect(() => {
      memory.writeU32(END - 2, 0xffff_ffff);
    }).toThrow(MemoryFault);
    expect(memory.readU16(END - 2)).toBe(0);
  });

  it("follows growth, which detaches the old bytes", () => {
    const own = new WebAssembly.Memory({ initial: 1 });
    const memory = new GuestMemory();
    memory.bind(own);
    memory.writeU8(1, 5);
    own.grow(1);
    memory.writeU8(END, 6);
    expect([memory.readU8(1), memory.readU8(END)]).toEqual([5, 6]);
  });
});

describe("every function of preview1", () => {
  it("answers EFAULT or another error number for any parameters, and never throws but to exit", () => {
    const parameter = fc.oneof(
      fc.integer({ min: -(2 ** 31), max: 2 ** 31 - 1 }),
      fc.constantFrom(0, 1, 2, 3, END - 1, END, -1),
      fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }),
      fc.constantFrom(undefined, null, NaN, 1.5),
    );
    const names = WASI_FUNCTIONS.filter((name) => name !== "proc_exit");
    const memory = new GuestMemory();
    memory.bind(new WebAssembly.Memory({ initial: 1 }));
    const wasi = createWasi({ ...OPTIONS, memory, ending: new Ending() });
    fc.assert(
      fc.property(fc.constantFrom(...names), fc.array(parameter, { maxLength: 9 }), (name, parameters) => {
        const errno = wasi[name](...parameters);
        expect(Number.isInteger(errno) && errno >= 0 && errno <= 76).toBe(true);
      }),
      { numRuns: 2_000 },
    );
  });

  it("answers EFAULT while a start function runs, which has no memory yet", () => {
    const wasi = createWasi({ ...OPTIONS, memory: new GuestMemory(), ending: new Ending() });
    expect([wasi.clock_time_get(0, 0n, 8), wasi.random_get(0, 8), wasi.args_sizes_get(0, 4)]).toEqual(
      Array.from({ length: 3 }, () => ERRNO.fault),
    );
  });
});
