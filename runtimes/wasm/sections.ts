import type { ByteReader } from "./byte-reader.js";
import { loadError } from "./load-error.js";

/** Most imports, exports, and types: what V8 itself allows (https://webassembly.github.io/spec/js-api/#limits). */
const MOST_NAMES = 100_000;
const MOST_TYPES = 1_000_000;
const MOST_MEMORIES = 100;
const MOST_TABLES = 100_000;

const FUNCTION_TYPE = 0x60;
const FUNCREF = 0x70;
const EXTERNREF = 0x6f;
/** `(ref null ht)` and `(ref ht)`, each followed by a heap type. */
const REF_NULL = 0x63;
const REF = 0x64;

const HAS_MAXIMUM = 0x01;
const SHARED = 0x02;
const WIDE = 0x04;

const KINDS = ["function", "table", "memory", "global", "tag"] as const;
export type ExternKind = (typeof KINDS)[number];

/** The declared size of a memory (pages of 64 KiB) or a table (elements), and where its bytes stand in the module. */
export interface SizeRange {
  readonly minimum: number;
  readonly maximum: number | null;
  readonly start: number;
  readonly end: number;
}

/** One import of a module. */
export interface ModuleImport {
  readonly module: string;
  readonly name: string;
  readonly kind: ExternKind;
  /** The size of an imported memory or table. */
  readonly size: SizeRange | null;
}

/** One export of a module. */
export interface ModuleExport {
  readonly name: string;
  readonly kind: ExternKind;
}

/**
 * Reads the type section and refuses what is no function type: objects of the garbage-collected kinds live in the
 * engine's own heap, where no maximum can be written.
 */
export function refuseObjectTypes(reader: ByteReader): never[] {
  const what = "the types";
  for (let left = reader.count(what, MOST_TYPES); left > 0; left--) {
    if (reader.byte(what) !== FUNCTION_TYPE) {
      throw loadError(
        "the module declares types of garbage-collected objects, whose memory cannot be limited",
        "build it for plain linear memory",
      );
    }
    for (const part of ["params", "results"]) {
      for (let values = reader.count(`the ${part} of a type`, MOST_TYPES); values > 0; values--) skipValueType(reader);
    }
  }
  return [];
}

/** Reads the import section. */
export function readImports(reader: ByteReader): ModuleImport[] {
  const what = "the imports";
  const imports: ModuleImport[] = [];
  for (let left = reader.count(what, MOST_NAMES); left > 0; left--) {
    const module = reader.name(what);
    const name = reader.name(what);
    const kind = readKind(reader, what);
    imports.push({ module, name, kind, size: readImportType(reader, kind) });
  }
  return imports;
}

/** Reads the export section. */
export function readExports(reader: ByteReader): ModuleExport[] {
  const what = "the exports";
  const exports: ModuleExport[] = [];
  for (let left = reader.count(what, MOST_NAMES); left > 0; left--) {
    const name = reader.name(what);
    const kind = readKind(reader, what);
    reader.skipLeb(what);
    exports.push({ name, kind });
  }
  return exports;
}

/** Reads the memory section. */
export function readMemories(reader: ByteReader): SizeRange[] {
  return readAll(reader, "the memories", MOST_MEMORIES, readMemory);
}

/** Reads the table section. */
export function readTables(reader: ByteReader): SizeRange[] {
  return readAll(reader, "the tables", MOST_TABLES, readTable);
}

function readAll(reader: ByteReader, what: string, most: number, read: (reader: ByteReader) => SizeRange): SizeRange[] {
  const all: SizeRange[] = [];
  for (let left = reader.count(what, most); left > 0; left--) all.push(read(reader));
  return all;
}

function readImportType(reader: ByteReader, kind: ExternKind): SizeRange | null {
  switch (kind) {
    case "function":
      reader.skipLeb("an imported function");
      return null;
    case "table":
      return readTable(reader);
    case "memory":
      return readMemory(reader);
    case "global":
      skipValueType(reader);
      reader.byte("an imported global");
      return null;
    case "tag":
      reader.byte("an imported tag");
      reader.skipLeb("an imported tag");
      return null;
  }
}

function readKind(reader: ByteReader, what: string): ExternKind {
  const code = reader.byte(what);
  const kind = KINDS[code];
  if (kind === undefined) throw loadError(`the module holds an entry of the unknown kind ${code} in ${what}`);
  return kind;
}

/** Only tables of functions and host references: a table of exceptions would hold memory beyond every limit. */
function readTable(reader: ByteReader): SizeRange {
  const type = reader.byte("a table");
  if (type !== FUNCREF && type !== EXTERNREF) {
    throw loadError(`the module declares a table of the unsupported type 0x${type.toString(16)}`);
  }
  return readSize(reader, "table");
}

function readMemory(reader: ByteReader): SizeRange {
  return readSize(reader, "memory");
}

function readSize(reader: ByteReader, what: "memory" | "table"): SizeRange {
  const start = reader.offset;
  const flags = reader.byte(`a ${what}`);
  if (flags > HAS_MAXIMUM) throw unsupportedSize(flags, what);
  const minimum = reader.u32(`a ${what}`);
  const maximum = flags === HAS_MAXIMUM ? reader.u32(`a ${what}`) : null;
  if (maximum !== null && maximum < minimum) {
    throw loadError(`the module is damaged: the maximum of a ${what} is under its minimum`);
  }
  return { minimum, maximum, start, end: reader.offset };
}

function unsupportedSize(flags: number, what: "memory" | "table"): Error {
  if (flags < WIDE * 2 && (flags & SHARED) !== 0) {
    return loadError(`the module uses threads (a shared ${what}), which no guest may`, "build it without threads");
  }
  if (flags < WIDE * 2 && (flags & WIDE) !== 0) {
    return loadError(`the module uses a 64-bit ${what}`, "build it for wasm32");
  }
  return loadError(`the module is damaged: a ${what} has the unknown flags 0x${flags.toString(16)}`);
}

function skipValueType(reader: ByteReader): void {
  const type = reader.byte("a value type");
  if (type === REF_NULL || type === REF) reader.skipLeb("a value type");
}
