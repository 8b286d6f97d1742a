import { encodeCode, unsigned, valueType } from "./code.js";
import type { Names, Space } from "./code.js";
import { readExpressions } from "./expression.js";
import type { Expression } from "./expression.js";

const HEAD = [0x00, 0x61, 0x73, 0x6d, 0x01, 0x00, 0x00, 0x00];
const SECTION = {
  type: 1,
  import: 2,
  function: 3,
  table: 4,
  memory: 5,
  global: 6,
  export: 7,
  start: 8,
  code: 10,
  data: 11,
};
const FUNCTION_TYPE = 0x60;
const FUNCREF = 0x70;
const END = 0x0b;
const KIND = { function: 0, table: 1, memory: 2 };

type List = readonly Expression[];

/**
 * Assembles the WebAssembly text of one module: functions, imported functions, one memory, one table, globals, data,
 * exports and a start function, with instructions in their folded form. That is all that the attacks are written in, so
 * they need no toolchain where they run. Nothing is validated: a module may be wrong on purpose. Throws a plain `Error`
 * for text it does not know.
 */
export function assemble(text: string): Uint8Array<ArrayBuffer> {
  const [module] = readExpressions(text);
  const fields = listOf(module).slice(1).map(listOf);
  return new Assembler(fields).module();
}

class Assembler {
  readonly #fields: readonly List[];
  readonly #types: number[][] = [];
  readonly #names: Record<Space, Map<string, number>> = { function: new Map(), global: new Map(), local: new Map() };
  readonly #exports: number[][] = [];

  constructor(fields: readonly List[]) {
    this.#fields = fields;
  }

