import { chmodSync } from "node:fs";
import { join } from "node:path";
import type { Form } from "./misbehaving.js";
import { temporaryFolder } from "./projects.js";
import { assemblyScript } from "./wasm.js";

const SAID = `{"name":"asking","version":"1.0.0","protocol_version":1,"hooks":["post-plan-resource"],"stateless":true}`;

/** What an event's `after` must be so that the guest asks its host for this, so often. */
export function asks(method: string, params: unknown, times = 1): unknown {
  return { times: "+".repeat(times), from: 0, method, params, to: 0 };
}

/** What the guest attaches: the host's last answer, and the environment that `initialize` gave it. */
export interface Heard {
  readonly answer: {
    readonly result?: unknown;
    readonly error?: { readonly code: number; readonly message: string; readonly data: { readonly code: string } };
  };
  readonly environment: Record<string, string>;
}

/** An integration in this form that asks its host for what `asks` says; the path of its file. */
export async function asking(form: Form): Promise<string> {
  switch (form) {
    case "js":
      return join(temporaryFolder({ "guest.js": `${JAVA_SCRIPT}\n${JS_HANDLE}` }), "guest.js");
    case "executable": {
      const folder = temporaryFolder({ "guest.cjs": `#!/usr/bin/env node\n${JAVA_SCRIPT}\n${NODE_LOOP}` });
      chmodSync(join(folder, "guest.cjs"), 0o755);
      return join(folder, "guest.cjs");
    }
    case "plug-in":
    case "command":
      return join(temporaryFolder({ "guest.wasm": await compile(form) }), "guest.wasm");
  }
}

/** `line` becomes the request, `answered` takes the host's answers and gives the line of the verdict. */
const JAVA_SCRIPT = `
let environment = {};
const result = (id, value) => JSON.stringify({ jsonrpc: "2.0", id, result: value });
function plain({ id, method, params }) {
  if (method === "initialize") { environment = params.environment; return result(id, ${SAID}); }
  return result(id, {});
}
const requests = ({ after: { times, method, params } }) =>
  Array.from(times, () => JSON.stringify({ jsonrpc: "2.0", id: "q", method, params }));
const verdict = (id, answer) => result(id, { status: "success", metadata: { answer, environment } });
`;

const JS_HANDLE = `
export function handle(line) {
  const message = JSON.parse(line);
  if (message.method !== "post-plan-resource") return plain(message);
  const answers = requests(message.params).map((request) => airlock.request(request));
  return verdict(message.id, JSON.parse(answers.at(-1)));
}`;

const NODE_LOOP = `
const write = (line) => process.stdout.write(line + "\\n");
let left = 0;
let call;
require("node:readline").createInterface({ input: process.stdin }).on("line", (line) => {
  const message = JSON.parse(line);
  if (message.method === undefined) {
    if (--left === 0) write(verdict(call, message));
  } else if (message.method === "post-plan-resource") {
    const lines = requests(message.params);
    left = lines.length;
    call = message.id;
    lines.forEach(write);
  } else write(plain(message));
});`;

const AS_COMMON = `
let environment = "{}";
function between(text: string, before: string, after: string): string {
  const start = text.indexOf(before);
  if (start < 0) return "";
  const from = start + before.length;
  return text.slice(from, text.indexOf(after, from));
}
function result(line: string, value: string): string {
  return '{"jsonrpc":"2.0","id":' + between(line, '"id":', ",") + ',"result":' + value + "}";
}
function respond(line: string): string {
  const method = between(line, '"method":"', '"');
  if (method == "initialize") {
    environment = "{" + between(line, '"environment":{', "}") + "}";
    return result(line, ${JSON.stringify(SAID)});
  }
  if (method != "post-plan-resource") return result(line, "{}");
  const request = '{"jsonrpc":"2.0","id":"q",' + between(line, '"from":0,', ',"to":0') + "}";
  const times = between(line, '"times":"', '"').length;
  let answer = "null";
  for (let at = 0; at < times; at++) answer = ask(request);
  return result(line, '{"status":"success","metadata":{"answer":' + answer + ',"environment":' + environment + "}}");
}
`;

const AS_PLUG_IN = `
import { Host, Memory } from "@extism/as-pdk";
import { length } from "@extism/as-pdk/lib/env";
@external("extism:host/user", "airlock_request") declare function airlockRequest(address: u64): u64;
function ask(request: string): string {
  const answer = airlockRequest(Memory.allocateString(request).offset);
  return new Memory(answer, length(answer)).toString();
}
export function handle(): i32 { Host.outputString(respond(Host.inputString())); return 0; }
export function onAbort(message: string | null, fileName: string | null, line: u32, column: u32): void { unreachable(); }
`;

const AS_COMMAND = `
const chunk = new ArrayBuffer(65536);
let pending = "";
function read(): string {
  while (pending.indexOf("\\n") < 0) {
    const size = process.stdin.read(chunk);
    if (size <= 0) return "";
    pending += String.UTF8.decode(chunk.slice(0, size));
  }
  const end = pending.indexOf("\\n");
  const line = pending.slice(0, end);
  pending = pending.slice(end + 1);
  return line;
}
function ask(request: string): string {
  process.stdout.write(request + "\\n");
  return read();
}
`;

const AS_LOOP = `
for (let line = read(); line.length > 0; line = read()) process.stdout.write(respond(line) + "\\n");
`;

const built = new Map<Form, Promise<Uint8Array>>();

function compile(form: "plug-in" | "command"): Promise<Uint8Array> {
  const known = built.get(form);
  if (known !== undefined) return known;
  const wasm =
    form === "plug-in"
      ? assemblyScript(AS_PLUG_IN + AS_COMMON)
      : assemblyScript(AS_COMMAND + AS_COMMON + AS_LOOP, { wasi: true });
  built.set(form, wasm);
  return wasm;
}
