import { chmodSync } from "node:fs";
import { join } from "node:path";
import type { Form } from "./misbehaving.js";
import { temporaryFolder } from "./projects.js";
import { assemblyScript } from "./wasm.js";

const result = (json: string): string => `{"jsonrpc":"2.0","id":$ID,"result":${json}}`;
const GOOD = result(`{"status":"success","message":"good"}`);

/** What the guest writes over a resource of each type, `$ID` being the id of the request; what is not listed is good. */
export const WRITTEN = {
  text: "hello, this is a log line on stdout",
  cut: GOOD.slice(0, -3),
  number: "42",
  list: `[${GOOD}]`,
  version: GOOD.replace("2.0", "1.0"),
  both: GOOD.replace(/}$/, `,"error":{"code":1,"message":"x"}}`),
  otherid: GOOD.replace("$ID", "99999"),
  textid: GOOD.replace("$ID", `"$ID"`),
  twice: `${GOOD}\n${GOOD}`,
  nothing: "",
  proto: result(`{"status":"success","__proto__":{"status":"fail"}}`),
  constructor: result(`{"status":"success","constructor":{"prototype":{"a":1}}}`),
  error: `{"jsonrpc":"2.0","id":$ID,"error":{"code":-32603,"message":"\\u001b[31mno\\u001b[0m"}}`,
  status: result(`{"status":"splendid"}`),
  finding: result(`{"status":"fail","findings":[{"rule":"r","message":7}]}`),
  metadata: result(`{"status":"success","metadata":[1]}`),
  deep: result(`{"status":"success","metadata":${`{"a":`.repeat(200)}1${"}".repeat(200)}}`),
  many: result(`{"status":"success","metadata":{"a":[${"0,".repeat(60_000)}0]}}`),
  escapes: result(`{"status":"fail","message":"\\u001b[2J\\u202egood\\r","findings":[]}`),
  request: `{"jsonrpc":"2.0","id":1,"method":"http/fetch","params":{}}\n${GOOD}`,
} as const;

export type Written = keyof typeof WRITTEN;

/** An integration in this form that writes what `WRITTEN` says; the path of its file. */
export async function answering(form: Form): Promise<string> {
  switch (form) {
    case "js":
      return join(temporaryFolder({ "guest.js": `${JAVA_SCRIPT}\nexport const handle = respond;` }), "guest.js");
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

const SAID = result(`{"name":"answering","version":"1.0.0","protocol_version":1,"hooks":["post-plan-resource"]}`);
const EMPTY = result("{}");

const JAVA_SCRIPT = `
const written = new Map(Object.entries(${JSON.stringify(WRITTEN)}));
function respond(line) {
  const { id, method, params } = JSON.parse(line);
  // What has no method is the host's answer to a request of ours.
  const text = method === undefined ? ""
    : method === "initialize" ? ${JSON.stringify(SAID)}
    : method === "shutdown" ? ${JSON.stringify(EMPTY)}
    : written.get(params.type) ?? ${JSON.stringify(GOOD)};
  return text.replaceAll("$ID", String(id)) || undefined;
}`;

const NODE_LOOP = `
require("node:readline").createInterface({ input: process.stdin }).on("line", (line) => {
  const text = respond(line);
  if (text !== undefined) process.stdout.write(text + "\\n");
});`;

const CASES = Object.entries(WRITTEN)
  .map(([type, text]) => `  if (type == ${JSON.stringify(type)}) return ${JSON.stringify(text)};`)
  .join("\n");

const AS_COMMON = `
function between(text: string, before: string, after: string): string {
  const start = text.indexOf(before);
  if (start < 0) return "";
  const from = start + before.length;
  return text.slice(from, text.indexOf(after, from));
}
function answerTo(method: string, type: string): string {
  if (method == "") return "";
  if (method == "initialize") return ${JSON.stringify(SAID)};
  if (method == "shutdown") return ${JSON.stringify(EMPTY)};
${CASES}
  return ${JSON.stringify(GOOD)};
}
function respond(line: string): string {
  const text = answerTo(between(line, '"method":"', '"'), between(line, '"type":"', '"'));
  return text.replaceAll("$ID", between(line, '"id":', ","));
}
`;

const AS_PLUG_IN = `
import { Host } from "@extism/as-pdk";
export function handle(): i32 { Host.outputString(respond(Host.inputString())); return 0; }
export function onAbort(message: string | null, fileName: string | null, line: u32, column: u32): void { unreachable(); }
`;

const AS_COMMAND = `
const chunk = new ArrayBuffer(65536);
let pending = "";
while (true) {
  const size = process.stdin.read(chunk);
  if (size <= 0) break;
  pending += String.UTF8.decode(chunk.slice(0, size));
  for (let end = pending.indexOf("\\n"); end >= 0; end = pending.indexOf("\\n")) {
    const text = respond(pending.slice(0, end));
    pending = pending.slice(end + 1);
    if (text.length > 0) process.stdout.write(text + "\\n");
  }
}
`;

const built = new Map<Form, Promise<Uint8Array>>();

function compile(form: "plug-in" | "command"): Promise<Uint8Array> {
  const known = built.get(form);
  if (known !== undefined) return known;
  const wasm =
    form === "plug-in"
      ? assemblyScript(AS_PLUG_IN + AS_COMMON)
      : assemblyScript(AS_COMMON + AS_COMMAND, { wasi: true });
  built.set(form, wasm);
  return wasm;
}
