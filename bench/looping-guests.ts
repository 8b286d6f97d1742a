import { readFileSync, readdirSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import asc from "assemblyscript/asc";
import { BenchError } from "./bench-error.js";
import { packageRoot } from "./package-root.js";

/** The resource type over which each of these guests never comes to an end. */
export const LOOP_TYPE = "loop";

/** An integration that answers every event but one at once. */
export interface LoopingGuest {
  readonly name: string;
  /** Absolute path. */
  readonly source: string;
}

const SAID = '{"name":"looping","version":"1.0.0","protocol_version":1,"hooks":["post-plan-resource"]}';

/** Writes one such guest of each kind into `folder`. Rejects with `BenchError` BENCH_COMMAND_FAILED. */
export async function looping(folder: string): Promise<readonly LoopingGuest[]> {
  const files = [
    ["js (interpreted loop)", "loop.js", javaScript("for (;;);")],
    // One call into the engine that it cannot be interrupted in.
    ["js (inside the engine)", "engine.js", javaScript('for (;;) new Array(30_000_000) + "";')],
    ["wasm plug-in", "plug-in.wasm", await compile(AS_COMMON + AS_PLUG_IN, ["--use", "abort=guest/onAbort"])],
    [
      "wasm command",
      "command.wasm",
      await compile(AS_COMMON + AS_COMMAND, ["--config", "node_modules/@assemblyscript/wasi-shim/asconfig.json"]),
    ],
    ["executable (shell)", "loop.sh", SHELL],
  ] as const;
  return files.map(([name, file, content]) => {
    const source = join(folder, file);
    writeFileSync(source, content, { mode: 0o755 });
    return { name, source };
  });
}

function javaScript(loop: string): string {
  return `
export function handle(line) {
  const { id, method, params } = JSON.parse(line);
  if (params.type === "${LOOP_TYPE}") ${loop}
  const result = method === "initialize" ? ${SAID} : { status: "success" };
  return JSON.stringify({ jsonrpc: "2.0", id, result });
}`;
}

const SHELL = `#!/bin/sh
while read -r line; do
  id=\${line#*'"id":'}; id=\${id%%,*}
  result='{"status":"success"}'
  case $line in
    *'"method":"initialize"'*) result='${SAID}' ;;
    *'"type":"${LOOP_TYPE}"'*) while :; do :; done ;;
  esac
  printf '{"jsonrpc":"2.0","id":%s,"result":%s}\\n' "$id" "$result"
done
`;

const AS_COMMON = `
function respond(line: string): string {
  const at = line.indexOf('"id":') + 5;
  const id = line.slice(at, line.indexOf(",", at));
  if (line.includes('"type":"${LOOP_TYPE}"')) while (true) {}
  const result = line.includes('"method":"initialize"') ? '${SAID}' : '{"status":"success"}';
  return '{"jsonrpc":"2.0","id":' + id + ',"result":' + result + '}';
}
`;

const AS_PLUG_IN = `
import { Host } from "@extism/as-pdk";
export function handle(): i32 { Host.outputString(respond(Host.inputString())); return 0; }
export function onAbort(message: string | null, file: string | null, line: u32, column: u32): void { unreachable(); }
`;

const AS_COMMAND = `
const chunk = new ArrayBuffer(65536);
let pending = "";
while (true) {
  const size = process.stdin.read(chunk);
  if (size <= 0) break;
  pending += String.UTF8.decode(chunk.slice(0, size));
  for (let end = pending.indexOf("\\n"); end >= 0; end = pending.indexOf("\\n")) {
    const line = pending.slice(0, end);
    pending = pending.slice(end + 1);
    process.stdout.write(String.UTF8.encode(respond(line) + "\\n"));
  }
}
`;

async function compile(source: string, flavour: readonly string[]): Promise<Uint8Array> {
  let binary: Uint8Array | undefined;
  const messages: string[] = [];
  const { error } = await asc.main(["guest.ts", "--outFile", "guest.wasm", "--baseDir", packageRoot(), ...flavour], {
    readFile: (name, base) => (name === "guest.ts" ? source : readIfThere(resolve(base, name))),
    writeFile: (name, contents) => {
      if (name === "guest.wasm" && typeof contents !== "string") binary = contents;
    },
    listFiles: (directory, base) => sourcesIn(resolve(base, directory)),
    stderr: { write: (chunk: Uint8Array | string) => messages.push(chunk.toString()) },
  });
  if (error === null && binary !== undefined) return binary;
  throw new BenchError("BENCH_COMMAND_FAILED", `AssemblyScript: ${messages.join("").slice(0, 1_000)}`, {
    cause: error,
  });
}

function readIfThere(path: string): string | null {
  try {
    return readFileSync(path, "utf8");
  } catch {
    return null;
  }
}

/** The compiler looks for its libraries in folders that need not exist. */
function sourcesIn(directory: string): string[] | null {
  try {
    return readdirSync(directory).filter((name) => name.endsWith(".ts"));
  } catch {
    return null;
  }
}
