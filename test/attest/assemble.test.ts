import { describe, expect, it } from "vitest";
import { assemble } from "../../src/attest/wat/assemble.js";
import { watString } from "../../src/attest/wat/expression.js";
import { wat } from "../support/wasm.js";

const TEXT = `(module
  (import "env" "add" (func $add (param i32 i64) (result i32)))
  (memory (export "memory") 1 3)
  (table 2 5 funcref)
  (global $count (mut i32) (i32.const -7))
  (global $fixed i64 (i64.const 0x1234567890))
  (func $fact (export "fact") (param $n i32) (result i32)
    (if (i32.le_u (local.get $n) (i32.const 1)) (then (return (i32.const 1))) (else (nop)))
    (i32.mul (local.get $n) (call $fact (i32.sub (local.get $n) (i32.const 1)))))
  (func (export "work") (param $a i32) (result i32) (local $sum i32) (local $other i64) (local $more i64)
    (block $done
      (loop $next
        (br_if $done (i32.eqz (local.get $a)))
        (local.set $sum (i32.add (local.get $sum) (local.get $a)))
        (local.set $a (i32.sub (local.get $a) (i32.const 1)))
        (br $next)))
    (i32.store (i32.const 64) (local.get $sum))
    (global.set $count (i32.add (global.get $count) (i32.load8_u (i32.const 16))))
    (local.set $other (i64.add (global.get $fixed) (i64.extend_i32_u (local.get $sum))))
    (drop (table.grow (ref.null func) (i32.const 2)))
    (memory.copy (i32.const 128) (i32.const 16) (i32.const 3))
    (i32.add (call $add (i32.load (i32.const 64)) (local.get $other))
      (i32.add (global.get $count) (i32.add (table.size) (memory.grow (i32.const 1))))))
  (func $begin (i32.store8 (i32.const 16) (i32.const 5)))
  (start $begin)
  (data (i32.const 32) "a\\n\\22\\ff"))`;

function run(bytes: Uint8Array<ArrayBuffer>) {
  const add = (one: number, other: bigint): number => one + Number(other & 0xffn);
  const { exports } = new WebAssembly.Instance(new WebAssembly.Module(bytes), { env: { add } });
  const { fact, work, memory } = exports as unknown as {
    fact: (n: number) => number;
    work: (a: number) => number;
    memory: WebAssembly.Memory;
  };
  return [fact(6), work(10), work(100), [...new Uint8Array(memory.buffer, 0, 256)]];
}

describe("our assembler", () => {
  it("makes of a text the module that Binaryen makes of it", () => {
    // Our form has the type of a null reference as a given.
    const ours = run(assemble(TEXT.replace("(ref.null func)", "(ref.null)")));
    const theirs = run(
      Uint8Array.from(
        wat(
          TEXT.replace("(table 2", "(table $t 2")
            .replace("(table.grow", "(table.grow $t")
            .replace("(table.size)", "(table.size $t)"),
        ),
      ),
    );
    expect(ours).toEqual(theirs);
    expect(ours[0]).toBe(720);
  });

  it("keeps every byte of a string", () => {
    const bytes = Uint8Array.from({ length: 256 }, (_, at) => at);
    const module = assemble(`(module (memory (export "memory") 1) (data (i32.const 0) ${watString(bytes)}))`);
    const { memory } = new WebAssembly.Instance(new WebAssembly.Module(module)).exports;
    expect(memory instanceof WebAssembly.Memory && new Uint8Array(memory.buffer, 0, 256)).toEqual(bytes);
  });

  it.each([
    "(module",
    "(module))",
    '(module (func (i32.const 1) "x"))',
    "(module (func (no.such)))",
    "(module (func (call $no)))",
    "(module (func (br $no)))",
  ])("refuses %s", (text) => {
    expect(() => assemble(text)).toThrow();
  });
});
