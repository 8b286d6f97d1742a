import { harmless } from "../attack.js";
import type { AttackClass } from "../attack.js";
import type { Unwalled } from "../control/unwalled.js";
import { bothWasm, js, programAlone } from "../guests/files.js";
import { wasi } from "../guests/wasm-guest.js";

const SCRIPT = `
  const { folder, secretFile, marker } = config;
  await attempt("node:fs", async () => (await import("node:fs")).readFileSync(secretFile, "utf8"));
  await attempt("written", async () => (await import("node:fs")).writeFileSync(marker, "x") ?? "yes");
  await attempt("listed", async () => (await import("node:fs")).readdirSync(folder));
  for (const name of ["fs", "std", "os", "bjson", secretFile, "file://" + secretFile, "./guest.mjs", "data:text/javascript,export default 1"])
    await attempt("import " + name, async () => Object.keys(await import(name)).length > 0);
  await attempt("require", () => require("fs").readFileSync(secretFile, "utf8"));
  await attempt("std.open", () => std.open(secretFile, "r").readAsString());
  await attempt("std.loadFile", () => std.loadFile(secretFile));
  await attempt("os.open", () => os.open(marker, 0x41));
  await attempt("read", () => read(secretFile));
  await attempt("binding", () => process.binding("fs").internalModuleReadJSON(secretFile));
  await attempt("constructor", () => (async () => {}).constructor("return import('node:fs')")().then((fs) => fs.readFileSync(secretFile, "utf8")));
  await attempt("Function", () => Function("return process")().getBuiltinModule("fs").readFileSync(secretFile, "utf8"));`;

const PROGRAM = `
  const { folder, secretFile, marker } = config;
  const fs = require("node:fs");
  await attempt("read", () => fs.readFileSync(secretFile, "utf8"));
  await attempt("written", () => fs.writeFileSync(marker, "x") ?? "yes");
  await attempt("listed", () => fs.readdirSync(folder));
  await attempt("linked", () => fs.linkSync(secretFile, "/tmp/link") ?? "yes");
  await attempt("deleted", () => fs.unlinkSync(folder + "/gone") ?? "yes");`;

/** Whether it made a file and read the secret. */
const tookAll = ({ effects, message, scene }: Unwalled): boolean =>
  effects.includes("it made marker") && message?.includes(scene.secret) === true;

/** Tries to get out through files. */
export const FILE: AttackClass = {
  name: "file",
  tries: "reading, writing, listing, linking and deleting files",
  beyond: "an executable without an isolation of the system reads and writes what its user may",
  attacks: [
    {
      name: "a script reads the secret and writes a file",
      guests: { js: js({ hook: SCRIPT }) },
      judge: harmless,
      control: { shows: tookAll },
    },
    {
      name: "an isolated program reads the secret and writes a file",
      isolated: true,
      guests: { executable: programAlone({ hook: PROGRAM }) },
      judge: harmless,
      control: { shows: tookAll },
    },
    {
      name: "every call of preview1 on every file number",
      guests: bothWasm((texts) => {
        const secret = texts.of("secret.txt");
        const marker = texts.of("marker");
        const out = texts.of("../marker");
        const absolute = texts.of("/etc/passwd");
        const tried = (call: string): string =>
          `(if (i32.eqz ${call}) (then (local.set $gains (i32.add (local.get $gains) (i32.const 1)))))`;
        const open = (path: string, flags: number): string =>
          tried(
            `(call $path_open (local.get $file) (i32.const 1) ${path} (i32.const ${flags}) (i64.const 0x42) (i64.const 0) (i32.const 0) (i32.const 64))`,
          );
        return {
          imports: [
            wasi("path_open", "i32 i32 i32 i32 i32 i64 i64 i32 i32"),
            wasi("path_create_directory", "i32 i32 i32"),
            wasi("path_unlink_file", "i32 i32 i32"),
            wasi("path_symlink", "i32 i32 i32 i32 i32"),
            wasi("path_rename", "i32 i32 i32 i32 i32 i32"),
            wasi("path_filestat_get", "i32 i32 i32 i32 i32"),
            wasi("fd_readdir", "i32 i32 i32 i64 i32"),
            wasi("fd_prestat_get", "i32 i32"),
            wasi("fd_pread", "i32 i32 i32 i64 i32"),
          ].join("\n"),
          locals: "(local $file i32) (local $gains i32)",
          hook: `(loop $files
            ${open(secret, 0)} ${open(marker, 1)} ${open(out, 1)} ${open(absolute, 0)}
            ${tried("(call $fd_prestat_get (local.get $file) (i32.const 64))")}
            ${tried(`(call $path_create_directory (local.get $file) ${texts.of("made")})`)}
            ${tried(`(call $path_symlink ${absolute} (local.get $file) ${texts.of("link")})`)}
            ${tried(`(call $path_rename (local.get $file) ${secret} (local.get $file) ${texts.of("moved")})`)}
            ${tried(`(call $path_filestat_get (local.get $file) (i32.const 1) ${secret} (i32.const 128))`)}
            ${tried("(call $fd_readdir (local.get $file) (i32.const 512) (i32.const 256) (i64.const 0) (i32.const 64))")}
            ${tried(`(call $path_unlink_file (local.get $file) ${texts.of("moved")})`)}
            (local.set $file (i32.add (local.get $file) (i32.const 1)))
            (br_if $files (i32.lt_u (local.get $file) (i32.const 16))))
            (local.get $gains)`,
        };
      }),
      judge: harmless,
      control: {
        shows: ({ effects, message }) =>
          Number(message) > 4 &&
          effects.includes("it made marker") &&
          effects.includes("it changed the file with the secret"),
      },
    },
  ],
};
