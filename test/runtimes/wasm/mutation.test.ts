import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { describeModule } from "../../../runtimes/wasm/flavour.js";
import { compileModule } from "../../../runtimes/wasm/instance.js";
import { limitModule, PAGE_BYTES } from "../../../runtimes/wasm/limit.js";
import { GuestError } from "../../../runtimes/guest-error.js";
import { wat } from "../../support/wasm.js";

const LIMITS = { memoryBytes: 4 * PAGE_BYTES, tableElements: 64 };
/** One that the engine takes as it is, and one with every kind of import and several memories. */
const MODULES = [
  wat(`(module
    (import "wasi_snapshot_preview1" "fd_write" (func $write (param i32 i32 i32 i32) (result i32)))
    (memory (export "memory") 1 100) (table 3 200 funcref) (elem (i32.const 0) $run)
    (data (i32.const 0) "data") (func $run (export "_start") (drop (memory.grow (i32.const 1)))))`),
  wat(`(module
    (import "e" "m" (memory 1 100)) (import "e" "t" (table 1 100 funcref)) (import "e" "g" (global i32))
    (memory (export "memory") 2) (table 3 funcref) (elem (table 1) (i32.const 0) func $run)
    (func $run (export "_start")) (func (export "handle") (result i32) (i32.const 0)))`),
];

/** What a mutated module gives, for the limits to be looked at; null where it was refused. */
function load(bytes: Uint8Array): WebAssembly.Module | null {
  try {
    return compileModule(limitModule(bytes, LIMITS));
  } catch (error) {
    expect(error).toBeInstanceOf(GuestError);
    return null;
  }
}

/** Bytes changed, cut out and put in at random places. */
const mutated = fc
  .tuple(
    fc.constantFrom(...MODULES),
    fc.array(fc.record({ at: fc.nat(200), drop: fc.nat(3), put: fc.uint8Array({ maxLength: 3 }) }), {
      minLength: 1,
      maxLength: 4,
    }),
  )
  .map(([module, edits]) =>
    edits.reduce<Uint8Array>(
      (bytes, { at, drop, put }) => Uint8Array.of(...bytes.subarray(0, at), ...put, ...bytes.subarray(at + drop)),
      module,
    ),
  );

/** Instances of modules without memory or table imports, whose memories cannot have grown beyond the limit. */
function grownBytes(module: WebAssembly.Module): number {
  if (WebAssembly.Module.imports(module).some((entry) => entry.kind !== "function")) return 0;
  const noop = (): number => 0;
  const imports: WebAssembly.Imports = {};
  for (const entry of WebAssembly.Module.imports(module)) (imports[entry.module] ??= {})[entry.name] = noop;
  try {
    const { memory } = new WebAssembly.Instance(module, imports).exports;
    if (!(memory instanceof WebAssembly.Memory)) return 0;
    try {
      for (;;) memory.grow(1);
    } catch {
      return memory.buffer.byteLength;
    }
  } catch {
    // A mutated start, element or data segment may trap: nothing was grown.
    return 0;
  }
}

describe("a mutated module", () => {
  it("starts from one that loads and grows to its limit", () => {
    const [first = expect.fail("no module")] = MODULES;
    const module = load(first);
    expect(module === null ? 0 : grownBytes(module)).toBe(LIMITS.memoryBytes);
  });

  it("gives a GuestError or a valid module, never anything else", () => {
    fc.assert(
      fc.property(mutated, (bytes) => {
        const module = load(bytes);
        if (module !== null) expect(grownBytes(module)).toBeLessThanOrEqual(LIMITS.memoryBytes);
      }),
      { numRuns: 2_000 },
    );
  });

  it("is described or refused with GUEST_LOAD", () => {
    fc.assert(
      fc.property(mutated, (bytes) => {
        try {
          describeModule(bytes);
        } catch (error) {
          expect(error).toHaveProperty("code", "GUEST_LOAD");
        }
      }),
      { numRuns: 1_000 },
    );
  });

  it("that is nothing but noise behind a header is refused or empty", () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), (noise) => {
        load(Uint8Array.of(0, 0x61, 0x73, 0x6d, 1, 0, 0, 0, ...noise));
      }),
      { numRuns: 1_000 },
    );
  });
});
