import { describe, expect, it } from "vitest";
import { describeModule, wasmFlavour } from "../../../runtimes/wasm/flavour.js";
import { EXTISM_FUNCTIONS, WASI_FUNCTIONS } from "../../../runtimes/wasm/host-functions.js";
import { thrownCode } from "../../support/codes.js";
import { wat } from "../../support/wasm.js";

const WASI = `(import "wasi_snapshot_preview1" "sched_yield" (func (result i32)))`;
const EXTISM = `(import "extism:host/env" "input_length" (func (result i64)))`;

function messageOf(text: string): string {
  try {
    wasmFlavour(wat(text));
  } catch (error) {
    return error instanceof Error ? error.message : "";
  }
  return expect.fail("it was recognised");
}

describe("a flavour", () => {
  it("is command for a program of WASI, or of nothing", () => {
    expect(wasmFlavour(wat(`(module ${WASI} (func (export "_start")))`))).toBe("command");
    expect(wasmFlavour(wat(`(module (func (export "_start")))`))).toBe("command");
  });

  it("is plug-in for an export handle, with Extism, WASI, both or nothing", () => {
    for (const imports of ["", WASI, EXTISM, `${EXTISM} ${WASI}`]) {
      expect(wasmFlavour(wat(`(module ${imports} (func (export "handle") (result i32) (i32.const 0)))`))).toBe(
        "plug-in",
      );
    }
  });

  it("is plug-in for a module with both entries, as TinyGo makes them", () => {
    expect(wasmFlavour(wat(`(module ${EXTISM} (func (export "_start")) (func (export "handle")))`))).toBe("plug-in");
  });

  it("accepts every function that it offers", () => {
    const imports = (module: string, names: readonly string[]): string =>
      names.map((name) => `(import "${module}" "${name}" (func))`).join(" ");
    const all = imports("wasi_snapshot_preview1", WASI_FUNCTIONS) + imports("extism:host/env", EXTISM_FUNCTIONS);
    expect(wasmFlavour(wat(`(module ${all} (func (export "handle")))`))).toBe("plug-in");
  });
});

describe("what has no flavour", () => {
  it("is GUEST_LOAD: a module without an entry, and one whose entry is no function", () => {
    for (const text of [
      "(module)",
      `(module ${EXTISM})`,
      `(module (func (export "_initialize")))`,
      `(module (memory (export "_start") 1))`,
      `(module (global (export "handle") i32 (i32.const 0)))`,
    ]) {
      expect(thrownCode(() => wasmFlavour(wat(text)))).toBe("GUEST_LOAD");
    }
  });

  it("says which export is missing", () => {
    expect(messageOf(`(module ${EXTISM})`)).toContain('"handle"');
    expect(messageOf("(module)")).toContain('"_start"');
  });

  it("is GUEST_LOAD with an import from elsewhere, an unknown name, or no function", () => {
    for (const unknown of [
      `(import "env" "abort" (func))`,
      `(import "wasi_unstable" "fd_write" (func))`,
      `(import "wasi_snapshot_preview1" "fd_teleport" (func))`,
      `(import "wasi_snapshot_preview1" "fd_write" (global i32))`,
      `(import "env" "memory" (memory 1))`,
      EXTISM,
    ]) {
      expect(thrownCode(() => wasmFlavour(wat(`(module ${unknown} (func (export "_start")))`)))).toBe("GUEST_LOAD");
    }
  });

  it("names the first few unknown imports and counts the rest", () => {
    const imports = Array.from({ length: 8 }, (_, index) => `(import "gpu" "draw${index}" (func))`).join(" ");
    const message = messageOf(`(module ${imports} (func (export "handle")))`);
    expect(message).toContain('"gpu.draw0"');
    expect(message).toContain('"gpu.draw4"');
    expect(message).not.toContain("draw5");
    expect(message).toContain("3 more");
  });

  it("shows no control characters of an import's name", () => {
    const message = messageOf(`(module (import "\\1b[31m" "\\c2\\9b" (func)) (func (export "handle")))`);
    expect(message).not.toMatch(/[\u0000-\u001f\u007f-\u009f]/);
  });
});

describe("a description", () => {
  it("has the flavour, the imports, the exports and the memory", () => {
    const module = wat(`(module ${WASI} (memory (export "memory") 2 5) (func (export "_start")))`);
    expect(describeModule(module)).toEqual({
      flavour: "command",
      imports: ["wasi_snapshot_preview1.sched_yield"],
      exports: ["memory", "_start"],
      memory: { initialBytes: 131_072, maximumBytes: 327_680 },
    });
  });

  it("has no maximum when the module names none, and zeros without a memory", () => {
    const memoryOf = (memory: string): unknown =>
      describeModule(wat(`(module ${memory} (func (export "handle")))`)).memory;
    expect(memoryOf("(memory 1)")).toEqual({ initialBytes: 65_536, maximumBytes: null });
    expect(memoryOf("")).toEqual({ initialBytes: 0, maximumBytes: 0 });
  });
});
