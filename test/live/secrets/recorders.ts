import { chmodSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { HOOKS } from "../../../src/protocol/hooks.js";
import type { CheckReport } from "../../../src/report/check-report.js";
import { assemblyScript } from "../../support/wasm.js";

/** A recorder of each kind. Each keeps in memory all that it ever got. */
export const SANDBOXED = ["js", "plugin", "command"] as const;
export const EXECUTABLE = "executable";
export const RECORDERS = [...SANDBOXED, EXECUTABLE] as const;

const SAID = { name: "recorder", version: "1.0.0", protocol_version: 1, hooks: HOOKS };

/** Characters of a disguised line in one finding. */
const CHUNK = 15_000;
const RULE = "told";

/**
 * A sandboxed guest can tell what it got by its verdicts alone, and in those the host looks for secrets: so it tells each
 * character as the letter `x` and four digits, which is none of the forms that are looked for.
 */
const JS = `
const kept = [];
function disguised(line) {
  let text = "";
  for (let at = 0; at < line.length; at += 1) text += "x" + line.charCodeAt(at).toString(16).padStart(4, "0");
  return text;
}
function verdict(line, params) {
  const told = disguised(line);
  const findings = [];
  for (let at = 0; at < told.length; at += ${CHUNK}) findings.push({ rule: "${RULE}", message: told.slice(at, at + ${CHUNK}) });
  const seen = params.after?.password ?? params.after?.input;
  return { status: "success", findings, ...(typeof seen === "string" && { metadata: { seen } }) };
}
export function handle(line) {
  kept.push(line);
  console.log(line.slice(0, 8000));
  const { id, method, params } = JSON.parse(line);
  const own = method === "initialize" ? ${JSON.stringify(SAID)} : method === "shutdown" ? {} : verdict(line, params);
  return JSON.stringify({ jsonrpc: "2.0", id, result: own });
}`;

const AS_COMMON = `
export const kept: string[] = [];
function between(text: string, before: string, after: string): string {
  const start = text.indexOf(before);
  if (start < 0) return "";
  const from = start + before.length;
  return text.slice(from, text.indexOf(after, from));
}
function disguised(line: string): string {
  const parts = new Array<string>(line.length);
  for (let at = 0; at < line.length; at += 1) parts[at] = "x" + line.charCodeAt(at).toString(16).padStart(4, "0");
  return parts.join("");
}
function verdict(line: string): string {
  const told = disguised(line);
  const findings: string[] = [];
  for (let at = 0; at < told.length; at += ${CHUNK}) {
    findings.push('{"rule":"${RULE}","message":"' + told.slice(at, at + ${CHUNK}) + '"}');
  }
  let seen = between(line, '"password":"', '"');
  if (seen == "") seen = between(line, '"input":"', '"');
  const metadata = seen == "" ? "" : ',"metadata":{"seen":"' + seen + '"}';
  return '{"status":"success","findings":[' + findings.join(",") + "]" + metadata + "}";
}
function respond(line: string): string {
  kept.push(line);
  const method = between(line, '"method":"', '"');
  const own = method == "initialize" ? ${JSON.stringify(JSON.stringify(SAID))} : method == "shutdown" ? "{}" : verdict(line);
  return '{"jsonrpc":"2.0","id":' + between(line, '"id":', ",") + ',"result":' + own + "}";
}
`;

const AS_PLUG_IN = `
import { Host } from "@extism/as-pdk";
export function handle(): i32 { Host.output(Uint8Array.wrap(String.UTF8.encode(respond(Host.inputString())))); return 0; }
export function onAbort(message: string | null, fileName: string | null, line: u32, column: u32): void { unreachable(); }
`;

const AS_COMMAND = `
const chunk = new ArrayBuffer(65536);
const LF: u8 = 10;
let pending = new Uint8Array(0);
for (let read = process.stdin.read(chunk); read > 0; read = process.stdin.read(chunk)) {
  const both = new Uint8Array(pending.length + read);
  both.set(pending);
  both.set(Uint8Array.wrap(chunk, 0, read), pending.length);
  let start = 0;
  for (let end = both.indexOf(LF, start); end >= 0; end = both.indexOf(LF, start)) {
    process.stdout.write(String.UTF8.encode(respond(String.UTF8.decode(both.slice(start, end).buffer)) + "\\n"));
    start = end + 1;
  }
  pending = both.slice(start);
}
`;

/** Writes each line into a file. Where \`pause\` names the method and the file \`FILE.pause\` is there, it waits until that is gone. */
const NODE = `#!/usr/bin/env node
const { appendFileSync, existsSync } = require("node:fs");
const kept = [];
let config = {};
function answer(line) {
  const { id, method, params } = JSON.parse(line);
  if (method === "initialize") config = params.config;
  kept.push(line);
  appendFileSync(config.file, line + "\\n");
  console.error(line.slice(0, 8000));
  const seen = params.after?.password ?? params.after?.input;
  const verdict = { status: "success", ...(typeof seen === "string" && { metadata: { seen } }) };
  const own = method === "initialize" ? ${JSON.stringify(SAID)} : method === "shutdown" ? {} : verdict;
  const say = () => process.stdout.write(JSON.stringify({ jsonrpc: "2.0", id, result: own }) + "\\n");
  if (method !== config.pause || !existsSync(config.file + ".pause")) return say();
  console.error("all guests have got it");
  const waiting = setInterval(() => {
    if (existsSync(config.file + ".pause")) return;
    clearInterval(waiting);
    say();
  }, 20);
}
require("node:readline").createInterface({ input: process.stdin }).on("line", answer);
`;

/** What the log says when the executable, which comes last, waits. */
export const PAUSED = "all guests have got it";

let compiled: ReturnType<typeof compile> | undefined;

/** One after the other: the compiler keeps what it is at. */
async function compile() {
  const plugin = await assemblyScript(AS_PLUG_IN + AS_COMMON);
  return { plugin, command: await assemblyScript(AS_COMMON + AS_COMMAND, { wasi: true }) };
}

/** The recorders of one project, in a folder of their own. */
export class Recorders {
  private constructor(readonly folder: string) {}

  static async make(folder: string): Promise<Recorders> {
    mkdirSync(folder);
    const { plugin, command } = await (compiled ??= compile());
    writeFileSync(join(folder, "js.js"), JS);
    writeFileSync(join(folder, "plugin.wasm"), plugin);
    writeFileSync(join(folder, "command.wasm"), command);
    writeFileSync(join(folder, "executable.cjs"), NODE);
    chmodSync(join(folder, "executable.cjs"), 0o755);
    return new Recorders(folder);
  }

  /** The executable's program: its processes have it in their command lines. */
  get program(): string {
    return join(this.folder, "executable.cjs");
  }

  /** Their declarations. The executable comes last at every event, and can wait at this method. */
  declared(pause: string): string {
    const source = (name: string) => JSON.stringify(join(this.folder, name));
    const sandboxed = [
      ["js", "js.js"],
      ["plugin", "plugin.wasm"],
      ["command", "command.wasm"],
    ] as const;
    return `${sandboxed.map(([name, file]) => `integration "${name}" {\n  source = ${source(file)}\n}\n`).join("")}
integration "${EXECUTABLE}" {
  source    = ${source("executable.cjs")}
  timeout   = "10m"
  isolation = "none"
  after     = ${JSON.stringify(SANDBOXED)}
  config    = { file = ${JSON.stringify(this.#file)}, pause = "${pause}" }
}
`;
  }

  /** Lets the executable wait from now on, or go on. */
  pause(waits: boolean): void {
    if (waits) writeFileSync(`${this.#file}.pause`, "");
    else rmSync(`${this.#file}.pause`, { force: true });
  }

  /** All that each of them got, as it told in this report and in its file; forgotten afterwards. */
  take(report: CheckReport): ReadonlyMap<string, string> {
    const told = SANDBOXED.map((name) => {
      const findings = report.results.flatMap((one) => (one.integration === name ? one.findings : []));
      return [name, findings.map(({ message }) => plainOf(message)).join("\n")] as const;
    });
    const written = existsSync(this.#file) ? readFileSync(this.#file, "utf8") : "";
    rmSync(this.#file, { force: true });
    return new Map([...told, [EXECUTABLE, written]]);
  }

  get #file(): string {
    return join(this.folder, "told.jsonl");
  }
}

function plainOf(message: string): string {
  return message.replace(/x([0-9a-f]{4})/g, (_all, code: string) => String.fromCharCode(parseInt(code, 16)));
}
