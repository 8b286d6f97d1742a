import { describe, expect, it } from "vitest";
import { NO_GRANTS } from "../../src/protocol/grants.js";
import { DEFAULT_LIMITS } from "../../src/protocol/limits.js";
import { compiledKey, CompiledModules } from "../../src/sandbox/child/compiled.js";
import { jsSpec } from "../support/sandboxed.js";

const MODULE = new Uint8Array([0, 0x61, 0x73, 0x6d, 1, 0, 0, 0]);

function wasmKey(code: Uint8Array, limits: { memoryBytes?: number; tableElements?: number } = {}): string | null {
  return compiledKey({ kind: "wasm", name: "a", code, grants: NO_GRANTS, limits: { ...DEFAULT_LIMITS, ...limits } });
}

describe("what names compiled code", () => {
  it("is the code of a wasm guest together with the limits that stand in it", () => {
    const keys = [
      wasmKey(MODULE),
      wasmKey(new Uint8Array([...MODULE, 0, 1, 0])),
      wasmKey(MODULE, { memoryBytes: 1 }),
      wasmKey(MODULE, { tableElements: 1 }),
    ];
    expect(new Set(keys).size).toBe(keys.length);
    expect(wasmKey(MODULE.slice())).toBe(keys[0]);
  });

  it("is the same for all js guests, and nothing for a config alone", () => {
    expect(compiledKey(jsSpec("1"))).toBe(compiledKey(jsSpec("2")));
    expect(compiledKey({ kind: "config-only", name: "a", limits: DEFAULT_LIMITS })).toBeNull();
  });
});

describe("compiled code", () => {
  it("is kept under its name, the first of it", () => {
    const modules = new CompiledModules();
    const [first, second] = [new WebAssembly.Module(MODULE), new WebAssembly.Module(MODULE)];
    expect([modules.get("a"), modules.get(null)]).toEqual([null, null]);
    modules.keep("a", first);
    modules.keep("a", second);
    modules.keep(null, second);
    expect(modules.get("a")).toBe(first);
    expect([modules.get("b"), modules.get(null)]).toEqual([null, null]);
  });
});
