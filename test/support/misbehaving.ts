import { chmodSync } from "node:fs";
import { join } from "node:path";
import { assemblyScript } from "./wasm.js";
import { temporaryFolder } from "./projects.js";

/** Every form in which an integration can come. */
export const FORMS = ["js", "plug-in", "command", "executable"] as const;
export type Form = (typeof FORMS)[number];

/**
 * One integration in every form. It counts its calls in `message`, and over a resource of type loop, alloc, recurse,
 * big or flood it does that; with config `{loop_in: "initialize"}` it loops there, built with `loopInLoad` it does so
 * before anything else.
 */
export async function misbehaving(form: Form, loopInLoad = false): Promise<string> {
  switch (form) {
    case "js":
      return join(temporaryFolder({ "guest.js": javaScript(loopInLoad) + JS_HANDLE }), "guest.js");
    case "executable": {
      const file = join(
        temporaryFolder({ "guest.cjs": `#!/usr/bin/env node\n${javaScript(loopInLoad)}${NODE_LOOP}` }),
        "guest.cjs",
      );
      chmodSync(file, 0o755);
      return file;
    }
    case "plug-in":
    case "command": {
      const key = `${form} ${String(loopInLoad)}`;
      const wasm = built.get(key) ?? compile(form, loopInLoad);
      built.set(key, wasm);
      return join(temporaryFolder({ "guest.wasm": await wasm }), "guest.wasm");
    }
  }
}

const built = new Map<string, Promise<Uint8Array>>();

const SAID = `{"name":"misbehaving","version":"1.0.0","protocol_version":1,"hooks":["post-plan-resource"]}`;
const BIG = 100_000_000;

function javaScript(loopInLoad: boolean): string {
  return `
${loopInLoad ? "for (;;);" : ""}
let calls = 0;
const recurse = (n) => 1 + recurse(n + 1);
function respond(line) {
  const { id, method, params } = JSON.parse(line);
  if (method === "initialize" && params.config.loop_in === "initialize") for (;;);
  if (method === "initialize") return '{"jsonrpc":"2.0","id":' + id + ',"result":' + ${JSON.stringify(SAID)} + '}';
  if (method === "shutdown") return '{"jsonrpc":"2.0","id":' + id + ',"result":{}}';
  const { type } = params;
  if (type === "loop") for (;;);
  if (type === "alloc") for (const held = []; ; ) held.push(new Array(100000).fill(held.length));
  if (type === "recurse") recurse(0);
  if (type === "flood") for (let i = 0; i < 100000; i++) console.error("flood " + i);
  const message = type === "big" ? "x".repeat(${BIG}) : String(++calls);
  return '{"jsonrpc":"2.0","id":' + id + ',"result":{"status":"success","message":"' + message + '"}}';
}`;
}

const JS_HANDLE = `export const handle = respond;`;
const NODE_LOOP = `
let held = "";
process.stdin.on("data", (chunk) => {
  held += chunk;
  for (let end = held.indexOf("\\n"); end >= 0; end = held.indexOf("\\n")) {
    const line = held.slice(0, end);
    held = held.slice(end + 1);
    process.stdout.write(respond(line) + "\\n");
  }
});`;

const AS_COMMON = `
let calls = 0;
const held = new Array<StaticArray<u8>>();
function recurse(n: i32): i32 { return n < 0 ? 0 : 1 + recurse(n + 1); }
function between(text: string, before: string, after: string): string {
  const start = text.indexOf(before);
  if (start < 0) return "";
  const from = start + before.length;
  return text.slice(from, text.indexOf(after, from));
}
function respond(line: string): string {
  const id = between(line, '"id":', ",");
  const method = between(line, '"method":"', '"');
  if (line.includes('"loop_in":"initialize"')) while (true) { calls++; }
  if (method == "initialize") return '{"jsonrpc":"2.0","id":' + id + ',"result":${SAID}}';
  if (method == "shutdown") return '{"jsonrpc":"2.0","id":' + id + ',"result":{}}';
  const type = between(line, '"type":"', '"');
  if (type == "loop") while (true) { calls++; }
  if (type == "alloc") while (true) { held.push(new StaticArray<u8>(1000000)); }
  if (type == "recurse") calls += recurse(0);
  if (type == "flood") for (let i = 0; i < 100000; i++) flood("flood " + i.toString());
  const message = type == "big" ? "x".repeat(${BIG}) : (++calls).toString();
  return '{"jsonrpc":"2.0","id":' + id + ',"result":{"status":"success","message":"' + message + '"}}';
}
`;

const AS_PLUG_IN = `
import { Host, LogLevel } from "@extism/as-pdk";
function flood(text: string): void { Host.log(LogLevel.Info, text); }
export function handle(): i32 { Host.outputString(respond(Host.inputString())); return 0; }
export function onAbort(message: string | null, fileName: string | null, line: u32, column: u32): void { unreachable(); }
`;

const AS_COMMAND = `
function flood(text: string): void { process.stderr.write(text + "\\n"); }
const chunk = new ArrayBuffer(65536);
let pending = "";
while (true) {
  const size = process.stdin.read(chunk);
  if (size <= 0) break;
  pending += String.UTF8.decode(chunk.slice(0, size));
  for (let end = pending.indexOf("\\n"); end >= 0; end = pending.indexOf("\\n")) {
    const line = pending.slice(0, end);
    pending = pending.slice(end + 1);
    process.stdout.write(respond(line) + "\\n");
  }
}
`;

function compile(form: "plug-in" | "command", loopInLoad: boolean): Promise<Uint8Array> {
  const loop = loopInLoad ? "while (true) { calls++; }\n" : "";
  return form === "plug-in"
    ? assemblyScript(AS_PLUG_IN + AS_COMMON + loop)
    : assemblyScript(AS_COMMON + loop + AS_COMMAND, { wasi: true });
}
