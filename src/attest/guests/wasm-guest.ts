import { assemble } from "../wat/assemble.js";
import { watString } from "../wat/expression.js";
import { ID, introduction } from "./form.js";
import type { Part, WASM } from "./form.js";
import { COMMAND, INPUT, OUTPUT, PLUG_IN, TEXT_FUNCTIONS, TEXTS } from "./wasm-text.js";

/** What a module does at each step: instructions of WebAssembly text. */
export interface WasmSteps {
  /** Imports beside those that every guest has. */
  readonly imports?: string;
  /** Further functions, globals, tables. */
  readonly fields?: string;
  /** Locals of the hook's function. */
  readonly locals?: string;
  /** Ends with an `i32` on the stack: how many things it got away with. */
  readonly hook?: string;
  readonly initialize?: string;
  readonly shutdown?: string;
  /** Runs in the module's start function. */
  readonly start?: string;
  /** Runs in `_start` before the first line is read, or in `_initialize` of a plug-in. */
  readonly top?: string;
  /** What it says of itself, as JSON. */
  readonly said?: string;
  /** Pages of memory at the start; 8 when left out. */
  readonly pages?: number;
}

/** Gives texts a place in the module's memory. */
export class Texts {
  #end = TEXTS;
  readonly #data: string[] = [];

  /** The address and the length of a text, as two operands. */
  of(text: string | Uint8Array): string {
    const at = this.#end;
    const length = typeof text === "string" ? Buffer.byteLength(text) : text.length;
    this.#end += length;
    if (this.#end > INPUT) throw new Error("more texts than there is room for");
    this.#data.push(`(data (i32.const ${at}) ${watString(text)})`);
    return `(i32.const ${at}) (i32.const ${length})`;
  }

  get data(): string {
    return this.#data.join("\n");
  }
}

/** Instructions that write a whole line instead of an answer; `$ID` in it stands for the id of the request. */
export function writeRaw(texts: Texts, ...parts: readonly Part[]): string {
  const put = (text: string): string => (text === "" ? "" : `(call $put ${texts.of(text)})`);
  const puts = parts.map((part) =>
    typeof part === "string"
      ? part.split(ID).map(put).join(" (call $putId) ")
      : `(call $repeat ${texts.of(part.text)} (i32.const ${part.times}))`,
  );
  return `(global.set $end (i32.const ${OUTPUT})) ${puts.join(" ")} (global.set $raw (i32.const 1))`;
}

/** Pages for an answer of so many bytes. */
export function pagesFor(bytes: number): number {
  return Math.ceil((OUTPUT + bytes) / 65_536) + 1;
}

/** The parts that every module has. Its functions work on the line at INPUT and leave the answer at OUTPUT. */
function common(texts: Texts, steps: WasmSteps): string {
  const put = (text: string): string => `(call $put ${texts.of(text)})`;
  return `
${TEXT_FUNCTIONS}
(func $putId (local $at i32)
  (local.set $at (call $find ${texts.of('"id":')}))
  (block $done
    (loop $more
      (br_if $done (i32.gt_u (i32.sub (i32.load8_u (local.get $at)) (i32.const 48)) (i32.const 9)))
      (call $put (local.get $at) (i32.const 1))
      (local.set $at (i32.add (local.get $at) (i32.const 1)))
      (br $more))))
(func $hook (result i32) ${steps.locals ?? ""} ${steps.hook ?? "(i32.const 0)"})
(func $respond (local $method i32) (local $gains i32)
  (global.set $raw (i32.const 0))
  (local.set $method (call $find ${texts.of('"method":"')}))
  ;; What has no method is the host's answer to a request of ours.
  (if (i32.eqz (local.get $method)) (then (global.set $end (i32.const ${OUTPUT})) (return)))
  (local.set $method (i32.load8_u (i32.add (local.get $method) (i32.const 1))))
  ;; initialize, shutdown, ping, post-plan-resource: the second letter tells them apart.
  (if (i32.eq (local.get $method) (i32.const ${"n".charCodeAt(0)})) (then ${steps.initialize ?? ""}))
  (if (i32.eq (local.get $method) (i32.const ${"h".charCodeAt(0)})) (then ${steps.shutdown ?? ""}))
  (if (i32.eq (local.get $method) (i32.const ${"o".charCodeAt(0)})) (then (local.set $gains (call $hook))))
  (if (global.get $raw) (then (return)))
  (global.set $end (i32.const ${OUTPUT}))
  ${put('{"jsonrpc":"2.0","id":')} (call $putId) ${put(',"result":')}
  (if (i32.eq (local.get $method) (i32.const ${"n".charCodeAt(0)}))
    (then ${put(steps.said ?? introduction())})
    (else (if (i32.eq (local.get $method) (i32.const ${"o".charCodeAt(0)}))
      (then ${put('{"status":"success","message":"')} (call $putNumber (local.get $gains)) ${put('"}')})
      (else ${put("{}")}))))
  ${put("}")})`;
}

const WASI = "wasi_snapshot_preview1";
const EXTISM = "extism:host/env";

/** An import of preview1 by its parameters; each gives an error number. */
export function wasi(name: string, params: string): string {
  return `(import "${WASI}" "${name}" (func $${name} ${params === "" ? "" : `(param ${params})`} (result i32)))`;
}

/** An import of Extism's host functions. */
export function extism(name: string, type: string): string {
  return `(import "${EXTISM}" "${name}" (func $${name} ${type}))`;
}

const IMPORTS = {
  command: [wasi("fd_read", "i32 i32 i32 i32"), wasi("fd_write", "i32 i32 i32 i32")],
  "plug-in": [
    extism("alloc", "(param i64) (result i64)"),
    extism("store_u8", "(param i64 i32)"),
    extism("input_length", "(result i64)"),
    extism("input_load_u8", "(param i64) (result i32)"),
    extism("output_set", "(param i64 i64)"),
  ],
};

/** A guest of this flavour that does these steps. `steps` gets what gives texts their place. */
export function wasmGuest(flavour: (typeof WASM)[number], steps: (texts: Texts) => WasmSteps): Uint8Array<ArrayBuffer> {
  const texts = new Texts();
  const given = steps(texts);
  const body = common(texts, given);
  return assemble(`(module
    ${IMPORTS[flavour].join("\n")}
    ${given.imports ?? ""}
    (memory (export "memory") ${given.pages ?? 8})
    (func $top ${given.top ?? ""})
    ${body}
    ${flavour === "command" ? COMMAND : PLUG_IN}
    ${given.fields ?? ""}
    ${given.start === undefined ? "" : `(func $begin ${given.start}) (start $begin)`}
    ${texts.data})`);
}