  module(): Uint8Array<ArrayBuffer> {
    const imports = this.#of("import");
    const functions = this.#of("func");
    for (const [at, one] of imports.entries()) this.#name("function", listOf(one[3])[1], at);
    for (const [at, one] of functions.entries()) this.#name("function", one[1], imports.length + at);
    for (const [at, one] of this.#of("global").entries()) this.#name("global", one[1], at);
    const imported = imports.map((one) => this.#import(one));
    const typed = functions.map((one) => unsigned(this.#type(one)));
    for (const [at, one] of functions.entries()) this.#export(one, KIND.function, imports.length + at);
    const tables = this.#of("table").map((one, at) => this.#sized(one, "table", at));
    const memories = this.#of("memory").map((one, at) => this.#sized(one, "memory", at));
    const globals = this.#of("global").map((one) => this.#global(one));
    const codes = functions.map((one) => this.#body(one));
    const data = this.#of("data").map((one) => this.#data(one));
    const start = this.#of("start").flatMap((one) => unsigned(this.#names.function.get(String(one[1])) ?? 0));
    const parts = [
      section(SECTION.type, this.#types),
      section(SECTION.import, imported),
      section(SECTION.function, typed),
      section(SECTION.table, tables),
      section(SECTION.memory, memories),
      section(SECTION.global, globals),
      section(SECTION.export, this.#exports),
      ...(start.length === 0 ? [] : [Buffer.from([SECTION.start, ...unsigned(start.length), ...start])]),
      section(SECTION.code, codes),
      section(SECTION.data, data),
    ];
    return new Uint8Array(Buffer.concat([Buffer.from(HEAD), ...parts]));
  }

  #of(kind: string): readonly List[] {
    return this.#fields.filter(([first]) => first === kind);
  }

  #name(space: Space, name: Expression | undefined, index: number): void {
    if (typeof name === "string" && name.startsWith("$")) this.#names[space].set(name, index);
  }

  #type(field: List): number {
    const types = (kind: string): number[] =>
      partsOf(field, kind).flatMap((part) => named(part).map(([, type]) => type));
    const [params, results] = [types("param"), types("result")];
    const bytes = [FUNCTION_TYPE, ...unsigned(params.length), ...params, ...unsigned(results.length), ...results];
    const known = this.#types.findIndex((other) => other.join() === bytes.join());
    return known >= 0 ? known : this.#types.push(bytes) - 1;
  }

  #import([, module, name, what]: List): number[] {
    return [...bytesOf(module), ...bytesOf(name), KIND.function, ...unsigned(this.#type(listOf(what)))];
  }

  #export(field: List, kind: number, index: number): void {
    for (const part of partsOf(field, "export")) this.#exports.push([...bytesOf(part[1]), kind, ...unsigned(index)]);
  }

  #sized(field: List, kind: "table" | "memory", index: number): number[] {
    this.#export(field, KIND[kind], index);
    const numbers = field.filter((part) => typeof part === "string" && /^\d+$/.test(part)).map(Number);
    const [minimum = 0, maximum] = numbers;
    // A shared memory has a maximum, and says that it is shared.
    const flags = (maximum === undefined ? 0 : 1) | (field.includes("shared") ? 2 : 0);
    const range = [flags, ...unsigned(minimum), ...(maximum === undefined ? [] : unsigned(maximum))];
    return kind === "table" ? [FUNCREF, ...range] : range;
  }

  /** `(global $name (mut i32) (i32.const 1))` */
  #global([, , type, value]: List): number[] {
    const isMutable = Array.isArray(type);
    const valued = valueType(isMutable ? listOf(type)[1] : type);
    return [valued, isMutable ? 1 : 0, ...this.#constant(value), END];
  }

  #constant(value: Expression | undefined): number[] {
    return encodeCode(value === undefined ? [] : [value], this.#names);
  }

  #body(field: List): number[] {
    const local = new Map<string, number>();
    const params = partsOf(field, "param").flatMap(named);
    const locals = partsOf(field, "local").flatMap(named);
    for (const [at, [name]] of [...params, ...locals].entries()) if (name !== "") local.set(name, at);
    const names: Names = { ...this.#names, local };
    const code = encodeCode(field.filter(isInstruction), names);
    const body = [...declared(locals.map(([, type]) => type)), ...code, END];
    return unsigned(body.length).concat(body);
  }

  #data([, offset, text]: List): number[] {
    return [0, ...this.#constant(offset), END, ...bytesOf(text)];
  }
}

/** Neighbours of one type are declared together, so a function can have very many. */
function declared(types: readonly number[]): number[] {
  const groups: number[][] = [];
  let count = 0;
  for (const [at, type] of types.entries()) {
    count++;
    if (types[at + 1] === type) continue;
    groups.push([...unsigned(count), type]);
    count = 0;
  }
  return [...unsigned(groups.length), ...groups.flat()];
}

/** All but the head of a function; what is not in parentheses there is refused where code is encoded. */
function isInstruction(part: Expression, at: number): boolean {
  if (at === 0 || (at === 1 && typeof part === "string" && part.startsWith("$"))) return false;
  return !Array.isArray(part) || !["param", "result", "local", "export"].includes(String(part[0]));
}

/** `(param $a i32)` or `(param i32 i64)` as names and types. */
function named(part: List): [name: string, type: number][] {
  const [, first, second] = part;
  if (typeof first === "string" && first.startsWith("$")) return [[first, valueType(second)]];
  return part.slice(1).map((type) => ["", valueType(type)]);
}

function partsOf(field: List, kind: string): readonly List[] {
  return field.filter((part): part is List => Array.isArray(part) && part[0] === kind);
}

function section(id: number, entries: readonly (readonly number[])[]): Buffer {
  if (entries.length === 0) return Buffer.alloc(0);
  const content = Buffer.concat([Buffer.from(unsigned(entries.length)), ...entries.map((entry) => Buffer.from(entry))]);
  return Buffer.concat([Buffer.from([id, ...unsigned(content.length)]), content]);
}

function listOf(expression: Expression | undefined): List {
  if (expression === undefined || typeof expression === "string" || expression instanceof Uint8Array) {
    throw new Error("parentheses were expected");
  }
  return expression;
}

function bytesOf(expression: Expression | undefined): number[] {
  if (!(expression instanceof Uint8Array)) throw new Error("a string was expected");
  return [...unsigned(expression.length), ...expression];
}
