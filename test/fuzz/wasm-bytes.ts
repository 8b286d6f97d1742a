/** The sizes of a memory or table: its minimum, and its maximum or none. */
export type Sizes = readonly [minimum: number, maximum: number | null];

/** What a generated module is made of. */
export interface ModuleParts {
  readonly memories: readonly Sizes[];
  readonly tables: readonly Sizes[];
  /** Bodies of the exported functions `f0`, `f1` …, each `() -> i32`. */
  readonly bodies: readonly (readonly Op[])[];
  /** Bytes by which every length is written longer than it must be. */
  readonly padding: number;
  /** Content of a custom section between each two sections. */
  readonly custom: Uint8Array;
  /** The function that is called when the module starts. */
  readonly start: number | null;
}

/** One step of a body; each leaves one i32, which is mixed into the result. */
export type Op =
  | readonly ["grow-memory", pages: number]
  | readonly ["memory-size"]
  | readonly ["grow-table", table: number, elements: number]
  | readonly ["table-size", table: number]
  | readonly ["store", address: number, value: number]
  | readonly ["load", address: number]
  | readonly ["call", index: number];

const ID = { type: 1, function: 3, table: 4, memory: 5, export: 7, start: 8, element: 9, code: 10, data: 11 } as const;
const I32 = 0x7f;
const FUNCREF = 0x70;

function unsigned(value: number, padding = 0): number[] {
  const bytes: number[] = [];
  let rest = value;
  for (; rest >= 0x80; rest = Math.floor(rest / 0x80)) bytes.push((rest % 0x80) | 0x80);
  bytes.push(rest);
  for (let more = Math.min(padding, 5 - bytes.length); more > 0; more -= 1) {
    bytes.push((bytes.pop() ?? 0) | 0x80, 0);
  }
  return bytes;
}

function signed(value: number): number[] {
  const bytes: number[] = [];
  for (let rest = value | 0; ;) {
    const byte = rest & 0x7f;
    rest >>= 7;
    const isLast = (rest === 0 && (byte & 0x40) === 0) || (rest === -1 && (byte & 0x40) !== 0);
    bytes.push(isLast ? byte : byte | 0x80);
    if (isLast) return bytes;
  }
}

const constant = (value: number): number[] => [0x41, ...signed(value)];

/** The bytes of one step; those that need what the module lacks are a constant. */
function code(op: Op, { memories, tables, bodies }: ModuleParts, at: number): number[] {
  const hasMemory = memories.length > 0;
  switch (op[0]) {
    case "grow-memory":
      return hasMemory ? [...constant(op[1]), 0x40, 0] : constant(1);
    case "memory-size":
      return hasMemory ? [0x3f, 0] : constant(2);
    case "grow-table":
      return op[1] < tables.length ? [0xd0, FUNCREF, ...constant(op[2]), 0xfc, 15, op[1]] : constant(3);
    case "table-size":
      return op[1] < tables.length ? [0xfc, 16, op[1]] : constant(4);
    case "store":
      return hasMemory ? [...constant(op[1]), ...constant(op[2]), 0x36, 2, 0, ...constant(5)] : constant(5);
    case "load":
      return hasMemory ? [...constant(op[1]), 0x28, 2, 0] : constant(6);
    case "call":
      // Only earlier functions, so that every body ends.
      return op[1] < at && op[1] < bodies.length ? [0x10, ...unsigned(op[1])] : constant(7);
  }
}

function body(parts: ModuleParts, at: number): number[] {
  const ops = (parts.bodies[at] ?? []).flatMap((op) => [...constant(31), 0x6c, ...code(op, parts, at), 0x6a]);
  const bytes = [0, ...constant(17), ...ops, 0x0b];
  return [...unsigned(bytes.length, parts.padding), ...bytes];
}

function sizes([minimum, maximum]: Sizes, padding: number): number[] {
  const head = [maximum === null ? 0 : 1, ...unsigned(minimum, padding)];
  return maximum === null ? head : [...head, ...unsigned(maximum, padding)];
}

const text = (value: string): number[] => [...unsigned(value.length), ...Buffer.from(value)];

/** The bytes of a module; written by hand, so that every length can be padded and every section stand alone. */
export function moduleBytes(parts: ModuleParts): Uint8Array {
  const { memories, tables, bodies, padding, custom, start } = parts;
  const vector = (items: readonly (readonly number[])[]): number[] => [
    ...unsigned(items.length, padding),
    ...items.flat(),
  ];
  const section = (id: number, content: readonly number[]): number[] => [
    ...[0, ...unsigned(custom.length + 2, padding), 1, 0x78, ...custom],
    ...[id, ...unsigned(content.length, padding), ...content],
  ];
  const exports = [
    ...bodies.map((_, at) => [...text(`f${at}`), 0, ...unsigned(at)]),
    ...(memories.length > 0 ? [[...text("memory"), 2, 0]] : []),
  ];
  return Uint8Array.from([
    ...[0, 0x61, 0x73, 0x6d, 1, 0, 0, 0],
    ...section(ID.type, [
      ...vector([
        [0x60, 0, 1, I32],
        [0x60, 0, 0],
      ]),
    ]),
    ...section(ID.function, vector([...bodies.map(() => [0]), [1]])),
    ...(tables.length > 0 ? section(ID.table, vector(tables.map((one) => [FUNCREF, ...sizes(one, padding)]))) : []),
    ...(memories.length > 0 ? section(ID.memory, vector(memories.map((one) => sizes(one, padding)))) : []),
    ...section(ID.export, vector(exports)),
    ...(start === null ? [] : section(ID.start, unsigned(bodies.length))),
    ...section(
      ID.code,
      vector([
        ...bodies.map((_, at) => body(parts, at)),
        start === null || start >= bodies.length ? [2, 0, 0x0b] : [5, 0, 0x10, start, 0x1a, 0x0b],
      ]),
    ),
    ...(memories.length > 0 ? section(ID.data, vector([[0, 0x41, 8, 0x0b, 3, 1, 2, 3]])) : []),
  ]);
}
