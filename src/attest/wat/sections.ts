import { unsigned } from "./code.js";

const HEAD = [0x00, 0x61, 0x73, 0x6d, 0x01, 0x00, 0x00, 0x00];
const NO_PARAMETERS = [0x01, 0x60, 0x00, 0x00];

/** So many of these bytes, one after the other. */
export interface Repeated {
  readonly count: number;
  readonly each: readonly number[];
}

/** What a module has that is put together byte by byte, since text would not allow it or be too long. */
export interface RawModule {
  /** What it exports its functions as; each export names the first one. */
  readonly entry: string | readonly string[];
  readonly globals?: Repeated;
  /** Functions beside the first, each with this body. */
  readonly functions?: Repeated;
  /** The body of the first function: its locals, its code, its end. */
  readonly body?: readonly number[];
  /** A custom section with this name. */
  readonly custom?: Uint8Array;
  /** Bytes behind all sections. */
  readonly rest?: readonly number[];
}

/** A module of one function without parameters, as described. Nothing is validated. */
export function moduleOf({ entry, globals, functions, body = [0, 0x0b], custom, rest = [] }: RawModule): Uint8Array {
  const names = typeof entry === "string" ? [entry] : entry;
  const count = 1 + (functions?.count ?? 0);
  const bodies = [
    sized(body),
    ...(functions === undefined ? [] : [repeat({ ...functions, each: [...sized(functions.each)] })]),
  ];
  return new Uint8Array(
    Buffer.concat([
      Buffer.from(HEAD),
      section(1, Buffer.from(NO_PARAMETERS)),
      section(3, Buffer.concat([Buffer.from(unsigned(count)), Buffer.alloc(count)])),
      section(5, Buffer.from([1, 0, 1])),
      ...(globals === undefined
        ? []
        : [section(6, Buffer.concat([Buffer.from(unsigned(globals.count)), repeat(globals)]))]),
      section(
        7,
        Buffer.from([
          ...unsigned(names.length + 1),
          ...named("memory"),
          2,
          0,
          ...names.flatMap((name) => [...named(name), 0, 0]),
        ]),
      ),
      section(10, Buffer.concat([Buffer.from(unsigned(count)), ...bodies])),
      ...(custom === undefined ? [] : [section(0, Buffer.concat([Buffer.from(unsigned(custom.length)), custom]))]),
      Buffer.from(rest),
    ]),
  );
}

function repeat({ count, each }: Repeated): Buffer {
  return Buffer.alloc(count * each.length, Buffer.from(each));
}

function sized(bytes: readonly number[]): Buffer {
  return Buffer.from([...unsigned(bytes.length), ...bytes]);
}

function named(name: string): number[] {
  const bytes = Buffer.from(name);
  return [...unsigned(bytes.length), ...bytes];
}

function section(id: number, content: Buffer): Buffer {
  return Buffer.concat([Buffer.from([id, ...unsigned(content.length)]), content]);
}
