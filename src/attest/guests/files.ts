import { chmodSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { MakeGuest } from "../attack.js";
import { plainText } from "./form.js";
import type { Form, Part, WASM } from "./form.js";
import { moduleSource, programSource } from "./script.js";
import type { ScriptSteps } from "./script.js";
import { pagesFor, wasmGuest, writeRaw } from "./wasm-guest.js";
import type { Texts, WasmSteps } from "./wasm-guest.js";

/** A js guest that does these steps. */
export function js(steps: ScriptSteps): MakeGuest {
  return file("guest.mjs", moduleSource(steps));
}

/** A guest of this very source. */
export function file(name: string, content: string | Uint8Array): MakeGuest {
  return ({ folder }) => {
    writeFileSync(join(folder, name), content);
    return join(folder, name);
  };
}

/** A program that does these steps, on the Node that this process runs on. */
export function program(steps: ScriptSteps): MakeGuest {
  return ({ folder }) => {
    const script = join(folder, "guest.cjs");
    writeFileSync(script, programSource(steps));
    const start = join(folder, "guest");
    // Not a `#!` of Node: its path may be longer than a system reads, or have a space in it.
    writeFileSync(start, `#!/bin/sh\nexec '${quoted(process.execPath)}' '${quoted(script)}'\n`);
    chmodSync(start, 0o755);
    return start;
  };
}

/** The same in one file, whose interpreter is all that it needs beside itself: so it runs isolated, too. */
export function programAlone(steps: ScriptSteps): MakeGuest {
  // A system reads no longer line than this, and ends the name at a space.
  const interpreter = /^\S{1,120}$/.test(process.execPath) ? process.execPath : "/usr/bin/env node";
  return (place) => {
    const path = file("guest", `#!${interpreter}\n${programSource(steps)}`)(place);
    chmodSync(path, 0o755);
    return path;
  };
}

/** A module of this flavour that does these steps. */
export function wasm(
  flavour: (typeof WASM)[number],
  steps: (texts: Texts, place: Parameters<MakeGuest>[0]) => WasmSteps,
): MakeGuest {
  return (place) =>
    file(
      "guest.wasm",
      wasmGuest(flavour, (texts) => steps(texts, place)),
    )(place);
}

/** The same steps in both flavours. */
export function bothWasm(
  steps: (texts: Texts, place: Parameters<MakeGuest>[0]) => WasmSteps,
): Readonly<Record<(typeof WASM)[number], MakeGuest>> {
  return { "plug-in": wasm("plug-in", steps), command: wasm("command", steps) };
}

/** The same script as module and as program. */
export function bothScripts(steps: ScriptSteps): Readonly<Record<Extract<Form, "js" | "executable">, MakeGuest>> {
  return { js: js(steps), executable: program(steps) };
}

/** Guests of every form that write this instead of an answer to the event; `$ID` stands for the id of the request. */
export function writes(...parts: readonly Part[]): Readonly<Record<Form, MakeGuest>> {
  const text = `[${parts.map((part) => JSON.stringify(part)).join()}]`;
  const expression = `${text}.map((part) => typeof part === "string" ? part : part.text.repeat(part.times)).join("")`;
  const bytes = Buffer.byteLength(parts.map(plainText).join(""));
  return {
    ...bothScripts({ hook: `return raw(${expression});` }),
    ...bothWasm((texts) => ({ hook: `${writeRaw(texts, ...parts)} (i32.const 0)`, pages: pagesFor(bytes) })),
  };
}

function quoted(path: string): string {
  return path.replaceAll("'", "'\\''");
}
