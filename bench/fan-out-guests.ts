import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { IntegrationDeclarationInput } from "../src/declare/declaration.js";

/** An integration of which several are declared, each a guest of its own. */
export interface FanOutGuest {
  readonly name: string;
  /** Below the folder that it was written to. */
  readonly source: string;
  readonly grants?: IntegrationDeclarationInput["grants"];
}

/** 32 guests start at once: on a busy machine that takes longer than a user should wait for one. */
const INITIALIZE_MS = 120_000;

/** Declarations of guests, one for each, in one folder. */
export function declared(folder: string, guests: readonly FanOutGuest[]): readonly IntegrationDeclarationInput[] {
  return guests.map(({ source, grants }, at) => ({
    name: `fan_out_${at}`,
    source,
    directory: folder,
    initializeTimeoutMs: INITIALIZE_MS,
    ...(grants !== undefined && { grants }),
  }));
}

/** A sandboxed guest that asks a server on loopback and waits for its answer, as one that looks up a price does. No processor works for it meanwhile. */
export async function waitingGuest(folder: string, port: number): Promise<FanOutGuest> {
  const params = { url: `http://127.0.0.1:${port}/` };
  const request = JSON.stringify(JSON.stringify({ jsonrpc: "2.0", id: 1, method: "http/fetch", params }));
  const work = `if (JSON.parse(airlock.request(${request})).error !== undefined) throw new Error("not answered");`;
  await writeFile(join(folder, "waiting.mjs"), script(false, work));
  return {
    name: "js that waits for http/fetch",
    source: "./waiting.mjs",
    grants: { hosts: [`private:http://127.0.0.1:${port}`] },
  };
}

/** A program that sleeps before each answer. */
export async function sleepingProgram(folder: string, waitMs: number): Promise<FanOutGuest> {
  await writeFile(join(folder, "sleeping.sh"), program(waitMs), { mode: 0o755 });
  return { name: "executable (shell) that sleeps", source: "./sleeping.sh", grants: { env: ["PATH"] } };
}

/** A sandboxed guest that answers at once. */
export async function quickGuest(folder: string): Promise<FanOutGuest> {
  await writeFile(join(folder, "quick.mjs"), script(false, ""));
  return { name: "js that answers at once", source: "./quick.mjs" };
}

/** A sandboxed guest that computes: so many turns of a loop for each event. */
export async function computingGuest(folder: string, turns: number, stateless: boolean): Promise<FanOutGuest> {
  const source = `./computing-${turns}-${stateless}.mjs`;
  const work = `let sum = 0; for (let turn = 0; turn < ${turns}; turn++) sum = (sum + turn * turn) % 65521; if (sum < 0) throw new Error("less than nothing");`;
  await writeFile(join(folder, source), script(stateless, work));
  return { name: "js that computes", source };
}

function said(stateless: boolean): string {
  return JSON.stringify({
    name: "fan-out",
    version: "1.0.0",
    protocol_version: 1,
    stateless,
    hooks: ["post-plan-resource"],
  });
}

function script(stateless: boolean, work: string): string {
  return `
export function handle(line) {
  const { id, method } = JSON.parse(line);
  const answer = (result) => JSON.stringify({ jsonrpc: "2.0", id, result });
  if (method === "initialize") return answer(${said(stateless)});
  if (method === "shutdown" || method === "ping") return answer({});
  ${work}
  return answer({ status: "success" });
}
`;
}

function program(waitMs: number): string {
  return `#!/bin/sh
while read -r line; do
  id=\${line#*'"id":'}; id=\${id%%,*}
  result='{"status":"success"}'
  case $line in
    *'"method":"initialize"'*) result='${said(false)}' ;;
    *'"method":"post-plan-resource"'*) sleep ${waitMs / 1_000} ;;
  esac
  printf '{"jsonrpc":"2.0","id":%s,"result":%s}\\n' "$id" "$result"
done
`;
}
