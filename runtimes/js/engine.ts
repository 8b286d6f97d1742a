import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { newQuickJSWASMModuleFromVariant, newVariant, RELEASE_SYNC } from "quickjs-emscripten";
import type {
  EmscriptenModuleLoader,
  EmscriptenModuleLoaderOptions,
  QuickJSEmscriptenModule,
  QuickJSSyncVariant,
  QuickJSWASMModule,
} from "quickjs-emscripten";

import type { CompiledCode } from "../guest.js";

const PAGE_BYTES = 65_536;

/**
 * What the engine's build asks for before it runs anything: 5 MiB of C stack, its data, and room for the messages
 * on their way in and out. The build refuses a memory that starts with less.
 */
const FIXED_PAGES = 256;

/** The build cannot address more (its memory import says 2 GiB at most). */
const MAX_PAGES = 32_768;

/** The C stack of the build is 5 MiB and has no guard: a deeper JavaScript stack would grow into the engine's data. */
export const MAX_STACK_BYTES = 4 * 1024 * 1024;

/** There was no room in the engine's linear memory for bytes that the host wanted to put there. */
export class EngineMemoryError extends Error {}

/** One QuickJS of its own, compiled to Wasm, with its linear memory. */
export interface Engine {
  readonly module: QuickJSWASMModule;
  readonly memory: WebAssembly.Memory;
}

/**
 * A fresh engine whose linear memory can grow to 16 MiB (the build's own need) plus `memoryBytes` and no further.
 * Rejects only when the engine itself cannot be compiled.
 */
export async function openEngine(memoryBytes: number, compiled?: CompiledCode): Promise<Engine> {
  const maximum = Math.min(MAX_PAGES, FIXED_PAGES + Math.ceil(memoryBytes / PAGE_BYTES));
  const memory = new WebAssembly.Memory({ initial: FIXED_PAGES, maximum });
  // An abort of the engine is reported as a GuestError; Emscripten would also print it.
  const options: EmscriptenModuleLoaderOptions & { printErr: (text: string) => void } = {
    printErr: () => undefined,
    instantiateWasm: (imports, onSuccess) => {
      const instance = new WebAssembly.Instance(engineCode(compiled), imports);
      onSuccess(instance);
      return instance.exports;
    },
  };
  const variant = newVariant(RELEASE_SYNC, { wasmMemory: memory, emscriptenModule: options });
  return { module: await newQuickJSWASMModuleFromVariant(withFastStrings(variant)), memory };
}

/** The engine's own code, which all of its guests share. */
function engineCode(compiled?: CompiledCode): WebAssembly.Module {
  if (compiled?.module) return compiled.module;
  const library = createRequire(createRequire(import.meta.url).resolve("quickjs-emscripten"));
  const module = new WebAssembly.Module(readFileSync(library.resolve("@jitl/quickjs-wasmfile-release-sync/wasm")));
  compiled?.keep(module);
  return module;
}

/**
 * quickjs-emscripten writes strings to wherever `_malloc` points without asking whether that is 0, and counts and writes
 * them unit by unit in JavaScript; Node does both natively. What a lone surrogate becomes
 * is all that differs: U+FFFD instead of three bytes that are not UTF-8.
 */
function withFastStrings(variant: QuickJSSyncVariant): QuickJSSyncVariant {
  return {
    ...variant,
    async importModuleLoader() {
      const load = unwrapDefault(await variant.importModuleLoader());
      return async (options) => {
        const module = await load(options);
        const allocate = module._malloc.bind(module);
        module._malloc = (bytes) => {
          const pointer = allocate(bytes);
          if (pointer === 0) throw new EngineMemoryError(`no room for ${bytes} bytes`);
          return pointer;
        };
        module.lengthBytesUTF8 = (text) => Buffer.byteLength(text);
        module.stringToUTF8 = (text, pointer, mostBytes = 0) => {
          writeText(module.HEAPU8, text, pointer, mostBytes);
        };
        return module;
      };
    },
  };
}

/** With a zero behind it, and not beyond `mostBytes`. */
function writeText(heap: Uint8Array, text: string, pointer: number, mostBytes: number): void {
  if (mostBytes === 0) return;
  const written = Buffer.from(heap.buffer, pointer, mostBytes - 1).write(text, "utf8");
  heap[pointer + written] = 0;
}

type Loader = EmscriptenModuleLoader<QuickJSEmscriptenModule>;
type Wrapped<T> = T | { default: Wrapped<T> };

/** A variant may hand out its loader as a function, or as a module (of a module) with a default export. */
function unwrapDefault(imported: Wrapped<Loader>): Loader {
  return typeof imported === "function" ? imported : unwrapDefault(imported.default);
}
