import { wat } from "../../support/wasm.js";

const EXTISM: Readonly<Record<string, string>> = {
  alloc: "(param i64) (result i64)",
  error_set: "(param i64)",
  input_length: "(result i64)",
  input_load_u64: "(param i64) (result i64)",
  input_load_u8: "(param i64) (result i32)",
  input_offset: "(result i64)",
  length: "(param i64) (result i64)",
  http_request: "(param i64 i64) (result i64)",
  http_status_code: "(result i32)",
  config_get: "(param i64) (result i64)",
  load_u8: "(param i64) (result i32)",
  log_warn: "(param i64)",
  output_set: "(param i64 i64)",
  store_u8: "(param i64 i32)",
  store_u64: "(param i64 i64)",
  var_get: "(param i64) (result i64)",
  var_set: "(param i64 i64)",
};

const WASI: Readonly<Record<string, string>> = {
  fd_read: "(param i32 i32 i32 i32) (result i32)",
  fd_write: "(param i32 i32 i32 i32) (result i32)",
  proc_exit: "(param i32)",
};

function imports(module: string, functions: Readonly<Record<string, string>>): string {
  return Object.entries(functions)
    .map(([name, type]) => `(import "${module}" "${name}" (func $${name} ${type}))`)
    .join("\n");
}

/** A module that may call the host functions by `$name`; memory 0 is exported, its first bytes hold `data`. */
export function guest(text: string, memory = "1"): Uint8Array {
  return wat(`(module ${imports("extism:host/env", EXTISM)} ${imports("wasi_snapshot_preview1", WASI)}
    (memory (export "memory") ${memory}) ${text})`);
}

/** A plug-in whose `handle` does this. */
export function plugIn(body: string, rest = "", locals = ""): Uint8Array {
  return guest(`(func (export "handle") (result i32) ${locals} ${body} (i32.const 0)) ${rest}`);
}

/** Gives the request back. */
export const ECHO = "(call $output_set (call $input_offset) (call $input_length))";

/** A program that may call WASI by `$name`, with `$read` and `$write` over the window at address 1,024. */
export function command(body: string, rest = "", memory = "1", locals = ""): Uint8Array {
  return wat(`(module ${imports("wasi_snapshot_preview1", WASI)}
    (memory (export "memory") ${memory})
    (func $window (param $length i32) (i32.store (i32.const 0) (i32.const 1024)) (i32.store (i32.const 4) (local.get $length)))
    (func $read (result i32) (call $window (i32.const 4096))
      (drop (call $fd_read (i32.const 0) (i32.const 0) (i32.const 1) (i32.const 8))) (i32.load (i32.const 8)))
    (func $write (param $fd i32) (param $length i32) (call $window (local.get $length))
      (drop (call $fd_write (local.get $fd) (i32.const 0) (i32.const 1) (i32.const 8))))
    (func $serve (local $length i32)
      (loop $next
        (local.set $length (call $read))
        (if (i32.eqz (local.get $length)) (then (return)))
        (call $write (i32.const 1) (local.get $length))
        (br $next)))
    ${rest}
    (func (export "_start") ${locals} ${body}))`);
}
