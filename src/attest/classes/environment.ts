import { answers, harmless } from "../attack.js";
import type { AttackClass } from "../attack.js";
import { bothWasm, js, program } from "../guests/files.js";
import { wasi } from "../guests/wasm-guest.js";

const SCRIPT = `
  const { variable } = config;
  await attempt("process", () => process.env[variable]);
  await attempt("node:process", async () => (await import("node:process")).env[variable]);
  await attempt("getenv", () => std.getenv(variable));
  await attempt("environ", () => std.getenviron()[variable]);
  await attempt("Deno", () => Deno.env.get(variable));
  await attempt("constructor", () => globalThis.constructor.constructor("return process")().env[variable]);
  await attempt("arguments", () => scriptArgs.length > 0 && scriptArgs.join());`;

/** The shell that starts the attack adds these by itself. */
const PROGRAM = `
  const own = ["PWD", "OLDPWD", "SHLVL", "_"];
  for (const [name, value] of Object.entries(process.env)) if (!own.includes(name)) got(name, value);`;

/** Tries to read the environment of whoever runs it. */
export const ENVIRONMENT: AttackClass = {
  name: "environment",
  tries: "reading a secret from the environment of the run",
  beyond: "an executable without an isolation of the system may read /proc of other processes of its user",
  attacks: [
    {
      name: "a script looks for variables",
      guests: { js: js({ hook: SCRIPT }) },
      judge: harmless,
      control: { shows: ({ message, scene }) => message?.includes(scene.secret) === true },
    },
    {
      name: "a module asks preview1 for variables and arguments",
      guests: bothWasm(() => ({
        imports: [
          wasi("environ_sizes_get", "i32 i32"),
          wasi("environ_get", "i32 i32"),
          wasi("args_sizes_get", "i32 i32"),
        ].join("\n"),
        hook: `(drop (call $environ_sizes_get (i32.const 64) (i32.const 68)))
          (drop (call $args_sizes_get (i32.const 72) (i32.const 76)))
          (i32.add (i32.load (i32.const 64)) (i32.gt_u (i32.load (i32.const 72)) (i32.const 1)))`,
      })),
      judge: harmless,
      control: { shows: ({ message }) => Number(message) > 0, forms: ["command"] },
    },
    {
      name: "a program lists its variables",
      guests: { executable: program({ hook: PROGRAM }) },
      judge: answers(({ message }) => (message === "0" ? null : `it was given ${message}`)),
      control: { shows: ({ message, scene }) => message?.includes(scene.secret) === true },
    },
  ],
};
