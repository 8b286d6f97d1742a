import { quote } from "../../src/base/quote.js";
import {
  COMMAND_ENTRY,
  EXTISM_FUNCTIONS,
  EXTISM_NAMESPACE,
  PLUG_IN_ENTRY,
  USER_FUNCTIONS,
  USER_NAMESPACE,
  WASI_FUNCTIONS,
  WASI_NAMESPACE,
} from "./host-functions.js";
import { PAGE_BYTES } from "./limit.js";
import { loadError } from "./load-error.js";
import { parseModule } from "./module.js";
import type { WasmModule } from "./module.js";
import type { ModuleImport } from "./sections.js";

/** How a module is run: called line by line, or as a program that reads stdin and writes stdout. */
export type WasmFlavour = "plug-in" | "command";

/** What `airlock inspect` shows of a module. */
export interface ModuleDescription {
  readonly flavour: WasmFlavour;
  /** As `module.name`, in the module's order. */
  readonly imports: readonly string[];
  readonly exports: readonly string[];
  /** All memories together; `maximumBytes` is null when the module itself names none. */
  readonly memory: { readonly initialBytes: number; readonly maximumBytes: number | null };
}

const SHOWN_IMPORTS = 5;
const OFFERED: Readonly<Record<WasmFlavour, ReadonlyMap<string, ReadonlySet<string>>>> = {
  "plug-in": new Map([
    [EXTISM_NAMESPACE, new Set<string>(EXTISM_FUNCTIONS)],
    [USER_NAMESPACE, new Set<string>(USER_FUNCTIONS)],
    [WASI_NAMESPACE, new Set<string>(WASI_FUNCTIONS)],
  ]),
  command: new Map([[WASI_NAMESPACE, new Set<string>(WASI_FUNCTIONS)]]),
};

/**
 * Recognises a module's flavour by what it exports: `handle` makes a plug-in, else `_start` a command.
 * Throws `GuestError` GUEST_LOAD when it exports neither, when it imports something that its flavour is not offered
 * (the message names the first few), and as `parseModule`.
 */
export function wasmFlavour(source: Uint8Array | WasmModule): WasmFlavour {
  const module = source instanceof Uint8Array ? parseModule(source) : source;
  const flavour = entryFlavour(module);
  const unknown = module.imports.filter((entry) => !isOffered(entry, flavour ?? "plug-in"));
  if (unknown.length > 0) throw unknownImports(unknown, flavour);
  if (flavour === null) throw noEntry(module);
  return flavour;
}

/** Throws as `wasmFlavour`. */
export function describeModule(bytes: Uint8Array): ModuleDescription {
  const module = parseModule(bytes);
  const sum = (pages: readonly number[]): number => pages.reduce((total, each) => total + each, 0) * PAGE_BYTES;
  const maxima = module.memories.map((memory) => memory.maximum).filter((maximum) => maximum !== null);
  return {
    flavour: wasmFlavour(module),
    imports: module.imports.map(importName),
    exports: module.exports.map((entry) => entry.name),
    memory: {
      initialBytes: sum(module.memories.map((memory) => memory.minimum)),
      maximumBytes: maxima.length === module.memories.length ? sum(maxima) : null,
    },
  };
}

function entryFlavour(module: WasmModule): WasmFlavour | null {
  const functions = new Set(module.exports.filter((entry) => entry.kind === "function").map((entry) => entry.name));
  if (functions.has(PLUG_IN_ENTRY)) return "plug-in";
  return functions.has(COMMAND_ENTRY) ? "command" : null;
}

function isOffered(entry: ModuleImport, flavour: WasmFlavour): boolean {
  return entry.kind === "function" && OFFERED[flavour].get(entry.module)?.has(entry.name) === true;
}

function importName(entry: ModuleImport): string {
  return `${entry.module}.${entry.name}`;
}

function unknownImports(unknown: readonly ModuleImport[], flavour: WasmFlavour | null): Error {
  const names = unknown.slice(0, SHOWN_IMPORTS).map((entry) => quote(importName(entry)));
  const rest = unknown.length > names.length ? ` and ${unknown.length - names.length} more` : "";
  return loadError(
    `the module imports ${names.join(", ")}${rest}, which no guest is offered`,
    remedyFor(unknown, flavour),
  );
}

function remedyFor(unknown: readonly ModuleImport[], flavour: WasmFlavour | null): string {
  if (unknown.some((entry) => importName(entry) === "env.abort")) {
    return "give the AssemblyScript compiler a function of your own: --use abort=FILE/FUNCTION";
  }
  if (flavour === "command" && unknown.some((entry) => entry.module === EXTISM_NAMESPACE)) {
    return `a plug-in must export a function "${PLUG_IN_ENTRY}"`;
  }
  return `build it for wasm32-wasip1, or as an Extism plug-in; only ${WASI_NAMESPACE} and ${EXTISM_NAMESPACE} are offered`;
}

function noEntry(module: WasmModule): Error {
  if (module.imports.some((entry) => entry.module === EXTISM_NAMESPACE)) {
    return loadError(`the module is an Extism plug-in without the export "${PLUG_IN_ENTRY}"`);
  }
  return loadError(
    `the module exports neither "${PLUG_IN_ENTRY}" nor "${COMMAND_ENTRY}", so there is nothing to call`,
    `export "${PLUG_IN_ENTRY}" for a plug-in, or build it as a program, not as a library`,
  );
}
