import { createHash } from "node:crypto";
import type { ProgramSpec } from "../messages.js";

/**
 * What workers compiled, by what it was compiled from. Only they compile: a hostile module takes its own worker's time
 * with that, under its own limit.
 */
export class CompiledModules {
  readonly #modules = new Map<string, WebAssembly.Module>();

  get(key: string | null): WebAssembly.Module | null {
    return key === null ? null : (this.#modules.get(key) ?? null);
  }

  keep(key: string | null, module: WebAssembly.Module): void {
    if (key !== null && !this.#modules.has(key)) this.#modules.set(key, module);
  }
}

/** The engine is the same for all js guests; the limits stand in the code of a wasm guest. null: nothing is compiled. */
export function compiledKey(spec: ProgramSpec): string | null {
  if (spec.kind === "config-only") return null;
  if (spec.kind === "js") return "js";
  const { memoryBytes, tableElements } = spec.limits;
  return `${createHash("sha256").update(spec.code).digest("hex")} ${memoryBytes} ${tableElements}`;
}
