import { describe, expect, it } from "vitest";
import { ERRNO } from "../../../../runtimes/wasm/wasi/errno.js";
import { ProgramExit } from "../../../../runtimes/wasm/ending.js";
import { wasiHarness } from "./harness.js";

describe("a program", () => {
  it("has its name as its only argument", () => {
    const { wasi, memory } = wasiHarness();
    expect(wasi.args_sizes_get(0, 4)).toBe(ERRNO.success);
    expect([memory.readU32(0), memory.readU32(4)]).toEqual([1, 7]);
    expect(wasi.args_get(8, 100)).toBe(ERRNO.success);
    expect(memory.readU32(8)).toBe(100);
    expect(Buffer.from(memory.bytes(100, 7)).toString()).toBe("sample\0");
  });

  it("has the environment that it was granted", () => {
    const { wasi, memory } = wasiHarness({ environment: { TOKEN: "é", EMPTY: "", NUL: "a\u0000b" } });
    expect(wasi.environ_sizes_get(0, 4)).toBe(ERRNO.success);
    const text = "TOKEN=é\0EMPTY=\0NUL=ab\0";
    expect([memory.readU32(0), memory.readU32(4)]).toEqual([3, Buffer.byteLength(text)]);
    expect(wasi.environ_get(0, 100)).toBe(ERRNO.success);
    expect(Buffer.from(memory.bytes(100, Buffer.byteLength(text))).toString()).toBe(text);
    expect([memory.readU32(0), memory.readU32(4), memory.readU32(8)]).toEqual([100, 109, 116]);
  });

  it("is told EFAULT when its environment does not fit where it wants it", () => {
    const { wasi } = wasiHarness({ environment: { TOKEN: "token" } });
    expect(wasi.environ_get(0, 65_530)).toBe(ERRNO.fault);
    expect(wasi.environ_get(65_534, 0)).toBe(ERRNO.fault);
  });

  it("has an empty environment without", () => {
    const { wasi, memory } = wasiHarness();
    memory.writeU64(0, -1n);
    expect(wasi.environ_sizes_get(0, 4)).toBe(ERRNO.success);
    expect([memory.readU64(0), wasi.environ_get(0, 0)]).toEqual([0n, ERRNO.success]);
  });

  it("ends by proc_exit, with its code unsigned", () => {
    const { wasi, ending } = wasiHarness();
    expect(() => wasi.proc_exit(-1)).toThrow(ProgramExit);
    expect(ending.cause).toMatchObject({ exitCode: 0xffff_ffff });
  });

  it("stays ended: every later call throws the same again", () => {
    const { wasi, write, recording } = wasiHarness();
    expect(() => wasi.proc_exit(3)).toThrow(ProgramExit);
    expect(() => write(1, "more\n")).toThrow(ProgramExit);
    expect(() => wasi.proc_exit(4)).toThrow(expect.objectContaining({ exitCode: 3 }));
    expect(recording.written).toEqual([]);
  });

  it("may yield", () => {
    expect(wasiHarness().wasi.sched_yield()).toBe(ERRNO.success);
  });
});
