import { quote } from "../../src/base/quote.js";
import { ByteReader } from "./byte-reader.js";
import { loadError } from "./load-error.js";
import { readExports, readImports, readMemories, readTables, refuseObjectTypes } from "./sections.js";
import type { ModuleExport, ModuleImport, SizeRange } from "./sections.js";

const MAGIC = [0x00, 0x61, 0x73, 0x6d];
const HEADER_BYTES = 8;
/** Version 1, layer 0. */
const CORE_VERSION = [0x01, 0x00, 0x00, 0x00];
/** Layer 1 (https://github.com/WebAssembly/component-model/blob/main/design/mvp/Binary.md). */
const COMPONENT_LAYER = [0x01, 0x00];
const SHOWN_BYTES = 16;

/** Section ids of the binary format. */
export const SECTION = { custom: 0, type: 1, import: 2, table: 4, memory: 5, export: 7, tag: 13 } as const;

/** One section: where its id stands, and where its content starts and ends, in the module's bytes. */
export interface Section {
  readonly id: number;
  readonly head: number;
  readonly start: number;
  readonly end: number;
}

/** What Airlock knows of a module before it compiles it. */
export interface WasmModule {
  readonly sections: readonly Section[];
  readonly imports: readonly ModuleImport[];
  readonly exports: readonly ModuleExport[];
  /** All memories, imported ones first. */
  readonly memories: readonly SizeRange[];
  /** All tables, imported ones first. */
  readonly tables: readonly SizeRange[];
}

/**
 * Reads the outline of a wasm module: sections, imports, exports, memories and tables. It trusts no declared length,
 * does not recurse, and takes time and memory in proportion to the bytes. It does not validate code; the engine does.
 *
 * Throws `GuestError` GUEST_LOAD for everything that is malformed, for threads, 64-bit memories and the types of
 * garbage-collected objects: no limit of ours could hold for those.
 */
export function parseModule(bytes: Uint8Array): WasmModule {
  checkHeader(bytes);
  const sections = readSections(bytes);
  const within = <Part>(id: number, read: (reader: ByteReader) => Part[]): Part[] => {
    const section = sections.find((candidate) => candidate.id === id);
    return section === undefined ? [] : read(new ByteReader(bytes, section.start, section.end));
  };
  within(SECTION.type, refuseObjectTypes);
  const imports = within(SECTION.import, readImports);
  const imported = (kind: "memory" | "table"): SizeRange[] =>
    imports.flatMap((entry) => (entry.kind === kind && entry.size !== null ? [entry.size] : []));
  return {
    sections,
    imports,
    exports: within(SECTION.export, readExports),
    memories: [...imported("memory"), ...within(SECTION.memory, readMemories)],
    tables: [...imported("table"), ...within(SECTION.table, readTables)],
  };
}

function readSections(bytes: Uint8Array): Section[] {
  const reader = new ByteReader(bytes, HEADER_BYTES);
  const sections: Section[] = [];
  const seen = new Set<number>();
  while (reader.remaining > 0) {
    const head = reader.offset;
    const id = reader.byte("a section's head");
    if (id > SECTION.tag) throw loadError(`the module holds a section of the unknown kind ${id}`);
    if (id !== SECTION.custom && seen.has(id)) throw loadError(`the module is damaged: it holds section ${id} twice`);
    seen.add(id);
    const length = reader.u32("a section's head");
    const start = reader.offset;
    reader.skip(length, `section ${id}`);
    sections.push({ id, head, start, end: start + length });
  }
  return sections;
}

function checkHeader(bytes: Uint8Array): void {
  const startsWith = (expected: readonly number[], at: number): boolean =>
    expected.every((byte, index) => bytes[at + index] === byte);
  if (bytes.length === 0) throw loadError("this is not a WebAssembly module: it is empty");
  if (!startsWith(MAGIC, 0)) {
    const start = String.fromCharCode(...bytes.subarray(0, SHOWN_BYTES));
    throw loadError(
      `this is not a WebAssembly module: it starts with ${quote(start)}`,
      start.startsWith("(module") ? "assemble the text form first, e.g. with wasm-as or wat2wasm" : undefined,
    );
  }
  if (startsWith(CORE_VERSION, MAGIC.length)) return;
  if (startsWith(COMPONENT_LAYER, 6)) {
    throw loadError("this is a WebAssembly component, not a module", "build it for the target wasm32-wasip1");
  }
  throw loadError("this is not a WebAssembly module of version 1");
}
