import { endsIn, harmless } from "../attack.js";
import type { Attack, AttackClass, Judge, MakeGuest } from "../attack.js";
import { bothScripts, bothWasm, file, js } from "../guests/files.js";
import { assemble } from "../wat/assemble.js";
import { moduleOf } from "../wat/sections.js";
import type { RawModule } from "../wat/sections.js";

/** Both flavours of a module that is put together byte by byte. */
function raw(make: (entry: string) => Uint8Array): Readonly<Record<"plug-in" | "command", MakeGuest>> {
  return { "plug-in": file("guest.wasm", make("handle")), command: file("guest.wasm", make("_start")) };
}

function strange(name: string, module: Omit<RawModule, "entry">, judge: Judge = endsIn("GUEST_LOAD")): Attack {
  return { name, guests: raw((entry) => moduleOf({ ...module, entry })), judge };
}

/** `block` and `end`, so many of each, in a function without locals. */
const nested = (depth: number): number[] => [
  0,
  ...Array.from({ length: depth }, () => [0x02, 0x40]).flat(),
  ...Array.from({ length: depth }, () => 0x0b),
  0x0b,
];

/** Tries to break whatever reads, compiles and starts a module. */
export const MODULES: AttackClass = {
  name: "strange-modules",
  tries: "thousands of functions, giant locals, start traps, duplicate exports, lying lengths",
  attacks: [
    {
      name: "20,000 functions, and it works",
      guests: bothWasm(() => ({ fields: Array.from({ length: 20_000 }, (_, at) => `(func $f${at})`).join(" ") })),
      judge: harmless,
    },
    strange("more functions than an engine takes", { functions: { count: 1_000_001, each: [0x00, 0x0b] } }),
    // One group of 60,000 locals of type i64.
    strange("60,000 locals in one function", { body: [0x01, 0xe0, 0xd4, 0x03, 0x7e, 0x0b] }),
    // Two groups of 2^32 - 1 locals each.
    strange("eight billion locals in one function", {
      body: [0x02, ...[0xff, 0xff, 0xff, 0xff, 0x0f, 0x7e], ...[0xff, 0xff, 0xff, 0xff, 0x0f, 0x7e], 0x0b],
    }),
    strange("100,000 nested blocks", { body: nested(100_000) }, (seen) =>
      // Valid, and does nothing: a plug-in then gives no answer, a command ends.
      endsIn("GUEST_NO_ANSWER", "GUEST_CRASHED", "GUEST_LOAD", "GUEST_MEMORY")(seen),
    ),
    strange("a section that is longer than the module", { rest: [0x00, 0xff, 0xff, 0xff, 0xff, 0x0f] }),
    strange("a section twice", { rest: [0x05, 0x03, 0x01, 0x00, 0x01] }),
    strange("a section that nobody knows", { rest: [0x7f, 0x00] }),
    strange(
      "a name that is not UTF-8",
      { custom: Buffer.from([0xff, 0xfe]) },
      endsIn("GUEST_LOAD", "GUEST_NO_ANSWER", "GUEST_CRASHED"),
    ),
    {
      name: "an export twice",
      guests: raw((entry) => moduleOf({ entry: [entry, entry] })),
      judge: endsIn("GUEST_LOAD"),
    },
    {
      name: "a start function that traps",
      guests: bothWasm(() => ({ start: "(unreachable)" })),
      judge: endsIn("GUEST_CRASHED"),
      control: { shows: ({ exit, initialized }) => !initialized && exit !== null && exit.code !== 0 },
    },
    {
      name: "an entry that wants parameters",
      guests: raw((entry) =>
        assemble(`(module (memory (export "memory") 1) (func (export "${entry}") (param i32 i32)))`),
      ),
      judge: endsIn("GUEST_LOAD"),
    },
    {
      name: "an entry that is no function",
      guests: raw((entry) => assemble(`(module (memory (export "memory") (export "${entry}") 1) (func (export "x")))`)),
      judge: endsIn("GUEST_LOAD"),
    },
    {
      name: "imports that nobody offers",
      guests: raw((entry) =>
        assemble(`(module (import "node:fs" "readFileSync" (func (param i32) (result i32)))
          (import "__proto__" "constructor" (func)) (memory (export "memory") 1) (func (export "${entry}")))`),
      ),
      judge: endsIn("GUEST_LOAD"),
    },
    {
      name: "an import with another type than its own",
      guests: raw((entry) =>
        assemble(`(module (import "wasi_snapshot_preview1" "fd_write" (func $w (param f64) (result i64)))
          (memory (export "memory") 1) (func (export "${entry}")))`),
      ),
      judge: endsIn("GUEST_LOAD", "GUEST_NO_ANSWER", "GUEST_CRASHED"),
    },
    {
      name: "data outside of the memory",
      guests: raw((entry) =>
        assemble(`(module (memory (export "memory") 1) (func (export "${entry}")) (data (i32.const -1) "x"))`),
      ),
      judge: endsIn("GUEST_LOAD", "GUEST_CRASHED"),
    },
    {
      name: "a script of 20,000 functions, and it works",
      guests: bothScripts({ top: Array.from({ length: 20_000 }, (_, at) => `function f${at}() {}`).join("\n") }),
      judge: harmless,
    },
    {
      name: "a script with an export twice",
      guests: { js: js({ top: "export const handle = 1; export { handle as handle };" }) },
      judge: endsIn("GUEST_LOAD"),
    },
    {
      name: "a script that is no JavaScript",
      guests: { js: file("guest.mjs", "\u0000\u0001 } ){") },
      judge: endsIn("GUEST_LOAD"),
    },
    {
      name: "a script of 100,000 open parentheses",
      guests: { js: file("guest.mjs", `${"(".repeat(100_000)}1${")".repeat(100_000)}`) },
      judge: endsIn("GUEST_LOAD", "GUEST_MEMORY"),
    },
  ],
};
