import type { Expression } from "./expression.js";

/** Operators without immediates; each comes after its operands. */
const PLAIN: Readonly<Record<string, readonly number[]>> = {
  unreachable: [0x00],
  nop: [0x01],
  return: [0x0f],
  drop: [0x1a],
  select: [0x1b],
  "i32.eqz": [0x45],
  "i32.eq": [0x46],
  "i32.ne": [0x47],
  "i32.lt_u": [0x49],
  "i32.gt_u": [0x4b],
  "i32.le_u": [0x4d],
  "i32.ge_u": [0x4f],
  "i64.eq": [0x51],
  "i64.ne": [0x52],
  "i64.gt_u": [0x56],
  "i32.add": [0x6a],
  "i32.sub": [0x6b],
  "i32.mul": [0x6c],
  "i32.div_u": [0x6e],
  "i32.rem_u": [0x70],
  "i32.and": [0x71],
  "i32.or": [0x72],
  "i64.add": [0x7c],
  "i64.sub": [0x7d],
  "i32.wrap_i64": [0xa7],
  "i64.extend_i32_u": [0xad],
  "memory.size": [0x3f, 0x00],
  "memory.grow": [0x40, 0x00],
  "memory.copy": [0xfc, 0x0a, 0x00, 0x00],
  "memory.fill": [0xfc, 0x0b, 0x00],
  "table.grow": [0xfc, 0x0f, 0x00],
  "table.size": [0xfc, 0x10, 0x00],
  "ref.null": [0xd0, 0x70],
};
/** Loads and stores; alignment is a hint, so none is given. */
const ACCESS: Readonly<Record<string, number>> = {
  "i32.load": 0x28,
  "i64.load": 0x29,
  "i32.load8_u": 0x2d,
  "i32.store": 0x36,
  "i64.store": 0x37,
  "i32.store8": 0x3a,
};
/** Operators with one index; which space it counts in. */
const INDEXED: Readonly<Record<string, readonly [code: number, space: Space | "label"]>> = {
  br: [0x0c, "label"],
  br_if: [0x0d, "label"],
  call: [0x10, "function"],
  "local.get": [0x20, "local"],
  "local.set": [0x21, "local"],
  "local.tee": [0x22, "local"],
  "global.get": [0x23, "global"],
  "global.set": [0x24, "global"],
};
const VALUE_TYPES: Readonly<Record<string, number>> = { i32: 0x7f, i64: 0x7e, f32: 0x7d, f64: 0x7c, funcref: 0x70 };
const EMPTY_BLOCK = 0x40;
const BLOCK = 0x02;
const LOOP = 0x03;
const IF = 0x04;
const ELSE = 0x05;
const END = 0x0b;

/** What a name or number can count in. */
export type Space = "function" | "global" | "local";

/** The names that an instruction can use; each stands for its index. */
export type Names = Readonly<Record<Space, ReadonlyMap<string, number>>>;

/** Signed LEB128. */
export function signed(value: bigint): number[] {
  const bytes: number[] = [];
  for (let rest = value; ; rest >>= 7n) {
    const low = Number(rest & 0x7fn);
    const done = rest >> 7n === (low & 0x40 ? -1n : 0n);
    bytes.push(done ? low : low | 0x80);
    if (done) return bytes;
  }
}

/** Unsigned LEB128. */
export function unsigned(value: number): number[] {
  const bytes: number[] = [];
  let rest = value;
  for (; rest >= 0x80; rest = Math.floor(rest / 0x80)) bytes.push((rest % 0x80) | 0x80);
  bytes.push(rest);
  return bytes;
}

/** The byte of a value type. */
export function valueType(name: Expression | undefined): number {
  const code = typeof name === "string" ? VALUE_TYPES[name] : undefined;
  if (code === undefined) throw new Error(`not a value type: ${String(name)}`);
  return code;
}

/** The bytes of instructions, all of them in parentheses: operands stand inside, before what works on them. */
export function encodeCode(body: readonly Expression[], names: Names): number[] {
  return new Coder(names).all(body);
}

class Coder {
  readonly #names: Names;
  readonly #labels: string[] = [];

  constructor(names: Names) {
    this.#names = names;
  }

  all(body: readonly Expression[]): number[] {
    const bytes: number[] = [];
    for (const one of body) for (const byte of this.#one(one)) bytes.push(byte);
    return bytes;
  }

  #one(expression: Expression): number[] {
    if (typeof expression === "string" || expression instanceof Uint8Array) throw new Error("not an instruction");
    const [operator, ...rest] = expression;
    const name = String(operator);
    if (name === "block" || name === "loop") return this.#block(name === "loop" ? LOOP : BLOCK, rest);
    if (name === "if") return this.#if(rest);
    if (name === "i32.const" || name === "i64.const") {
      const value = BigInt(String(rest[0]));
      return name === "i32.const"
        ? [0x41, ...signed(BigInt.asIntN(32, value))]
        : [0x42, ...signed(BigInt.asIntN(64, value))];
    }
    const indexed = INDEXED[name];
    if (indexed !== undefined) {
      const [index, ...operands] = rest;
      return [...this.all(operands), indexed[0], ...unsigned(this.#index(indexed[1], index))];
    }
    const access = ACCESS[name];
    if (access !== undefined) return [...this.all(rest), access, 0, 0];
    const plain = PLAIN[name];
    if (plain === undefined) throw new Error(`an unknown instruction: ${name}`);
    return [...this.all(rest), ...plain];
  }

  #block(code: number, rest: readonly Expression[]): number[] {
    const [first, ...others] = rest;
    const label = typeof first === "string" ? first : "";
    return [code, EMPTY_BLOCK, ...this.#within(label, label === "" ? rest : others), END];
  }

  #if([condition, then, otherwise]: readonly Expression[]): number[] {
    const part = (expression: Expression | undefined): readonly Expression[] =>
      Array.isArray(expression) ? (expression.slice(1) as readonly Expression[]) : [];
    const decided = condition === undefined ? [] : this.#one(condition);
    const second = otherwise === undefined ? [] : [ELSE, ...this.#within("", part(otherwise))];
    return [...decided, IF, EMPTY_BLOCK, ...this.#within("", part(then)), ...second, END];
  }

  #within(label: string, body: readonly Expression[]): number[] {
    this.#labels.unshift(label);
    const bytes = this.all(body);
    this.#labels.shift();
    return bytes;
  }

  #index(space: Space | "label", name: Expression | undefined): number {
    const index = space === "label" ? this.#labels.indexOf(String(name)) : this.#names[space].get(String(name));
    if (index === undefined || index < 0) throw new Error(`an unknown ${space}: ${String(name)}`);
    return index;
  }
}
