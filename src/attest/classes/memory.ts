import { endsIn, harmless } from "../attack.js";
import type { Attack, AttackClass } from "../attack.js";
import { bothWasm, file, js, program, wasm } from "../guests/files.js";
import { extism } from "../guests/wasm-guest.js";
import { assemble } from "../wat/assemble.js";

const MIB = 1024 * 1024;
const LIMIT_PAGES = 256;
const SMALL = { memoryBytes: 16 * MIB };
const MORE = 300;

function inJs(name: string, piece: string): Attack {
  return {
    name,
    guests: {
      js: js({
        hook: `const held = []; for (let turn = 0; turn < ${MORE}; turn++) held.push(${piece}); got("held", held.length);`,
      }),
    },
    declared: SMALL,
    judge: endsIn("GUEST_MEMORY"),
    control: { shows: ({ message }) => message === `1: held: ${MORE}` },
  };
}

const LARGE_AT_START = `(module (memory (export "memory") 1024) (func (export "_start")))`;

/** Tries to use up the memory of the machine. */
export const MEMORY: AttackClass = {
  name: "memory",
  tries: "growing heaps, linear memory, and what the host keeps for a guest",
  attacks: [
    inJs("a script keeps arrays", "new Array(100000).fill(turn)"),
    inJs("a script keeps buffers", "new Uint8Array(1048576).fill(turn)"),
    inJs("a script keeps objects", "Array.from({ length: 5000 }, (_, at) => ({ at, turn, next: { at } }))"),
    {
      name: "a module grows its memory, and counts pages over its limit",
      guests: bothWasm(() => ({
        hook: `(block $full (loop $more
            (br_if $full (i32.eq (memory.grow (i32.const 64)) (i32.const -1)))
            (br_if $more (i32.lt_u (memory.size) (i32.const 1024)))))
          (if (i32.le_u (memory.size) (i32.const ${LIMIT_PAGES})) (then (return (i32.const 0))))
          (memory.size)`,
      })),
      declared: SMALL,
      judge: harmless,
      control: { shows: ({ message }) => Number(message) > LIMIT_PAGES },
    },
    {
      name: "a module starts with more than its limit",
      guests: {
        command: file("guest.wasm", assemble(LARGE_AT_START)),
        "plug-in": file("guest.wasm", assemble(LARGE_AT_START.replace("_start", "handle"))),
      },
      declared: SMALL,
      judge: endsIn("GUEST_MEMORY"),
      control: { shows: ({ exit }) => exit?.code === 0, forms: ["command"] },
    },
    {
      name: "a plug-in takes blocks of the memory it shares with its host",
      guests: {
        "plug-in": wasm("plug-in", () => ({
          locals: "(local $turns i32)",
          hook: `(loop $more
              (drop (call $alloc (i64.const 65536)))
              (local.set $turns (i32.add (local.get $turns) (i32.const 1)))
              (br_if $more (i32.lt_u (local.get $turns) (i32.const 2048))))
            (local.get $turns)`,
        })),
      },
      declared: SMALL,
      judge: endsIn("GUEST_MEMORY"),
      control: { shows: ({ message }) => message === "2048" },
    },
    {
      name: "a plug-in keeps variables with its host",
      guests: {
        "plug-in": wasm("plug-in", () => ({
          imports: extism("var_set", "(param i64 i64)"),
          locals: "(local $turns i32)",
          hook: `(loop $more
              (i32.store (i32.const 64) (local.get $turns))
              (call $var_set (call $block (i32.const 64) (i32.const 4)) (call $block (i32.const 1024) (i32.const 10000)))
              (local.set $turns (i32.add (local.get $turns) (i32.const 1)))
              (br_if $more (i32.lt_u (local.get $turns) (i32.const 2048))))
            (local.get $turns)`,
        })),
      },
      declared: SMALL,
      judge: endsIn("GUEST_MEMORY"),
    },
    {
      name: "a program grows, and stays",
      guests: {
        executable: program({
          hook: `const held = []; for (let turn = 0; turn < ${MORE}; turn++) held.push(Buffer.alloc(1048576, turn));
            await new Promise((done) => setTimeout(done, 3000)); got("held", held.length);`,
        }),
      },
      declared: { memoryBytes: 192 * MIB },
      judge: endsIn("GUEST_MEMORY"),
      control: { shows: ({ message }) => message === `1: held: ${MORE}` },
    },
  ],
};
