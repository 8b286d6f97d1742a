import { endsIn, harmless } from "../attack.js";
import type { AttackClass } from "../attack.js";
import { bothWasm, file, js } from "../guests/files.js";
import { moduleOf } from "../wat/sections.js";

const MIB = 1024 * 1024;
const TOO_MANY = 1_000_001;

/** Globals of type i32, each 0. */
const globals = (entry: string) =>
  file("guest.wasm", moduleOf({ entry, globals: { count: TOO_MANY, each: [0x7f, 0x00, 0x41, 0x00, 0x0b] } }));

/** Tries to use memory up by mere number. */
export const COUNTS: AttackClass = {
  name: "globals-and-modules",
  tries: "very many globals, and modules that load modules",
  attacks: [
    {
      name: "a script makes globals",
      guests: {
        js: js({
          hook: `for (let turn = 0; turn < 500000; turn++) globalThis["global_" + turn] = turn; got("globals", 500000);`,
        }),
      },
      declared: { memoryBytes: 16 * MIB },
      judge: endsIn("GUEST_MEMORY"),
      control: { shows: ({ message }) => message === "1: globals: 500000" },
    },
    {
      name: "a script loads modules",
      guests: {
        js: js({
          hook: `for (let turn = 0; turn < 200; turn++) await attempt("module", async () => (await import("data:text/javascript,export default " + turn)).default >= 0);`,
        }),
      },
      judge: harmless,
      control: { shows: ({ message }) => message?.startsWith("200") === true },
    },
    {
      name: "a script makes functions from text",
      guests: {
        js: js({
          hook: `const held = []; for (let turn = 0; turn < 200000; turn++) held.push(new Function("return " + turn)); got("functions", held.length);`,
        }),
      },
      declared: { memoryBytes: 16 * MIB },
      judge: endsIn("GUEST_MEMORY"),
    },
    {
      name: `a module declares ${TOO_MANY} globals`,
      guests: { "plug-in": globals("handle"), command: globals("_start") },
      judge: endsIn("GUEST_LOAD"),
    },
    {
      name: "a module declares 20,000 globals and works",
      guests: bothWasm(() => ({ fields: "(global $unused (mut i32) (i32.const 0))".repeat(20_000) })),
      judge: harmless,
    },
  ],
};
