import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { compileModule } from "../../../runtimes/wasm/instance.js";
import { limitModule, PAGE_BYTES } from "../../../runtimes/wasm/limit.js";
import type { ModuleLimits } from "../../../runtimes/wasm/limit.js";
import { parseModule } from "../../../runtimes/wasm/module.js";
import { thrownCode } from "../../support/codes.js";
import { wat } from "../../support/wasm.js";

const pages = (count: number, tableElements = 100): ModuleLimits => ({
  memoryBytes: count * PAGE_BYTES,
  tableElements,
});

function maxima(module: Uint8Array): { memories: (number | null)[]; tables: (number | null)[] } {
  const { memories, tables } = parseModule(module);
  return { memories: memories.map((entry) => entry.maximum), tables: tables.map((entry) => entry.maximum) };
}

/** Calls the export `run` of a module without imports. */
function run(module: Uint8Array): unknown {
  const { run: entry } = new WebAssembly.Instance(compileModule(module)).exports;
  return typeof entry === "function" ? (entry as () => unknown)() : expect.fail("no export run");
}

const GROWS = `(module (memory 1) (func (export "run") (result i32)
  (loop $more (br_if $more (i32.ne (memory.grow (i32.const 1)) (i32.const -1))))
  (memory.size)))`;

describe("the memory limit", () => {
  it("lets memory grow to exactly the limit", () => {
    expect(run(limitModule(wat(GROWS), pages(7)))).toBe(7);
  });

  it("is rounded down to whole pages", () => {
    expect(run(limitModule(wat(GROWS), { memoryBytes: 3 * PAGE_BYTES - 1, tableElements: 0 }))).toBe(2);
  });

  it("keeps a smaller maximum of the module's own, and replaces a greater one", () => {
    expect(maxima(limitModule(wat("(module (memory 1 3))"), pages(7))).memories).toEqual([3]);
    expect(maxima(limitModule(wat("(module (memory 1 9))"), pages(7))).memories).toEqual([7]);
  });

  it("accepts a minimum at the limit and refuses one above it", () => {
    expect(maxima(limitModule(wat("(module (memory 4))"), pages(4))).memories).toEqual([4]);
    expect(thrownCode(() => limitModule(wat("(module (memory 5))"), pages(4)))).toBe("GUEST_MEMORY");
  });

  it("names what the module needs and what it may have", () => {
    expect(() => limitModule(wat("(module (memory 5))"), pages(4))).toThrow(/320KiB .* 256KiB/);
  });

  it("holds for imported memories", () => {
    expect(maxima(limitModule(wat(`(module (import "m" "m" (memory 1)))`), pages(4))).memories).toEqual([4]);
    expect(thrownCode(() => limitModule(wat(`(module (import "m" "m" (memory 5)))`), pages(4)))).toBe("GUEST_MEMORY");
  });

  it("holds for the sum of several memories", () => {
    const two = wat(`(module (import "m" "m" (memory 1)) (memory 2 3) (memory 1))`);
    expect(maxima(limitModule(two, pages(6))).memories).toEqual([3, 2, 1]);
    expect(maxima(limitModule(two, pages(4))).memories).toEqual([1, 2, 1]);
    expect(thrownCode(() => limitModule(two, pages(3)))).toBe("GUEST_MEMORY");
  });

  it("stays within what 32-bit memories can have at all", () => {
    expect(maxima(limitModule(wat("(module (memory 1))"), pages(2 ** 20))).memories).toEqual([65_536]);
  });
});

describe("the table limit", () => {
  it("lets a table grow to exactly the limit", () => {
    const grows = `(module (table 1 funcref) (func (export "run") (result i32)
      (loop $more (br_if $more (i32.ne (table.grow 0 (ref.null func) (i32.const 1)) (i32.const -1))))
      (table.size 0)))`;
    expect(run(limitModule(wat(grows), pages(1, 25)))).toBe(25);
  });

  it("accepts a minimum at the limit and refuses one above it", () => {
    expect(maxima(limitModule(wat("(module (table 9 funcref))"), pages(1, 9))).tables).toEqual([9]);
    expect(thrownCode(() => limitModule(wat("(module (table 10 funcref))"), pages(1, 9)))).toBe("GUEST_MEMORY");
  });

  it("holds for the sum of several tables, imported ones too", () => {
    const two = wat(`(module (import "t" "t" (table 1 funcref)) (table 2 3 funcref) (table 1 externref))`);
    expect(maxima(limitModule(two, pages(1, 10))).tables).toEqual([7, 2, 1]);
    expect(thrownCode(() => limitModule(two, pages(1, 3)))).toBe("GUEST_MEMORY");
  });
});

describe("all else", () => {
  it("stays as it is, byte for byte, without memory and table", () => {
    const module = wat(`(module (func (export "run") (result i32) (i32.const 42)))`);
    expect(limitModule(module, pages(0, 0))).toEqual(module);
  });

  it("behaves the same beneath the limit: code, data, start function, custom sections", () => {
    const module = wat(`(module $named
      (memory 1) (table 2 funcref) (elem (i32.const 0) $seven $seven) (data (i32.const 8) "\\2a")
      (global $started (mut i32) (i32.const 0)) (type $number (func (result i32)))
      (func $seven (result i32) (i32.const 7)) (func $start (global.set $started (i32.const 100))) (start $start)
      (func (export "run") (result i32)
        (i32.add (i32.add (i32.load (i32.const 8)) (global.get $started)) (call_indirect (type $number) (i32.const 1)))))`);
    expect(run(limitModule(module, pages(4)))).toBe(149);
    expect(run(module)).toBe(149);
  });

  it("is read right when the section's length was padded", () => {
    const padded = Uint8Array.of(0, 0x61, 0x73, 0x6d, 1, 0, 0, 0, 5, 0x83, 0x80, 0x80, 0x80, 0, 1, 0, 1);
    const limited = limitModule(padded, pages(4));
    expect(WebAssembly.validate(limited)).toBe(true);
    expect(maxima(limited).memories).toEqual([4]);
  });
});

describe("for any sizes", () => {
  const size = fc
    .record({ minimum: fc.nat(300), room: fc.option(fc.nat(300)) })
    .map(({ minimum, room }) => ({ minimum, maximum: room === null ? null : minimum + room }));

  it("the result validates, its sum is within the limit, and a second pass changes nothing", () => {
    fc.assert(
      fc.property(size, size, fc.nat(700), fc.nat(700), (memory, table, memoryPages, elements) => {
        const text = (it: typeof memory): string => `${it.minimum} ${it.maximum ?? ""}`;
        const module = wat(`(module (memory ${text(memory)}) (table ${text(table)} funcref) (table 1 funcref))`);
        const limits = pages(memoryPages, elements);
        if (memory.minimum > memoryPages || table.minimum + 1 > elements) {
          expect(thrownCode(() => limitModule(module, limits))).toBe("GUEST_MEMORY");
          return;
        }
        const limited = limitModule(module, limits);
        expect(WebAssembly.validate(limited)).toBe(true);
        const { memories, tables } = maxima(limited);
        expect(memories).toEqual([Math.min(memory.maximum ?? Infinity, memoryPages)]);
        expect((tables[0] ?? NaN) + (tables[1] ?? NaN)).toBeLessThanOrEqual(elements);
        expect(limitModule(limited, limits)).toEqual(limited);
      }),
      { numRuns: 60 },
    );
  });
});
