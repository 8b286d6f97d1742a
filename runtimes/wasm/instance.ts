import type { Ending, MemoryUse } from "./ending.js";
import { guestErrorOf } from "./ending.js";
import { loadError } from "./load-error.js";

/** Compiles a module in this thread. Throws `GuestError` GUEST_LOAD when the engine finds it invalid. */
export function compileModule(bytes: Uint8Array): WebAssembly.Module {
  try {
    return new WebAssembly.Module(bytes);
  } catch (cause) {
    throw loadError(`the module is not valid: ${engineMessage(cause)}`, undefined, cause);
  }
}

/** Instantiates a module. Throws `GuestError`: GUEST_LOAD, or GUEST_CRASHED when its start function traps. */
export function instantiate(
  module: WebAssembly.Module,
  imports: WebAssembly.Imports,
  ending: Ending,
  use: () => MemoryUse,
): WebAssembly.Instance {
  try {
    return new WebAssembly.Instance(module, imports);
  } catch (error) {
    throw loadFailure(error, ending, use());
  }
}

/** The `GuestError` for what came out of instantiating a module. */
export function loadFailure(error: unknown, ending: Ending, use: MemoryUse): Error {
  if (error instanceof WebAssembly.LinkError) {
    return loadError(`the module does not fit what it imports: ${engineMessage(error)}`, undefined, error);
  }
  return guestErrorOf(ending.cause ?? error, "while it was loaded", use);
}

/** The memory that WASI and Extism agree on: the export `memory`; null without one. */
export function exportedMemory(instance: WebAssembly.Instance): WebAssembly.Memory | null {
  const memory = instance.exports["memory"];
  return memory instanceof WebAssembly.Memory ? memory : null;
}

/** An exported function without parameters; null without such an export. Throws GUEST_LOAD when it has parameters. */
export function exportedFunction(instance: WebAssembly.Instance, name: string): (() => unknown) | null {
  const entry = instance.exports[name];
  if (!isFunction(entry)) return null;
  // The length of an exported function is the number of its parameters.
  if (entry.length > 0) throw loadError(`the module's function "${name}" must take no parameters`);
  return entry;
}

function isFunction(value: unknown): value is () => unknown {
  return typeof value === "function";
}

/** V8 puts the name of its API in front. */
function engineMessage(error: unknown): string {
  const message = error instanceof Error ? error.message : String(error);
  return message.replace(/^WebAssembly\.\w+\(\): /, "");
}
