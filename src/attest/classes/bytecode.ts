import { endsIn } from "../attack.js";
import type { AttackClass } from "../attack.js";
import { file } from "../guests/files.js";

/** The versions that QuickJS and its kin have begun their bytecode with, with the byte of the other order of bytes. */
const VERSIONS = [0x01, 0x02, 0x05, 0x0c, 0x14, 0x18, 0x43, 0x45];
/** A table of two atoms, then a function (tag 12) with flags and sizes that no check was made of. */
const BODY = [
  0x02,
  0x08,
  ...Buffer.from("pwnd"),
  0x0c,
  ...Buffer.from("exec"),
  0x0c,
  0x00,
  0x06,
  0x00,
  0xff,
  0xff,
  0xff,
  0x0f,
  0x00,
  0x29,
];

/** Tries to have bytes run that no compiler of the engine has checked. */
export const BYTECODE: AttackClass = {
  name: "bytecode",
  tries: "QuickJS bytecode in the place of source",
  attacks: [
    ...VERSIONS.map((version) => ({
      name: `bytecode of version ${version} as a script`,
      guests: { js: file("guest.mjs", Uint8Array.from([version, ...BODY])) },
      judge: endsIn("GUEST_LOAD"),
    })),
    {
      name: "bytecode in text, handed to every loader that there could be",
      guests: {
        js: file(
          "guest.mjs",
          `const bytes = Uint8Array.from(${JSON.stringify([0x05, ...BODY])});
          const found = ["bjson", "std", "os"].filter((name) => name in globalThis);
          if (found.length > 0) throw new Error("found " + found);
          export const handle = (line) => { throw new Error("no loader"); };
          for (const load of [() => bjson.read(bytes.buffer, 0, bytes.length, 1), () => std.evalBinary(bytes), () => eval(bytes)])
            { let ran = true; try { load(); ran = typeof load() === "function"; } catch { ran = false; } if (ran) airlock.serve(() => '{"jsonrpc":"2.0","id":1,"result":{}}'); }`,
        ),
      },
      judge: endsIn("GUEST_CRASHED"),
    },
    {
      name: "bytecode as a module of WebAssembly",
      guests: { command: file("guest.wasm", Uint8Array.from([0x05, ...BODY])) },
      judge: endsIn("PACKAGE_NOT_WASM"),
    },
    {
      name: "a script behind a head of WebAssembly",
      guests: {
        js: file(
          "guest.mjs",
          Buffer.concat([
            Buffer.from([0, 0x61, 0x73, 0x6d, 1, 0, 0, 0]),
            Buffer.from("\nexport const handle = () => '';"),
          ]),
        ),
      },
      judge: endsIn("GUEST_LOAD"),
    },
  ],
};
